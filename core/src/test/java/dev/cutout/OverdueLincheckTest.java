package dev.cutout;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The calls under way, counted while several begin and are answered at once. */
class OverdueLincheckTest {
    private static final long SINCE = 0;
    private static final long ALLOWED = 8_000;

    /** Were the counter read and then written, a call would be missing; were the latest answer written without a look, an older one would bring back calls that are answered. */
    @Test
    void everyCallIsCountedAndNoAnswerIsTakenBack() {
        Interleavings.validated(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(CallsAtOnce.class);
    }

    private static void holds(boolean truth, String what) {
        if (!truth) {
            throw new IllegalStateException(what);
        }
    }

    /** Calls begin at 100 and are never answered; two earlier ones, of which nobody knows any more, are answered in any order. */
    @Param(name = "start", gen = IntGen.class, conf = "1:99")
    public static final class CallsAtOnce {
        private final Overdue overdue = new Overdue(ALLOWED, 0, SINCE);
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger latestAnswered = new AtomicInteger();

        @Operation
        public void begin() {
            overdue.begins(SINCE + 100);
            begun.incrementAndGet();
        }

        @Operation
        public void answer(@Param(name = "start") int start) {
            overdue.answered(SINCE + start, SINCE + 100, Outcome.FAILURE);
            latestAnswered.accumulateAndGet(start, Math::max);
        }

        @Validate
        public void allThatBeganAreOverdueAtLast() {
            overdue.begins(SINCE + 1_000_000_000L); // makes a note of them
            holds(
                    overdue.count(SINCE + 2_000_000_000L) == begun.get() + 1 || latestAnswered.get() > 0,
                    "a call is missing");
            holds(overdue.since(SINCE + 100 + ALLOWED) == 100 - latest(), "an older answer was taken for the latest");
        }

        private long latest() {
            return latestAnswered.get() == 0 ? -1 : latestAnswered.get();
        }
    }
}
