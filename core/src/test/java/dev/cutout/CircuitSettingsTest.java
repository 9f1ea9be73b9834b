package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings as a value, what their setters refuse, and the waits and leases they work out. */
class CircuitSettingsTest {
    private static final CircuitSettings CLASSIC = CircuitSettings.classic();
    private static final long YEAR_IN_MILLIS = Duration.ofDays(365).toMillis();

    // ---- what the setters refuse

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0015S", "PT8760H0.001S"})
    void everyTimeIsWholeMillisecondsUpToAYear(String text) {
        Duration time = Duration.parse(text);

        refuses(
                () -> CLASSIC.withWait(time),
                "The wait: " + time + " is not allowed; give whole milliseconds, 1ms to 8760h.");
        refuses(
                () -> CLASSIC.withWait(time, Duration.ofHours(1)),
                "The first wait: " + time + " is not allowed; give whole milliseconds, 1ms to 8760h.");
        refuses(
                () -> CLASSIC.withWait(Duration.ofMillis(1), time),
                "The longest wait: " + time + " is not allowed; give whole milliseconds, 1ms to 8760h.");
        refuses(
                () -> CLASSIC.withProbeWithin(time),
                "The time for a probe: " + time + " is not allowed; give whole milliseconds, 1ms to 8760h.");
        refuses(
                () -> CLASSIC.withSlow(time),
                "Slow: " + time + " is not allowed; give whole milliseconds, 1ms to 8760h.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.001S", "PT8760H"})
    void theShortestAndTheLongestTimeAreAllowed(String text) {
        Duration time = Duration.parse(text);
        CircuitSettings settings = CLASSIC.withWait(time).withProbeWithin(time).withSlow(time);

        assertThat(settings.firstWait()).isEqualTo(time);
        assertThat(settings.longestWait()).isEqualTo(time);
        assertThat(settings.probeWithin()).contains(time);
        assertThat(settings.slow()).contains(time);
    }

    @Test
    void aGrowingWaitHasToGrow() {
        refuses(
                () -> CLASSIC.withWait(Duration.ofMinutes(1), Duration.ofSeconds(1)),
                "The longest wait (1s) must be longer than the first (1m); for a wait that does not grow, give one time only.");
        refuses(
                () -> CLASSIC.withWait(Duration.ofSeconds(2), Duration.ofSeconds(2)),
                "The longest wait (2s) must be longer than the first (2s); for a wait that does not grow, give one time only.");
    }

    @Test
    void probesAreOneToAThousand() {
        refuses(() -> CLASSIC.withProbes(0), "Probes: 0 is not allowed; give 1 to 1,000.");
        refuses(() -> CLASSIC.withProbes(1_001), "Probes: 1,001 is not allowed; give 1 to 1,000.");
        refuses(() -> CLASSIC.withProbes(1, -1), "Probes: -1 is not allowed; give 1 to 1,000.");
        assertThat(CLASSIC.withProbes(1_000).probesNeeded()).isEqualTo(1_000);
    }

    @Test
    void noMoreProbesCanBeNeededThanThereAre() {
        refuses(() -> CLASSIC.withProbes(4, 3), "Good probes needed of 3: 4 is not allowed; give 1 to 3.");
        refuses(() -> CLASSIC.withProbes(0, 3), "Good probes needed of 3: 0 is not allowed; give 1 to 3.");
        assertThat(CLASSIC.withProbes(3, 3)).isEqualTo(CLASSIC.withProbes(3));
    }

    @Test
    void theLimitIsOneToAMillion() {
        refuses(() -> CLASSIC.withLimit(0), "The limit on calls in flight: 0 is not allowed; give 1 to 1,000,000.");
        refuses(
                () -> CLASSIC.withLimit(1_000_001),
                "The limit on calls in flight: 1,000,001 is not allowed; give 1 to 1,000,000.");
        assertThat(CLASSIC.withLimit(1_000_000).limit()).hasValue(1_000_000);
    }

    @Test
    void aRuleForSlowCallsWantsToKnowWhatIsSlow() {
        TripRule slow = TripRule.slowRate(0.8).overCalls(100).atLeast(20);
        String message = "The trip rule \"%s\" judges slow calls, but nothing says what is slow: set slow first, "
                + "for example withSlow(Duration.ofSeconds(2)) or \"slow 2s\".";

        refuses(() -> CLASSIC.withTrip(slow), message.formatted(slow));
        TripRule either = TripRule.consecutive(5).or(slow);
        refuses(() -> CLASSIC.withTrip(either), message.formatted(either));
        assertThat(CLASSIC.withSlow(Duration.ofSeconds(2)).withTrip(either).trip())
                .isEqualTo(either);
    }

