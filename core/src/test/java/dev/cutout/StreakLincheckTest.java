package dev.cutout;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** The streak of the classic circuit, under every order of a few answers on several threads. */
class StreakLincheckTest {
    /**
     * Of two failures that overlap exactly one completes the streak, and no success is forgotten. Were the length read and then
     * written, two failures would both count 1.
     */
    @Test
    void everyAnswerTakesEffectAtOneMoment() {
        Interleavings.linearizable(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(Shared.class);
    }

    /** What the threads share. */
    public static final class Shared {
        private final Streak streak = new Streak();

        @Operation
        public void success() {
            streak.success(false, 0);
        }

        @Operation
        public long failure() {
            return streak.failure(false, 0);
        }

        @Operation
        public long length() {
            return streak.length();
        }
    }
}
