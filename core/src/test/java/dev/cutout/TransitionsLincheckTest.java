package dev.cutout;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens at once, each transition is made by exactly one thread and told by exactly one event; {@link History} says what
 * must hang together.
 */
class TransitionsLincheckTest {
    /** Were the state written instead of exchanged, both threads would open the circuit, and one opening would never be told. */
    @Test
    void twoFailuresThatCrossTheThresholdOpenOnce() {
        Interleavings.validated(2, 1).iterations(1).invocationsPerIteration(150).check(Crossing.class);
    }

    /** Were the streak judged by a second look at it, a success between the two would hide the failure that completed it. */
    @Test
    void aSuccessNeverHidesACompletedStreak() {
        Interleavings.validated(2, 1).iterations(1).invocationsPerIteration(150).check(TripAgainstSuccess.class);
    }

    /** Were the answer told without a look at what is overdue, a probe would close the circuit after its lease. */
    @Test
    void aProbeAnswersOrLapsesButNotBoth() {
        Interleavings.validated(3, 1).iterations(1).invocationsPerIteration(150).check(AnswerAgainstLease.class);
    }

    /** Were the generation not compared once more before the circuit opens, a failure of before the reset would open it after. */
    @Test
    void anAnswerFromBeforeAResetNeverOpensTheCircuitAfterIt() {
        Interleavings.validated(2, 1).iterations(1).invocationsPerIteration(150).check(AnswerAgainstReset.class);
    }

    /** Were the window copied or begun anew, a failure that is counting at this moment would be lost. */
    @Test
    void newSettingsLoseNoAnswer() {
        Interleavings.validated(3, 1)
                .iterations(1)
                .invocationsPerIteration(200)
                .check(AnswersAgainstReconfiguration.class);
    }

    /** Were the state written instead of exchanged, an order would undo a transition that nobody would ever see. */
    @Test
    void ordersAndAnswersAtAClosedCircuit() {
        Interleavings.validated(2, 2).iterations(8).invocationsPerIteration(30).check(WhileClosed.class);
    }

    /** As above; the circuit has a probe under way, its lease ends within the scenario, and so does the wait after that. */
    @Test
    void ordersAndAnswersAtAHalfOpenCircuit() {
        Interleavings.validated(2, 2).iterations(8).invocationsPerIteration(30).check(WhileHalfOpen.class);
    }

    /** As above, where the circuit waits adaptively and a probe of the open circuit is under way, of which the lease ends within the scenario. */
    @Test
    void ordersAndAnswersAtACircuitThatProbesAdaptively() {
        Interleavings.validated(2, 2).iterations(8).invocationsPerIteration(30).check(WhileProbing.class);
    }

    /** As above, on the ramp, with a call under way. */
    @Test
    void ordersAndAnswersOnTheRamp() {
        Interleavings.validated(2, 2).iterations(8).invocationsPerIteration(30).check(WhileOnTheRamp.class);
    }

    private static void holds(boolean truth, String what) {
        if (!truth) {
            throw new IllegalStateException(what);
        }
    }

    /** One circuit, its clock, and what it tells. */
    public abstract static class Shared {
        static final CircuitSettings ONE = CircuitSettings.parse("trip 1 consecutive; wait 1s");
        static final CircuitSettings ADAPTIVE =
                CircuitSettings.parse("trip 1 consecutive; wait adaptive; probe within 1s");
        static final CircuitSettings TWO = CircuitSettings.parse("trip 2 consecutive; wait 1s");

        final HandWoundTicker ticker = new HandWoundTicker();
        final History history = new History();
        final CircuitSettings settings;
        final CircuitBreaker circuit;

        Shared(CircuitSettings settings) {
            this.settings = settings;
            circuit = CircuitBreaker.builder("shared")
                    .settings(settings)
                    .ticker(ticker)
                    .onEvent(history)
                    .buildUnannounced();
        }