    // ---- a value

    @Test
    void theClassicCircuitIsFiveInARowThirtySecondsOneProbe() {
        assertThat(CLASSIC).hasToString("trip 5 consecutive; wait 30s; probes 1");
        assertThat(CLASSIC.trip()).isEqualTo(TripRule.consecutive(5));
        assertThat(CLASSIC.firstWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(CLASSIC.longestWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(CLASSIC.probes()).isEqualTo(1);
        assertThat(CLASSIC.probesNeeded()).isEqualTo(1);
        assertThat(CLASSIC.probeWithin()).isEmpty();
        assertThat(CLASSIC.slow()).isEmpty();
        assertThat(CLASSIC.limit()).isEmpty();
    }

    @Test
    void settingsAreEqualWhenTheySayTheSame() {
        CircuitSettings one =
                CLASSIC.withWait(Duration.ofSeconds(60)).withLimit(7).withSlow(Duration.ofSeconds(2));
        CircuitSettings other =
                CLASSIC.withSlow(Duration.ofSeconds(2)).withLimit(7).withWait(Duration.ofMinutes(1));

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one).isNotEqualTo(one.toString());
        assertThat(one).isNotEqualTo(null);
    }

    @Test
    void settingsThatDifferInOnePartAreNotEqual() {
        List<CircuitSettings> different = List.of(
                CLASSIC,
                CLASSIC.withTrip(TripRule.consecutive(6)),
                CLASSIC.withTrip(TripRule.failures(5).within(Duration.ofSeconds(10))),
                CLASSIC.withWait(Duration.ofSeconds(31)),
                CLASSIC.withWait(Duration.ofSeconds(30), Duration.ofSeconds(31)),
                CLASSIC.withProbes(2),
                CLASSIC.withProbes(1, 2),
                CLASSIC.withProbeWithin(Duration.ofSeconds(30)),
                CLASSIC.withSlow(Duration.ofSeconds(30)),
                CLASSIC.withLimit(30));

        assertThat(different).doesNotHaveDuplicates();
        assertThat(different).extracting(CircuitSettings::hashCode).doesNotHaveDuplicates();
    }

    @Test
    void aSetterLeavesTheSettingsItIsCalledOnAlone() {
        String before = CLASSIC.toString();
        CLASSIC.withLimit(1).withProbes(2).withSlow(Duration.ofSeconds(1)).withWait(Duration.ofSeconds(1));

        assertThat(CLASSIC).hasToString(before);
    }

    @Test
    void aSetterReplacesWhatWasSetBefore() {
        assertThat(CLASSIC.withWait(Duration.ofSeconds(1), Duration.ofSeconds(9))
                        .withWait(Duration.ofSeconds(30)))
                .isEqualTo(CLASSIC);
        assertThat(CLASSIC.withProbes(2, 3).withProbes(1)).isEqualTo(CLASSIC);
    }

    // ---- waits

    @Test
    void aFixedWaitDrawsNothing() {
        Supplier<RandomGenerator> forbidden = () -> {
            throw new AssertionError("a fixed wait needs no chance");
        };

        assertThat(CLASSIC.drawWait(0, forbidden))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(CLASSIC.drawWait(Integer.MAX_VALUE, forbidden))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
    }

    @Test
    void aGrowingWaitDoublesUpToTheLongest() {
        CircuitSettings growing = CLASSIC.withWait(Duration.ofSeconds(1), Duration.ofSeconds(60));

        assertThat(waits(growing, FixedChance.LOWEST)).containsExactly(1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0);
        assertThat(waits(growing, FixedChance.HIGHEST)).containsExactly(2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0);
    }

    @Test
    void aLongestWaitJustAboveTheFirstIsNotExceeded() {
        CircuitSettings growing = CLASSIC.withWait(Duration.ofSeconds(10), Duration.ofSeconds(11));

        assertThat(waits(growing, FixedChance.LOWEST)).containsOnly(10.0);
        assertThat(waits(growing, FixedChance.HIGHEST)).containsOnly(11.0);
    }

    private static List<Double> waits(CircuitSettings settings, FixedChance drawn) {
        return IntStream.range(0, 8)
                .mapToObj(step -> settings.drawWait(step, () -> drawn) / 1e9)
                .toList();
    }

    @Property(tries = 1000)
    void everyWaitLiesBetweenItsHalfAndItsWhole(
            @ForAll @LongRange(min = 1, max = 31_535_999_999L) long firstMillis,
            @ForAll @LongRange(min = 1, max = 31_536_000_000L) long moreMillis,
            @ForAll @IntRange(max = 100) int step,
            @ForAll Random random) {
        long longestMillis = Math.min(firstMillis + moreMillis, YEAR_IN_MILLIS);
        CircuitSettings settings = CLASSIC.withWait(Duration.ofMillis(firstMillis), Duration.ofMillis(longestMillis));
        BigInteger first = millis(firstMillis);
        BigInteger longest = millis(longestMillis);
        BigInteger whole = first.shiftLeft(step + 1).min(longest);
        BigInteger half = whole.shiftRight(1).max(first);

        assertThat(settings.drawWait(step, () -> FixedChance.LOWEST)).isEqualTo(half.longValueExact());
        assertThat(settings.drawWait(step, () -> FixedChance.HIGHEST)).isEqualTo(whole.longValueExact());
        assertThat(settings.drawWait(step, () -> random)).isBetween(half.longValueExact(), whole.longValueExact());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {30, 31, 32, 42, 43, 44, 45, 61, 62, 63, 64, 1_000_000, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
    void aWaitThatGrewForeverIsTheLongest(int step) {
        CircuitSettings growing = CLASSIC.withWait(Duration.ofMillis(1), Duration.ofMinutes(1));

        assertThat(growing.drawWait(step, () -> FixedChance.LOWEST))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(growing.drawWait(step, () -> FixedChance.HIGHEST))
                .isEqualTo(Duration.ofSeconds(60).toNanos());
    }

    @Test
    void waitsAreDrawnEvenly() {
        CircuitSettings growing = CLASSIC.withWait(Duration.ofSeconds(10), Duration.ofMinutes(10));
        Random random = new Random(5);
        int[] quarters = new int[4];
        for (int i = 0; i < 40_000; i++) {
            quarters[(int) ((growing.drawWait(0, () -> random) / 1e9 - 10) * 4 / 10)]++;
        }

        // 10,000 expected in each; the seed is fixed, so this cannot fail by chance.
        for (int quarter : quarters) {
            assertThat(quarter).isBetween(9_700, 10_300);
        }
    }

    // ---- leases

    @Test
    void aLeaseIsAsLongAsTheWaitUnlessItIsSet() {
        long wait = Duration.ofSeconds(7).toNanos();

        assertThat(CLASSIC.lease(wait, 0)).isEqualTo(wait);
        assertThat(CLASSIC.withProbeWithin(Duration.ofSeconds(2)).lease(wait, 0))
                .isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void eachLapseDoublesTheLeaseUpToTenMinutes() {
        CircuitSettings settings = CLASSIC.withProbeWithin(Duration.ofMinutes(1));

        assertThat(IntStream.range(0, 6).mapToObj(lapsed -> settings.lease(1, lapsed) / 60e9))
                .containsExactly(1.0, 2.0, 4.0, 8.0, 10.0, 10.0);
    }

    @Test
    void aLeaseLongerThanTenMinutesStaysAsItIs() {
        CircuitSettings settings = CLASSIC.withProbeWithin(Duration.ofHours(1));

        assertThat(IntStream.of(0, 1, 2, 20, 21, 22, 23, 100).mapToObj(lapsed -> settings.lease(1, lapsed)))
                .containsOnly(Duration.ofHours(1).toNanos());
    }

    @Property(tries = 1000)
    void leasesNeverOverflow(
            @ForAll @LongRange(min = 1, max = 31_536_000_000L) long millis, @ForAll @IntRange(max = 200) int lapsed) {
        BigInteger lease = millis(millis);
        BigInteger longest = lease.max(BigInteger.valueOf(Duration.ofMinutes(10).toNanos()));
        long expected = lease.shiftLeft(lapsed).min(longest).longValueExact();

        assertThat(CLASSIC.withProbeWithin(Duration.ofMillis(millis)).lease(1, lapsed))
                .isEqualTo(expected);
        assertThat(CLASSIC.lease(lease.longValueExact(), lapsed)).isEqualTo(expected);
    }

    @Test
    void slownessInNanosecondsIsBeyondReachWhereNothingIsSlow() {
        assertThat(CLASSIC.slowNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(CLASSIC.withSlow(Duration.ofMillis(3)).slowNanos()).isEqualTo(3_000_000);
    }

    private static BigInteger millis(long millis) {
        return BigInteger.valueOf(millis).multiply(BigInteger.valueOf(1_000_000));
    }

    private static void refuses(Runnable setter, String message) {
        assertThatIllegalArgumentException().isThrownBy(setter::run).withMessage(message);
    }
}
