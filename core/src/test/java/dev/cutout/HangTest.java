package dev.cutout;

import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that are under way for too long are evidence before they return: {@code hang 2s}, {@code hang learnt}. */
class HangTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<CircuitEvent> told = new ArrayList<>();
    private final List<Permit> underWay = new ArrayList<>();

    private CircuitBreaker breaker(String settings) {
        return CircuitBreaker.builder("it")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .random(() -> FixedChance.MIDDLE)
                .onEvent(told::add)
                .buildUnannounced();
    }

    /** So many calls begin, one every so many milliseconds, and none is answered. */
    private void begin(CircuitBreaker circuit, int calls, long everyMillis) {
        for (int i = 0; i < calls; i++) {
            underWay.add(circuit.acquire());
            ticker.advanceMillis(everyMillis);
        }
    }

    @Nested
    class WithATimeGiven {
        private final CircuitBreaker circuit = breaker("classic; hang 2s");

        @Test
        void asManyCallsAsWouldOpenByFailingOpenWhenTheyAreUnderWayForLonger() {
            begin(circuit, 5, 250); // the fifth began 1 s after the first
            ticker.advanceMillis(1_749); // now 2.999 s
            underWay.add(circuit.acquire());
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            ticker.advanceMillis(250);
            assertThat(refusal(circuit).reason()).isEqualTo(Refusal.Reason.OPEN);
            assertThat(told)
                    .extracting(Object::toString)
                    .containsExactly(
                            "Circuit 'it' opened: 5 calls in a row are not answered within 2 s; next probe in 30 s");
        }

        @Test
        void theAnswersThatComeAfterItAreLate() {
            begin(circuit, 6, 250);
            ticker.advanceSeconds(2);
            refusal(circuit);
            underWay.forEach(Permit::success);
            assertThat(circuit.snapshot().counts().late()).isEqualTo(6);
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        }

        @Test
        void failuresBeforeItCountToo() {
            fail(circuit, 3);
            begin(circuit, 3, 250);
            ticker.advanceSeconds(3);
            refusal(circuit);
        }

        @Test
        void oneSlowCallAmongOthersIsNoHang() {
            begin(circuit, 1, 10);
            for (int i = 0; i < 100; i++) {
                ticker.advanceMillis(500);
                succeed(circuit);
            }
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void whateverIsAnsweredIsNotHanging() {
            for (int i = 0; i < 100; i++) {
                ticker.advanceSeconds(3);
                circuit.acquire().ignore();
            }
            fail(circuit, 4);
            ticker.advanceSeconds(3);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void aCallThatIsCancelledLaterThanThatHasFailed() {
            for (int i = 0; i < 5; i++) {
                Permit permit = circuit.acquire();
                ticker.advanceMillis(2_001);
                permit.record(new CancellationException());
            }
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        }

        @Test
        void aCallThatIsCancelledSoonerIsIgnored() {
            for (int i = 0; i < 20; i++) {
                Permit permit = circuit.acquire();
                ticker.advanceMillis(2_000);
                permit.record(new CancellationException());
            }
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void heldClosedItStaysSo() {
            circuit.hold(Hold.closed().because("to see").by("ana"));
            begin(circuit, 20, 250);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void otherSettingsBeginToWatchAnew() {
            begin(circuit, 6, 250);
            ticker.advanceSeconds(2);
            circuit.reconfigure(CircuitSettings.parse("classic; hang 10s"));
            begin(circuit, 6, 250);
            ticker.advanceSeconds(9);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            circuit.reconfigure(CircuitSettings.classic());
            begin(circuit, 6, 250);
            ticker.advanceSeconds(100);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @ParameterizedTest(name = "{0}: {1} calls")
        @CsvSource(
                delimiter = '|',
                value = {
                    "trip 3 consecutive; hang 1s                                  | 3",
                    "trip 4 failures within 10s; hang 1s                          | 4",
                    "trip 50% of last 10 calls, at least 6; hang 1s               | 6",
                    "trip 50% of last 10s, at least 7; hang 1s                    | 7",
                    "trip 9 consecutive or 4 failures within 10s; hang 1s         | 4",
                    "adaptive; hang 1s                                            | 4"
                })
        void everyRuleTakesThemForFailures(String settings, int calls) {
            CircuitBreaker own = breaker(settings);
            begin(own, calls - 1, 125);
            ticker.advanceSeconds(1);
            underWay.add(own.acquire());
            assertThat(own.state()).isEqualTo(CircuitState.CLOSED);
            ticker.advanceSeconds(1);
            assertThat(refusal(own).reason()).isEqualTo(Refusal.Reason.OPEN);
        }

        @Test
        void aRuleForSlowCallsAloneKnowsNoHang() {
            CircuitBreaker own = breaker("trip 50% slow of last 10 calls, at least 2; slow 1s; hang 1s");
            begin(own, 20, 250);
            succeed(own);
            assertThat(own.state()).isEqualTo(CircuitState.CLOSED);
        }
    }

    @Nested
    class Learnt {
        private final CircuitBreaker circuit = breaker("adaptive; hang learnt");

        private void answers(int calls, long millis) {
            for (int i = 0; i < calls; i++) {
                Permit permit = circuit.acquire();
                ticker.advanceMillis(millis);
                permit.success();
            }
        }

        @Test
        void twiceAsLongAsAnswersTookIsTooLong() {
            answers(100, 300);
            begin(circuit, 6, 100);
            underWay.add(circuit.acquire()); // one began 0.6 s ago
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            ticker.advanceMillis(600);
            refusal(circuit);
            assertThat(told.get(0).toString())
                    .contains("calls in a row are not answered within 600 ms, twice as long as answers took");
        }

        @Test
        void lessThanAFifthOfASecondIsNever() {
            answers(100, 1);
            begin(circuit, 20, 10);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            ticker.advanceMillis(100);
            refusal(circuit);
        }

        @Test
        void beforeAnySuccessNothingIs() {
            begin(circuit, 100, 1_000);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void whatTookLongIsForgottenAfterAFewHundredCalls() {
            answers(1, 30_000);
            answers(1_000, 50);
            begin(circuit, 5, 30);
            ticker.advanceMillis(200);
            refusal(circuit);
        }
    }

    /** Right after a trouble the adaptive circuit watches its step, whatever its settings say. */
    @Nested
    class AfterATrouble {
        private final CircuitBreaker circuit = breaker("adaptive");

        private void troubleAndRecovery() {
            for (int i = 0; i < 5; i++) {
                ticker.advanceMillis(100);
                fail(circuit);
            }
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            ticker.advanceSeconds(1);
            for (int i = 0; i < 100 && circuit.state() != CircuitState.CLOSED; i++) {
                Permit permit = circuit.acquire();
                ticker.advanceMillis(10);
                permit.success();
            }
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void aHangIsSeenAtOnce() {
            troubleAndRecovery();
            begin(circuit, 5, 100);
            ticker.advanceMillis(200);
            refusal(circuit);
        }

        @Test
        void butNotBefore() {
            begin(circuit, 50, 100);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void andForAMinuteOnly() {
            troubleAndRecovery();
            for (int i = 0; i < 61; i++) {
                ticker.advanceSeconds(1);
                succeed(circuit);
            }
            begin(circuit, 50, 100);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }
    }

    /** The counter and the notes against a list of all calls. */
    @Nested
    class AgainstAList {
        @ParameterizedTest
        @CsvSource({"1, 3", "2, 10", "3, 40", "4, 120", "5, 700"})
        void whatIsCountedIsOverdueAndHardlyAnythingIsMissed(long seed, int meanMillis) {
            long allowed = Duration.ofSeconds(1).toNanos();
            Overdue overdue = new Overdue(allowed, 0, ticker.nanos());
            Random chance = new Random(seed);
            List<Long> calls = new ArrayList<>();
            long latestAnswered = ticker.nanos();
            for (int i = 0; i < 3_000; i++) {
                ticker.advance(Duration.ofNanos(chance.nextLong(2_000_000L * meanMillis)));
                long now = ticker.nanos();
                boolean looks = overdue.begins(now);
                calls.add(now);
                if (looks) {
                    long latest = latestAnswered;
                    long certain = calls.stream()
                            .filter(call -> call - latest > 0)
                            .filter(call -> now - call >= allowed)
                            .count();
                    assertThat(overdue.count(now)).isBetween(0L, certain);
                    long slice = Duration.ofNanos(allowed / 8)
                            .plusMillis(2L * meanMillis)
                            .toNanos();
                    long within = calls.stream()
                            .filter(call -> call - latest > slice)
                            .filter(call -> now - call >= allowed + slice)
                            .filter(call -> now - call < 2 * allowed - slice)
                            .count();
                    assertThat(overdue.count(now)).isGreaterThanOrEqualTo(within);
                }
                if (chance.nextInt(100) < (i / 300 % 2 == 0 ? 50 : 1)) {
                    long answered = calls.get(chance.nextInt(Math.max(0, calls.size() - 30), calls.size()));
                    overdue.answered(answered, ticker.nanos(), Outcome.FAILURE);
                    if (answered - latestAnswered > 0) {
                        latestAnswered = answered;
                    }
                }
            }
        }
    }
}