        final CircuitSnapshot check() {
            return history.check(circuit, settings);
        }

        final void fail() {
            answer(new PlayedCalls.Outage());
        }

        final void succeed() {
            answer(null);
        }

        private void answer(Throwable thrown) {
            Permit permit = circuit.tryAcquire();
            if (permit != null) {
                permit.record(thrown);
            }
        }

        final void passWait() {
            ticker.advance(Duration.ofSeconds(1));
        }
    }

    /** Two calls under way, and the first failure opens. */
    public static final class Crossing extends Shared {
        private final Permit first = circuit.acquire();
        private final Permit second = circuit.acquire();

        public Crossing() {
            super(ONE);
        }

        @Operation(runOnce = true)
        public void firstFails() {
            first.failure(new PlayedCalls.Outage());
        }

        @Operation(runOnce = true)
        public void secondFails() {
            second.failure(new PlayedCalls.Outage());
        }

        @Validate
        public void openedOnce() {
            CircuitSnapshot now = check();
            holds(now.generation() == 2 && history.events().size() == 1, "not opened once");
            holds(now.state() == CircuitState.OPEN, "not open");
        }
    }

    /** One failure is counted and the second opens, unless a success comes between. */
    public static final class TripAgainstSuccess extends Shared {
        private final Permit bad;
        private final Permit good;

        public TripAgainstSuccess() {
            super(TWO);
            bad = circuit.acquire();
            good = circuit.acquire();
            fail();
        }

        @Operation(runOnce = true)
        public void failure() {
            bad.failure(new PlayedCalls.Outage());
        }

        @Operation(runOnce = true)
        public void success() {
            good.success();
        }

        @Validate
        public void eitherTheStreakWasBrokenBeforeOrTheCircuitIsOpen() {
            CircuitSnapshot now = check();
            holds(
                    now.state() == CircuitState.OPEN || now.evidence().equals("1 failure in a row"),
                    "the failure completed the streak, and the circuit is not open");
        }
    }

    /** A probe is under way, and its time is nearly over. */
    public static final class AnswerAgainstLease extends Shared {
        private final Permit probe;
        private volatile boolean lapsed;
        private volatile boolean answeredTooLate;

        public AnswerAgainstLease() {
            super(ONE);
            fail();
            passWait();
            probe = circuit.acquire();
        }

        @Operation(runOnce = true)
        public void probeSucceeds() {
            boolean tooLate = lapsed;
            probe.success();
            answeredTooLate = tooLate;
        }

        @Operation(runOnce = true)
        public void leaseEnds() {
            passWait();
            lapsed = true;
        }

        @Operation(runOnce = true)
        public void ask() {
            circuit.tryAcquire();
        }

        @Validate
        public void closedInTimeOrOpenAgain() {
            CircuitSnapshot now = check();
            boolean late = now.counts().late() == 1;
            holds(now.state() == (late ? CircuitState.OPEN : CircuitState.CLOSED), "the verdict is not the answer's");
            holds(late || !answeredTooLate, "the probe was answered after its lease, and closed the circuit");
            holds(history.events().size() == 3, "not one verdict");
        }
    }

    /** A call of before the reset is under way. */
    public static final class AnswerAgainstReset extends Shared {
        private final Permit old = circuit.acquire();

        public AnswerAgainstReset() {
            super(ONE);
        }

        @Operation(runOnce = true)
        public void oldCallFails() {
            old.failure(new PlayedCalls.Outage());
        }

        @Operation(runOnce = true)
        public void reset() {
            circuit.reset();
        }

        @Validate
        public void closedAndNothingCounted() {
            CircuitSnapshot now = check();
            holds(now.state() == CircuitState.CLOSED, "the old failure opened the circuit after the reset");
            holds(now.evidence().equals("0 failures in a row"), "the old failure counts after the reset");
        }
    }

