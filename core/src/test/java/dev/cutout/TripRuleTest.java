package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trip rules as values: their text, and what their setters refuse. How they judge is in {@link WindowOracleTest}. */
class TripRuleTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Test
    void aRulePrintsAsItIsWrittenInSettings() {
        assertThat(TripRule.consecutive(5)).hasToString("5 consecutive");
        assertThat(TripRule.failures(5).within(TEN_SECONDS)).hasToString("5 failures within 10s");
        assertThat(TripRule.failures(1).within(TEN_SECONDS)).hasToString("1 failure within 10s");
        assertThat(TripRule.failureRate(0.5).overCalls(100).atLeast(20))
                .hasToString("50% of last 100 calls, at least 20");
        assertThat(TripRule.failureRate(1).overCalls(1).atLeast(1)).hasToString("100% of last 1 call, at least 1");
        assertThat(TripRule.slowRate(0.8).overTime(TEN_SECONDS).atLeast(20))
                .hasToString("80% slow of last 10s, at least 20");
        assertThat(TripRule.failureRate(0.123456)
                        .overTime(Duration.ofMillis(1500))
                        .atLeast(2))
                .hasToString("12.3456% of last 1500ms, at least 2");
        assertThat(TripRule.consecutive(5).or(TripRule.consecutive(6)).or(TripRule.consecutive(7)))
                .hasToString("5 consecutive or 6 consecutive or 7 consecutive");
    }

    @Property(tries = 500)
    void everyRateOfSixDecimalsIsKeptExactly(@ForAll @IntRange(min = 1, max = 1_000_000) int millionths) {
        TripRule rule = TripRule.failureRate(millionths / 1e6).overCalls(10).atLeast(1);
        String percent = rule.toString().substring(0, rule.toString().indexOf('%'));

        assertThat(new BigDecimal(percent).movePointRight(4).intValueExact()).isEqualTo(millionths);
    }

    @Test
    void rulesAreEqualWhenTheySayTheSame() {
        TripRule rate =
                TripRule.failureRate(0.5).overTime(Duration.ofMinutes(1)).atLeast(20);
        TripRule same =
                TripRule.failureRate(0.50).overTime(Duration.ofSeconds(60)).atLeast(20);

        assertThat(rate).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(List.of(
                        rate,
                        TripRule.slowRate(0.5).overTime(Duration.ofMinutes(1)).atLeast(20),
                        TripRule.failureRate(0.500001)
                                .overTime(Duration.ofMinutes(1))
                                .atLeast(20),
                        TripRule.failureRate(0.5)
                                .overTime(Duration.ofMinutes(2))
                                .atLeast(20),
                        TripRule.failureRate(0.5)
                                .overTime(Duration.ofMinutes(1))
                                .atLeast(21),
                        TripRule.failureRate(0.5).overCalls(60).atLeast(20),
                        rate.or(TripRule.consecutive(5)),
                        TripRule.consecutive(5).or(rate)))
                .doesNotHaveDuplicates();
        assertThat(rate).isNotEqualTo(rate.toString());
        assertThat(rate).doesNotHaveSameHashCodeAs(TripRule.consecutive(5));
    }

    /** A window of a million calls a second over a year holds more answers than can be multiplied by a million in a long. */
    @Test
    void anAnswerThatComesTooLateToPreventTheOpeningDoesNotMakeItLookUnfounded() {
        TripRule rule = TripRule.consecutive(5);
        Window streak = rule.windowKind().fresh(0);
        for (int i = 0; i < 5; i++) {
            rule.failed(streak, false, 0);
        }
        streak.success(false, 0); // between the fifth failure and the telling of it
        streak.failure(false, 0);
        assertThat(rule.findings(streak, 0)).isEqualTo("1 failure in a row");
        assertThat(rule.evidence(streak, 0)).isEqualTo("5 failures in a row");
    }

    @Test
    void sharesOfMoreCallsThanALongCanMultiplyAreComparedExactly() {
        long calls = 30_000_000_000_000L;

        assertThat(TripRule.Percent.isReached(calls / 2, calls, 500_000)).isTrue();
        assertThat(TripRule.Percent.isReached(calls / 2 - 1, calls, 500_000)).isFalse();
        assertThat(TripRule.Percent.isReached(calls, calls, 500_000)).isTrue();
    }

    @Test
    void aRuleThatWouldStandTwiceIsRefused() {
        TripRule five = TripRule.consecutive(5);
        TripRule rate = TripRule.failureRate(0.5).overCalls(100).atLeast(20);

        refuses(() -> five.or(TripRule.consecutive(5)), "\"5 consecutive\" stands twice; leave one out.");
        refuses(
                () -> five.or(rate).or(TripRule.consecutive(6).or(rate)),
                "\"50% of last 100 calls, at least 20\" stands twice; leave one out.");
    }

    @Test
    void numbersHaveBounds() {
        refuses(() -> TripRule.consecutive(0), "Consecutive failures: 0 is not allowed; give 1 to 1,000,000.");
        refuses(
                () -> TripRule.consecutive(1_000_001),
                "Consecutive failures: 1,000,001 is not allowed; give 1 to 1,000,000.");
        refuses(() -> TripRule.failures(0), "Failures within a time: 0 is not allowed; give 1 to 10,000.");
        refuses(() -> TripRule.failures(10_001), "Failures within a time: 10,001 is not allowed; give 1 to 10,000.");
        refuses(
                () -> TripRule.failureRate(0.5).overCalls(0),
                "Calls in a window: 0 is not allowed; give 1 to 1,000,000.");
        refuses(
                () -> TripRule.failureRate(0.5).overTime(TEN_SECONDS).atLeast(0),
                "The minimum number of calls: 0 is not allowed; give 1 to 1,000,000.");
    }

    @Test
    void timesHaveBounds() {
        refuses(
                () -> TripRule.failures(5).within(Duration.ZERO),
                "The time of a trip rule: PT0S is not allowed; give whole milliseconds, 1ms to 8760h.");
        refuses(
                () -> TripRule.failureRate(0.5).overTime(Duration.ofDays(366)),
                "The time of a window: PT8784H is not allowed; give whole milliseconds, 1ms to 8760h.");
        refuses(
                () -> TripRule.failureRate(0.5).overTime(Duration.ofMillis(9)),
                "The time of a window is at least 10ms, since it is cut into ten slices; given 9ms.");
    }

    @Test
    void aMinimumThatTheWindowCannotHoldIsRefused() {
        refuses(
                () -> TripRule.slowRate(0.5).overCalls(10).atLeast(11),
                "A window of the last 10 calls never holds at least 11: lower the minimum or widen the window.");
        assertThat(TripRule.slowRate(0.5).overCalls(10).atLeast(10))
                .hasToString("50% slow of last 10 calls, at least 10");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, -0.0, 1.000001, 50, Double.NaN, Double.POSITIVE_INFINITY})
    void aRateIsAboveZeroAndAtMostOne(double rate) {
        String message = "A rate is above 0 and at most 1 (1 is 100 %), not " + rate + ".";

        refuses(() -> TripRule.failureRate(rate), message);
        refuses(() -> TripRule.slowRate(rate), message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1234567, 1e-7, Double.MIN_VALUE, 0.1 + 0.2})
    void aRateOfMoreThanSixDecimalsIsRefused(double rate) {
        refuses(
                () -> TripRule.failureRate(rate),
                "A rate has at most six decimals, that is four of a percent, so that it is compared exactly; given "
                        + rate + ".");
    }

    private static void refuses(Runnable setter, String message) {
        assertThatIllegalArgumentException().isThrownBy(setter::run).withMessage(message);
    }
}
