package dev.cutout;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** The count of calls in flight, under every order in which a few calls come and go. */
class InFlightLincheckTest {
    /**
     * Never more calls than the limit, never one refused while a place is free, and every place comes back. Were a place taken first and given
     * back where it was one too many, a call could be refused because of another that was itself refused.
     */
    @Test
    void aPlaceIsTakenIfAndOnlyIfOneIsFree() {
        Interleavings.linearizable(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(Shared.class);
    }

    /** What the threads share: room for two calls, and one is in flight, so that it can end at any moment. */
    public static final class Shared {
        private static final int LIMIT = 2;

        private final InFlight calls = new InFlight("limited");

        public Shared() {
            calls.enter(LIMIT);
        }

        @Operation
        public boolean begin() {
            return calls.enter(LIMIT);
        }

        @Operation(runOnce = true)
        public void end() {
            calls.leave();
        }

        @Operation
        public int count() {
            return calls.count();
        }
    }
}
