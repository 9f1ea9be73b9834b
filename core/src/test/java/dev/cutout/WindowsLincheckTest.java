package dev.cutout;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The windows that count in several steps: no answer is lost or counted twice, and a threshold that was crossed is seen by at least one of the
 * threads that crossed it.
 */
class WindowsLincheckTest {
    /** Were the place read and then written, two failures would share one, and the third of three would see only two. */
    @Test
    void recentFailuresKeepEveryFailureAndTheLastSeesThemAll() {
        Interleavings.validated(3, 1).iterations(1).invocationsPerIteration(600).check(ThreeFailures.class);
    }

    /** Were the time written without a look at what stands there, a thread that stalled would put an old time over the newest. */
    @Test
    void recentFailuresNeverLoseTheNewest() {
        Interleavings.validated(3, 1).iterations(8).invocationsPerIteration(200).check(LappedFailures.class);
    }

    /** Were a word of the ring written instead of exchanged, two answers in it would undo each other and the totals keep both. */
    @Test
    void theTotalsOfACallWindowAreWhatItsRingHolds() {
        Interleavings.validated(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(LappedCalls.class);
    }

    /** Were the totals read and then written, one of two answers that overlap would not be in them. */
    @Test
    void aCallWindowCountsEveryAnswerAndSomeoneSeesTheThresholdCrossed() {
        Interleavings.validated(3, 1)
                .iterations(10)
                .invocationsPerIteration(150)
                .check(RoomForAllCalls.class);
    }

    /** Were an answer not counted on one side of the notes only, it would be lost or count twice. */
    @Test
    void aTimeWindowCountsEveryAnswerAndSomeoneSeesTheThresholdCrossed() {
        Interleavings.validated(3, 1)
                .iterations(10)
                .invocationsPerIteration(150)
                .check(Moments.class);
    }

    /** Were the notes of a new slice written without compare-and-set, a failure could count as older than it is, and leave before its time. */
    @Test
    void aTimeWindowKeepsAnAnswerForNineSlices() {
        Interleavings.validated(2, 1).iterations(1).invocationsPerIteration(500).check(NewSlice.class);
    }

    /** Could a thread that stalled set the notes back, what was counted since would count twice. */
    @Test
    void aTimeWindowNeverLosesAnAnswerOfNowToAThreadThatStalled() {
        Interleavings.validated(3, 1).iterations(6).invocationsPerIteration(150).check(LappedMoments.class);
    }

    private static void holds(boolean truth, String what) {
        if (!truth) {
            throw new IllegalStateException(what);
        }
    }

    /** As many failures as the rule wants, all at once. */
    public static final class ThreeFailures {
        private static final TripRule RULE = TripRule.failures(3).within(Duration.ofSeconds(1));

        private final Window window = RULE.windowKind().fresh(0);
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicInteger seen = new AtomicInteger();

        @Operation
        public void failure() {
            if (RULE.failed(window, false, 0)) {
                seen.incrementAndGet();
            }
            failed.incrementAndGet();
        }

        @Validate
        public void everyFailureIsThere() {
            holds(((RecentFailures) window).within(0, 0) == failed.get(), "a failure is lost");
            holds(seen.get() > 0 == RULE.isSatisfied(window, 0), "nobody saw that the threshold was crossed");
        }
    }

    /** More failures than the ring has places, at different times. */
    @Param(name = "time", gen = IntGen.class, conf = "1:4")
    public static final class LappedFailures {
        private final RecentFailures window = new RecentFailures(2, 0);
        private final AtomicInteger newest = new AtomicInteger();

        @Operation
        public void failure(@Param(name = "time") int time) {
            window.failure(false, time);
            newest.accumulateAndGet(time, Math::max);
        }

        @Validate
        public void theNewestIsThere() {
            holds(window.within(0, newest.get()) > 0, "the newest failure is lost");
        }
    }

    /** More answers than the ring has places. */
    public static final class LappedCalls {
        private static final int SIZE = 2;

        private final CallWindow window = new CallWindow(SIZE);

        @Operation
        public void failure() {
            window.failure(false, 0);
        }

        @Operation
        public void slowFailure() {
            window.failure(true, 0);
        }

        @Operation
        public void success() {
            window.success(false, 0);
        }

        @Operation
        public void slowSuccess() {
            window.success(true, 0);
        }

        /**
         * Answers push others out, and take out of the totals what they pushed out of the ring: if the two agreed, then one round of slow
         * calls leaves just these, and one round of good ones nothing. Slow ones first: good ones write nothing to a ring that seems clean.
         */
        @Validate
        public void totalsAndRingAgree() {
            for (int i = 0; i < SIZE; i++) {
                window.success(true, 0);
            }
            holds(window.calls() == SIZE, "the ring is not full");
            holds(window.failures() == 0, "a failure stays in the totals that is not in the ring");
            holds(window.slow() == SIZE, "the slow calls in the totals are not those in the ring");
            for (int i = 0; i < SIZE; i++) {
                window.success(false, 0);
            }
            holds(window.isClean(0), "something stays in the totals that is not in the ring");
        }
    }

    /** No more answers than the ring has places, and a rule that two failures of up to four calls satisfy. */
    public static final class RoomForAllCalls {
        private static final TripRule RULE =
                TripRule.failureRate(0.5).overCalls(4).atLeast(2);

        private final CallWindow window = (CallWindow) RULE.windowKind().fresh(0);
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger slow = new AtomicInteger();
        private final AtomicInteger seen = new AtomicInteger();

        @Operation
        public void failure() {
            failures.incrementAndGet();
            see(RULE.failed(window, false, 0));
        }

        @Operation
        public void slowSuccess() {
            slow.incrementAndGet();
            see(RULE.succeeded(window, true, 0));
        }

        @Operation
        public void success() {
            see(RULE.succeeded(window, false, 0));
        }

        private void see(boolean satisfied) {
            answers.incrementAndGet();
            if (satisfied) {
                seen.incrementAndGet();
            }
        }

        @Validate
        public void everyAnswerCounts() {
            holds(window.calls() == answers.get(), "an answer is lost");
            holds(window.failures() == failures.get(), "a failure is lost");
            holds(window.slow() == slow.get(), "a slow call is lost");
            holds(seen.get() > 0 || !RULE.isSatisfied(window, 0), "nobody saw that the threshold was crossed");
        }
    }

    /** Answers at moments that lie in different slices of one window. */
    @Param(name = "time", gen = IntGen.class, conf = "0:1")
    public static final class Moments {
        private static final TripRule RULE =
                TripRule.failureRate(0.5).overTime(Duration.ofMillis(10)).atLeast(2);
        private static final long SLICE = Duration.ofMillis(1).toNanos();
        private static final long END = 9 * SLICE;

        private final TimeWindow window = (TimeWindow) RULE.windowKind().fresh(0);
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger seen = new AtomicInteger();

        @Operation
        public void failure(@Param(name = "time") int slice) {
            failures.incrementAndGet();
            see(RULE.failed(window, true, slice * SLICE));
        }

        @Operation
        public void success(@Param(name = "time") int slice) {
            see(RULE.succeeded(window, false, slice * SLICE));
        }

        private void see(boolean satisfied) {
            answers.incrementAndGet();
            if (satisfied) {
                seen.incrementAndGet();
            }
        }

        @Validate
        public void everyAnswerCounts() {
            holds(window.calls(END) == answers.get(), "an answer is lost");
            holds(window.failures(END) == failures.get(), "a failure is lost");
            holds(window.slow(END) == failures.get(), "a slow call is lost");
            holds(seen.get() > 0 || !RULE.isSatisfied(window, END), "nobody saw that the threshold was crossed");
        }
    }

    /** Failures that begin a new slice. */
    public static final class NewSlice {
        private static final long SLICE = 1;

        private final TimeWindow window = new TimeWindow(10 * SLICE, 0);
        private final AtomicInteger failures = new AtomicInteger();

        @Operation
        public void failure() {
            window.failure(false, SLICE);
            failures.incrementAndGet();
        }

        @Validate
        public void noneHasLeftWithTheSliceBefore() {
            holds(window.failures(10 * SLICE) == failures.get(), "a failure has left before its time");
        }
    }

    /** Answers of now, and of threads that read the clock a whole window ago. */
    public static final class LappedMoments {
        private static final long NOW = 10;

        private final TimeWindow window = new TimeWindow(NOW, 0);
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger longAgo = new AtomicInteger();

        @Operation
        public void failureOfNow() {
            window.failure(false, NOW);
            now.incrementAndGet();
        }

        @Operation
        public void failureOfLongAgo() {
            window.failure(false, 0);
            longAgo.incrementAndGet();
        }

        @Validate
        public void noAnswerOfNowIsLost() {
            long counted = window.failures(NOW);
            holds(counted >= now.get(), "a failure of now is lost");
            holds(counted <= now.get() + longAgo.get(), "a failure is counted twice");
            holds(window.calls(NOW) == counted, "calls and failures differ");
            holds(window.isClean(NOW) == (counted == 0), "a window with failures seems clean");
        }
    }
}