    /** Two calls under way, and the settings change between rules that count the same. */
    public static final class AnswersAgainstReconfiguration extends Shared {
        private static final CircuitSettings THREE = TWO.withTrip(TripRule.consecutive(3));
        private static final CircuitSettings FOUR = TWO.withTrip(TripRule.consecutive(4));

        private final Permit first = circuit.acquire();
        private final Permit second = circuit.acquire();

        public AnswersAgainstReconfiguration() {
            super(FOUR);
        }

        @Operation(runOnce = true)
        public void firstFails() {
            first.failure(new PlayedCalls.Outage());
        }

        @Operation(runOnce = true)
        public void secondFails() {
            second.failure(new PlayedCalls.Outage());
        }

        @Operation(runOnce = true)
        public void reconfigure() {
            circuit.reconfigure(THREE);
        }

        @Validate
        public void bothFailuresCount() {
            holds(check().evidence().equals("2 failures in a row"), "a failure is lost");
            fail();
            holds(circuit.state() == CircuitState.OPEN, "the third failure did not open the circuit");
        }
    }

    /** Everything that callers and people can do to a circuit. */
    public abstract static class Everything extends Shared {
        private static final Hold HELD_OPEN = Hold.open();
        private static final Hold HELD_CLOSED = Hold.closed();
        private static final Hold HELD_OPEN_FOR_A_SECOND = Hold.open().until(Duration.ofSeconds(1));

        Everything(CircuitSettings settings) {
            super(settings);
        }

        @Operation
        public void callFails() {
            fail();
        }

        @Operation
        public void callSucceeds() {
            succeed();
        }

        @Operation
        public void secondPasses() {
            passWait();
        }

        @Operation
        public void holdOpen() {
            circuit.hold(HELD_OPEN);
        }

        @Operation
        public void holdOpenForASecond() {
            circuit.hold(HELD_OPEN_FOR_A_SECOND);
        }

        @Operation
        public void holdClosed() {
            circuit.hold(HELD_CLOSED);
        }

        @Operation
        public void release() {
            circuit.release();
        }

        @Operation
        public void reset() {
            circuit.reset();
        }

        @Operation
        public void reconfigure() {
            circuit.reconfigure(TWO);
        }

        @Validate
        public void theHistoryHangsTogether() {
            check();
        }
    }

    /** From a closed circuit. */
    public static final class WhileClosed extends Everything {
        public WhileClosed() {
            super(ONE);
        }
    }

    /** From a circuit with a probe under way. */
    public static final class WhileHalfOpen extends Everything {
        private final Permit probe;

        public WhileHalfOpen() {
            super(ONE);
            fail();
            passWait();
            probe = circuit.acquire();
        }

        @Operation(runOnce = true)
        public void probeSucceeds() {
            probe.success();
        }

        @Operation(runOnce = true)
        public void probeFails() {
            probe.failure(new PlayedCalls.Outage());
        }
    }

    /** From an open circuit that waits adaptively, with a probe under way. */
    public static final class WhileProbing extends Everything {
        private final Permit probe;

        public WhileProbing() {
            super(ADAPTIVE);
            fail();
            passWait();
            probe = circuit.acquire();
        }

        @Operation(runOnce = true)
        public void probeSucceeds() {
            probe.success();
        }

        @Operation(runOnce = true)
        public void probeFails() {
            probe.failure(new PlayedCalls.Outage());
        }
    }

    /** From a circuit that is half-open after a good probe, with a call under way. */
    public static final class WhileOnTheRamp extends Everything {
        private final Permit call;

        public WhileOnTheRamp() {
            super(ADAPTIVE);
            fail();
            passWait();
            succeed();
            call = circuit.acquire();
        }

        @Operation(runOnce = true)
        public void callUnderWaySucceeds() {
            call.success();
        }

        @Operation(runOnce = true)
        public void callUnderWayFails() {
            call.failure(new PlayedCalls.Outage());
        }
    }
}
