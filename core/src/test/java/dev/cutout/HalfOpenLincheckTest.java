package dev.cutout;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The end of the wait, when many threads ask at once. */
class HalfOpenLincheckTest {
    /** Were a grant given without having been installed, every thread that saw the circuit open would be the probe. */
    @Test
    void exactlyOneCallBecomesTheProbe() {
        Interleavings.validated(3, 1).iterations(1).invocationsPerIteration(120).check(OneProbe.class);
    }

    /** As above, for the probes after the first. */
    @Test
    void exactlyAsManyAreProbesAsAreAllowed() {
        Interleavings.validated(2, 2).iterations(1).invocationsPerIteration(120).check(ThreeProbes.class);
    }

    /** Were an answer taken for told without having been installed, a probe given back would stay lost until its lease ends. */
    @Test
    void probesAreNeverMoreThanAllowedAndAllAreGivenBack() {
        Interleavings.validated(3, 1).iterations(3).invocationsPerIteration(60).check(Answers.class);
    }

    /** A circuit whose next call is a probe. */
    private static final class Due {
        private static final CircuitSettings ONE = CircuitSettings.parse("trip 1 consecutive; wait 1s");
        private static final CircuitSettings TWO_OF_THREE = ONE.withProbes(2, 3);

        private final CircuitSettings settings;
        private final History history = new History();
        private final CircuitBreaker circuit;

        Due(CircuitSettings settings) {
            HandWoundTicker ticker = new HandWoundTicker();
            this.settings = settings;
            circuit = CircuitBreaker.builder("due")
                    .settings(settings)
                    .ticker(ticker)
                    .onEvent(history)
                    .buildUnannounced();
            circuit.acquire().failure(new PlayedCalls.Outage());
            ticker.advance(Duration.ofSeconds(1));
        }

        void check(int probes, int admitted, int underWay) {
            CircuitSnapshot now = history.check(circuit, settings);
            long counted = now.counts().probes();
            if (admitted != probes || counted != probes || now.probesUnderWay() != underWay) {
                throw new IllegalStateException(admitted + " admitted, " + counted + " counted, " + now.probesUnderWay()
                        + " under way; should be " + probes);
            }
        }
    }

    /** One probe is allowed. */
    public static final class OneProbe {
        private final Due due = new Due(Due.ONE);
        private final CircuitBreaker circuit = due.circuit;
        private final AtomicInteger admitted = new AtomicInteger();

        @Operation
        public void ask() {
            if (circuit.tryAcquire() != null) {
                admitted.incrementAndGet();
            }
        }

        @Validate
        public void oneIsUnderWay() {
            due.check(1, admitted.get(), 1);
        }
    }

    /** Three probes are allowed. */
    public static final class ThreeProbes {
        private final Due due = new Due(Due.TWO_OF_THREE);
        private final CircuitBreaker circuit = due.circuit;
        private final AtomicInteger admitted = new AtomicInteger();

        @Operation
        public void ask() {
            if (circuit.tryAcquire() != null) {
                admitted.incrementAndGet();
            }
        }

        @Validate
        public void threeAreUnderWay() {
            due.check(3, admitted.get(), 3);
        }
    }

    /** Two of the three probes are under way; the third is begun and answered, again and again, and so may those be. */
    public static final class Answers {
        private final Due due = new Due(Due.TWO_OF_THREE);
        private final CircuitBreaker circuit = due.circuit;
        private final Permit first = circuit.acquire();
        private final Permit second = circuit.acquire();
        private final AtomicInteger admitted = new AtomicInteger(2);
        private final AtomicInteger underWay = new AtomicInteger(2);
        private final AtomicInteger mostUnderWay = new AtomicInteger(2);

        @Operation
        public void third() {
            Permit permit = circuit.tryAcquire();
            if (permit != null) {
                admitted.incrementAndGet();
                mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                underWay.decrementAndGet();
                permit.ignore();
            }
        }

        @Operation(runOnce = true)
        public void firstIsGivenBack() {
            underWay.decrementAndGet();
            first.ignore();
        }

        @Operation(runOnce = true)
        public void secondSucceeds() {
            second.success();
        }

        @Validate
        public void asManyAreUnderWayAsWereNotAnswered() {
            if (mostUnderWay.get() > 3) {
                throw new IllegalStateException("4 probes under way");
            }
            first.ignore();
            second.success();
            due.check(admitted.get(), admitted.get(), 0);
        }
    }
}
