package dev.cutout;

import java.util.OptionalInt;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** One permit in the hands of several threads. */
class PermitLincheckTest {
    /** Were the grant read and then cleared, two threads could both answer: two answers count, and a place is given back twice. */
    @Test
    void aPermitAnswersOnce() {
        Interleavings.validated(3, 1).iterations(10).invocationsPerIteration(80).check(Shared.class);
    }

    /** What the threads share. */
    public static final class Shared {
        private static final CircuitSettings SETTINGS = CircuitSettings.parse("trip 100 consecutive; limit 10");

        private final CircuitBreaker circuit = CircuitBreaker.builder("permit")
                .settings(SETTINGS)
                .ticker(new HandWoundTicker())
                .countSuccesses()
                .buildUnannounced();
        private final Permit another = circuit.acquire();
        private final Permit permit = circuit.acquire();

        @Operation
        public void success() {
            permit.success();
        }

        @Operation
        public void failure() {
            permit.failure(new PlayedCalls.Outage());
        }

        @Operation
        public void ignore() {
            permit.ignore();
        }

        @Operation
        public void result() {
            permit.record("result");
        }

        @Operation
        public void exception() {
            permit.record(new PlayedCalls.Outage());
        }

        @Operation
        public void close() {
            permit.close();
        }

        @Validate
        public void oneAnswerReachedTheCircuit() {
            CircuitSnapshot now = circuit.snapshot();
            CircuitSnapshot.Counts counts = now.counts();
            long answers = counts.successes().orElseThrow() + counts.failures() + counts.ignored() + counts.late();
            if (answers != 1) {
                throw new IllegalStateException(answers + " answers");
            }
            if (!now.callsInFlight().equals(OptionalInt.of(1))) {
                throw new IllegalStateException("the place of another call was given back");
            }
            another.ignore();
        }
    }
}
