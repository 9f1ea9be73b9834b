package dev.cutout;

import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.ignore;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adaptive circuit, as its user sees it. How well it decides is measured in the simulator. */
class AdaptiveTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<CircuitEvent> told = new ArrayList<>();
    private final CircuitBreaker circuit = breaker(CircuitSettings.adaptive());

    private CircuitBreaker breaker(CircuitSettings settings) {
        return CircuitBreaker.builder("it")
                .settings(settings)
                .ticker(ticker)
                .random(() -> FixedChance.MIDDLE)
                .onEvent(told::add)
                .buildUnannounced();
    }

    /** Fails with so much time between the calls until the circuit opens; returns how many it took. */
    private int failUntilOpen(Duration between) {
        for (int failures = 1; failures <= 100; failures++) {
            ticker.advance(between);
            fail(circuit);
            if (circuit.state() == CircuitState.OPEN) {
                return failures;
            }
        }
        throw new AssertionError("still " + circuit);
    }

    /** Opened, with the first probe due. */
    private void openWithProbeDue() {
        failUntilOpen(Duration.ofMillis(10));
        ticker.advanceMillis(100);
    }

    /** Half-open, nothing under way, the first probe and {@code more} calls answered well. */
    private void rampAfter(int more) {
        openWithProbeDue();
        fail(circuit); // so that it is known how long failures take
        ticker.advanceSeconds(60);
        succeed(circuit, 1 + more);
        assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
    }

    @Nested
    class Tripping {
        @ParameterizedTest(name = "a call every {0} ms: open after {1} failures")
        @CsvSource({"0, 9", "1, 7", "10, 6", "100, 5", "5000, 3", "60000, 3"})
        void aHandfulOfFailuresOpensAtAnyTraffic(int millis, int failures) {
            assertThat(failUntilOpen(Duration.ofMillis(millis))).isEqualTo(failures);
        }

        @Test
        void twoFailuresNeverOpenWhateverTheTraffic() {
            fail(circuit);
            ticker.advance(Duration.ofDays(300));
            fail(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @ParameterizedTest(name = "one of {0} calls fails")
        @ValueSource(ints = {100, 50, 10, 5, 3})
        void aSteadyShareOfFailuresBelowOneHalfOpensNothing(int oneOf) {
            Random chance = new Random(1);
            int refused = 0;
            for (int i = 0; i < 10_000; i++) {
                ticker.advanceMillis(10);
                Permit permit = circuit.tryAcquire();
                if (permit == null) {
                    refused++;
                } else if (chance.nextInt(oneOf) == 0) {
                    permit.failure(new IOException("one of many"));
                } else {
                    permit.success();
                }
            }
            assertThat(told)
                    .noneMatch(event ->
                            event instanceof CircuitEvent.Opened opened && opened.from() == CircuitState.CLOSED);
            assertThat(refused).as("refused of 10,000").isLessThan(200);
        }

        @Test
        void ignoredAnswersAreNoEvidence() {
            fail(circuit, 3);
            double before = circuit.suspicion();
            for (int i = 0; i < 100; i++) {
                ignore(circuit);
            }
            assertThat(circuit.suspicion()).isEqualTo(before);
        }

        @Test
        void theOpeningSaysWhatWasSeenHowUnlikelyItIsAndWhenTheNextProbeIsDue() {
            failUntilOpen(Duration.ofMillis(10));
            assertThat(told.get(0))
                    .hasToString(
                            "Circuit 'it' opened: 6 net failures in 6 answers within 50 ms, by chance less than once in"
                                    + " 4,364,711 answers, the last dev.cutout.PlayedCalls$Outage; next probe in 100 ms");
        }
    }

    @Nested
    class Suspecting {
        @Test
        void oneFailureIsNoSuspicionAndMayBeRetried() {
            assertThat(circuit.suspicion()).isZero();
            fail(circuit);
            assertThat(circuit.suspicion()).isZero();
            assertThat(circuit.retryAdvised()).isTrue();
        }

        @Test
        void itRisesWithEachFailureFallsWithEachSuccessAndIsOneWhileOpen() {
            fail(circuit, 2);
            double two = circuit.suspicion();
            assertThat(two).isBetween(0.05, 0.5);
            assertThat(circuit.retryAdvised()).isFalse();
            fail(circuit);
            assertThat(circuit.suspicion()).isGreaterThan(two);
            succeed(circuit, 3);
            assertThat(circuit.suspicion()).isZero();
            failUntilOpen(Duration.ZERO);
            assertThat(circuit.suspicion()).isEqualTo(1);
        }

        @Test
        void everyRuleHasOne() {
            CircuitBreaker classic = breaker(CircuitSettings.classic());
            fail(classic);
            assertThat(classic.suspicion()).isZero();
            fail(classic, 2);
            assertThat(classic.suspicion()).isEqualTo(0.5);

            CircuitBreaker rate = breaker(CircuitSettings.parse("trip 50% of last 10 calls, at least 10"));
            fail(rate, 2);
            assertThat(rate.suspicion()).isZero();
            fail(rate, 2);
            assertThat(rate.suspicion()).isEqualTo(0.6, org.assertj.core.data.Offset.offset(1e-9));

            CircuitBreaker within = breaker(CircuitSettings.parse("trip 3 failures within 10s or 9 consecutive"));
            fail(within, 2);
            assertThat(within.suspicion()).isEqualTo(0.5);
            ticker.advanceSeconds(20);
            succeed(within);
            assertThat(within.suspicion()).isZero();
        }
    }

    @Nested
    class WhileOpen {
        @Test
        void theFirstProbeGoesAfterAHundredMillisecondsAndTheKthAtTheCallThatIsTheSquareOfK() {
            failUntilOpen(Duration.ofMillis(10));
            List<Integer> probes = new ArrayList<>();
            for (int call = 1; call <= 400; call++) {
                ticker.advanceMillis(100);
                Permit permit = circuit.tryAcquire();
                if (permit != null) {
                    probes.add(call);
                    permit.failure(new IOException("still down"));
                }
            }
            assertThat(probes).startsWith(1, 4, 9, 16, 25, 36, 49).hasSize(20);
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            assertThat(told).as("probes that fail change nothing").hasSize(1);
        }

        @Test
        void noProbeSoonerThanTheShortestAndOneAtLeastInTheLongestTime() {
            CircuitBreaker own = breaker(CircuitSettings.parse("trip 1 consecutive; wait adaptive 1s to 10s"));
            fail(own);
            ticker.advanceMillis(999);
            refusal(own);
            ticker.advanceMillis(1);
            fail(own);
            for (int i = 0; i < 1000; i++) {
                refusal(own); // calls alone do not bring the next probe
            }
            ticker.advanceMillis(999);
            refusal(own);
            ticker.advanceMillis(1);
            fail(own);
            ticker.advanceSeconds(10);
            fail(own);
        }

        @Test
        void aProbeThatDoesNotFailAsFastAsTheOthersLetsAnotherFollow() {
            openWithProbeDue();
            fail(circuit);
            ticker.advanceSeconds(60);
            Permit slow = circuit.acquire();
            refusal(circuit);
            ticker.advanceMillis(101);
            Permit following = circuit.acquire();
            assertThat(circuit.snapshot().probesUnderWay()).isEqualTo(2);
            refusal(circuit);
            slow.success();
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
            following.success(); // of a stay that is over
            assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
        }

        @Test
        void aProbeIsALease() {
            openWithProbeDue();
            Permit lost = circuit.acquire();
            ticker.advanceSeconds(60);
            assertThat(circuit.snapshot().probesUnderWay()).isZero();
            lost.success();
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
        }

        @Test
        void anIgnoredProbeIsGivenBack() {
            openWithProbeDue();
            ignore(circuit);
            ticker.advanceMillis(100);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        }

        @Test
        void aServerMayAskForMoreTime() {
            Classifier classifier =
                    Classifier.standard().retryAfter(IOException.class, busy -> Optional.of(Duration.ofSeconds(30)));
            CircuitBreaker own = CircuitBreaker.builder("it")
                    .settings(CircuitSettings.parse("trip 1 consecutive; wait adaptive"))
                    .classifier(classifier)
                    .ticker(ticker)
                    .random(() -> FixedChance.MIDDLE)
                    .buildUnannounced();
            own.acquire().failure(new IOException("busy"));
            assertThat(own.snapshot().probeDue()).contains(Duration.ofSeconds(30));
            ticker.advanceMillis(29_999);
            refusal(own);
            ticker.advanceMillis(1);
            own.acquire().failure(new IOException("busy")); // a probe that fails may ask again
            ticker.advanceMillis(29_999);
            refusal(own);
            ticker.advanceSeconds(31); // a floor: when a probe goes is for the circuit to say
            succeed(own);
        }

        @Test
        void aCallThatMustNotProbeIsRefusedAndAnotherGoes() {
            openWithProbeDue();
            assertThat(circuit.notAsProbe().tryAcquire()).isNull();
            assertThat(circuit.notAsProbe().<String, RuntimeException>call(() -> "sent", refused -> "refused"))
                    .isEqualTo("refused");
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
            assertThat(circuit.notAsProbe().tryAcquire())
                    .as("still as good as a probe")
                    .isNull();
            succeed(circuit, 4);
            circuit.notAsProbe().run(() -> {});
        }

        @Test
        void aCallThatIsAProbeAtLastGoesWhenTheProbeIsAsLateAgain() {
            openWithProbeDue(); // due 100 ms after the opening
            assertThat(circuit.asLastResortProbe().tryAcquire()).isNull();
            ticker.advanceMillis(99);
            assertThat(circuit.asLastResortProbe().tryAcquire()).isNull();
            ticker.advanceMillis(1);
            Permit probe = circuit.asLastResortProbe().acquire();
            assertThat(probe.isProbe()).isTrue();
            probe.success();
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
            assertThat(circuit.asLastResortProbe().tryAcquire())
                    .as("still as good as a probe")
                    .isNull();
            ticker.advanceMillis(100);
            Permit paced = circuit.asLastResortProbe().acquire();
            assertThat(paced.isProbe()).isFalse();
            paced.success();
        }

        @Test
        void atLastMeansOneMoreWaitInTheClassicCircuit() {
            CircuitBreaker classic = breaker(CircuitSettings.parse("trip 1 consecutive; wait 10s; probes 2"));
            fail(classic);
            ticker.advanceMillis(19_999);
            assertThat(classic.asLastResortProbe().tryAcquire()).isNull();
            ticker.advanceMillis(1);
            classic.asLastResortProbe().acquire().success();
            assertThat(classic.asLastResortProbe().tryAcquire()).isNull();
            ticker.advanceSeconds(10);
            classic.asLastResortProbe().acquire().success();
            assertThat(classic.state()).isEqualTo(CircuitState.CLOSED);
            Permit ordinary = classic.asLastResortProbe().acquire();
            assertThat(ordinary.isProbe()).isFalse();
            ordinary.success();
        }

        @Test
        void classicProbesAreNotForSuchCallsEither() {
            CircuitBreaker classic = breaker(CircuitSettings.parse("trip 1 consecutive; wait 1s; probes 2"));
            fail(classic);
            ticker.advanceSeconds(1);
            assertThat(classic.notAsProbe().tryAcquire()).isNull();
            succeed(classic);
            assertThat(classic.notAsProbe().tryAcquire()).isNull();
            succeed(classic);
            classic.notAsProbe().acquire().success();
        }
    }

    @Nested
    class OnTheRamp {
        @Test
        void theFirstGoodProbeHalfOpensAndAFailureAmongTheFirstFiveAnswersOpensAgain() {
            rampAfter(3);
            fail(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            assertThat(told.get(told.size() - 1).toString())
                    .contains("opened: a failure among the first 5 answers, the last dev.cutout.PlayedCalls$Outage");
        }

        @Test
        void oneMoreCallMayBeUnderWayForEachSuccess() {
            rampAfter(0);
            List<Permit> underWay = new ArrayList<>();
            for (int window = 1; window <= 5; window++) {
                while (underWay.size() < window) {
                    underWay.add(circuit.acquire());
                }
                assertThat(refusal(circuit).reason()).isEqualTo(Refusal.Reason.RAMP);
                underWay.remove(0).success();
            }
        }

        @Test
        void itClosesWhenSixtyCallsInARowFoundNothingInTheirWay() {
            rampAfter(59);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            assertThat(told.get(told.size() - 1))
                    .hasToString(
                            "Circuit 'it' closed: 60 calls in a row found nothing in their way, 60 of 60 answers were good");
        }

        @Test
        void failuresInARowAreAWallAndOpenAgain() {
            rampAfter(20);
            fail(circuit, 2);
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        }

        @Test
        void callsThatAreNeverAnsweredOpenAgainAndTheirAnswersAreLate() {
            rampAfter(5);
            Permit lost = circuit.acquire();
            ticker.advanceSeconds(120);
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            lost.success();
            assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
            assertThat(told.get(told.size() - 1).toString()).contains("a call was not answered within 60 s");
        }

        @Test
        void nothingIsKeptBackForLongWhereNobodyCalls() {
            rampAfter(0);
            ticker.advanceSeconds(10);
            List<Permit> batch = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                batch.add(circuit.acquire());
            }
            batch.forEach(Permit::success);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }
    }

    @Nested
    class UnderTooMuchLoad {
        private double tokens;

        /** A call every 5 ms to a dependency that has room for this part of them and refuses the rest at once. Returns how many were sent and how many failed. */
        private int[] seconds(int seconds, double room) {
            int sent = 0;
            int failed = 0;
            for (int call = 0; call < 200 * seconds; call++) {
                ticker.advanceMillis(5);
                tokens = Math.min(3, tokens + room);
                Permit permit = circuit.tryAcquire();
                if (permit == null) {
                    continue;
                }
                sent++;
                if (tokens >= 1) {
                    tokens--;
                    permit.success();
                } else {
                    failed++;
                    permit.failure(new IOException("too many"));
                }
            }
            return new int[] {sent, failed};
        }

        @Test
        void aShareIsLetThroughWhereFewerCallsFareBetter() {
            seconds(5, 0.65);
            int[] later = seconds(20, 0.65);
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
            assertThat(circuit.snapshot().evidence()).contains("% of the calls");
            assertThat(later[1]).as("failed of " + later[0] + " sent").isLessThan(later[0] / 7);
            assertThat(later[0] - later[1]).as("good calls of 2,600 possible").isGreaterThan(1_900);
            assertThat(told).noneMatch(event -> event instanceof CircuitEvent.Opened);
        }

        @Test
        void theShareIsGivenBackWhenThereIsRoomAgain() {
            seconds(20, 0.65);
            seconds(30, 1);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }
    }

    @Nested
    class Orders {
        @Test
        void aHoldSurvivesProbingAndItsReleaseProbes() {
            failUntilOpen(Duration.ofMillis(10));
            long generation = circuit.snapshot().generation();
            circuit.hold(Hold.open().because("maintenance").by("ana"));
            assertThat(circuit.snapshot().generation()).isEqualTo(generation);
            ticker.advanceSeconds(600);
            assertThat(refusal(circuit).reason()).isEqualTo(Refusal.Reason.HELD);
            circuit.release();
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        }

        @Test
        void heldOpenFromClosedItResumesAtProbing() {
            circuit.hold(Hold.open().because("maintenance").by("ana"));
            circuit.release();
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        }

        @Test
        void resetClosesFromAnywhere() {
            rampAfter(3);
            circuit.reset();
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            failUntilOpen(Duration.ofMillis(10));
            circuit.reset();
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void otherSettingsWhileOpenCountFromTheOpening() {
            failUntilOpen(Duration.ofMillis(10));
            circuit.reconfigure(CircuitSettings.classic());
            assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(30));
            ticker.advanceSeconds(30);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);

            fail(circuit, 5);
            circuit.reconfigure(CircuitSettings.adaptive());
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        }

        @Test
        void whileObservingNothingIsRefusedAndTheMachineGoesOn() {
            circuit.hold(Hold.observing().because("to see").by("ana"));
            failUntilOpen(Duration.ofMillis(10));
            int probes = 0;
            for (int i = 0; i < 100; i++) {
                ticker.advanceMillis(100);
                long before = circuit.snapshot().counts().probes();
                fail(circuit);
                probes += (int) (circuit.snapshot().counts().probes() - before);
            }
            assertThat(probes).isBetween(8, 12);
            assertThat(circuit.snapshot().counts().refused()).isEmpty();
        }
    }
}
