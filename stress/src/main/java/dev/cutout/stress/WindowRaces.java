package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import dev.cutout.Subject;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two answers into one window: none is lost or counted twice, and a threshold that both cross is seen. */
public final class WindowRaces {
    private static final CircuitSettings LAST_CALLS =
            CircuitSettings.parse("trip 100% of last 4 calls, at least 4; wait 1s");
    private static final CircuitSettings HALF_OF_LAST_CALLS =
            CircuitSettings.parse("trip 50% of last 4 calls, at least 4; wait 1s");
    private static final CircuitSettings LAST_TIME =
            CircuitSettings.parse("trip 100% of last 10s, at least 9; wait 1s");
    private static final CircuitSettings HALF_OF_LAST_TIME =
            CircuitSettings.parse("trip 50% of last 10s, at least 2; wait 1s");
    private static final CircuitSettings LAST_FAILURES = CircuitSettings.parse("trip 3 failures within 10s; wait 1s");
    private static final CircuitSettings TWO_FAILURES = CircuitSettings.parse("trip 2 failures within 10s; wait 1s");

    private WindowRaces() {}

    /** A circuit with two calls under way, and what its window holds. */
    public abstract static class TwoAnswers {
        final Subject subject;
        private final Permit first;
        private final Permit second;

        TwoAnswers(CircuitSettings settings, int successesBefore, int failuresBefore) {
            subject = Subject.closed(settings);
            for (int i = 0; i < successesBefore; i++) {
                subject.succeed();
            }
            for (int i = 0; i < failuresBefore; i++) {
                subject.fail();
            }
            first = subject.circuit.acquire();
            second = subject.circuit.acquire();
        }

        final void firstFails() {
            first.failure(Subject.outage());
        }

        final void firstSucceeds() {
            first.success();
        }

        final void secondFails() {
            second.failure(Subject.outage());
        }

        final void secondSucceeds() {
            second.success();
        }
    }

    /** Two failures into an empty window of calls. Seen to fail with totals that are read and then written. */
    @JCStressTest
    @Outcome(id = "2 of 2 calls failed \\(100%\\)", expect = ACCEPTABLE, desc = "both are counted")
    @Outcome(id = "1 of .*", expect = FORBIDDEN, desc = "a failure is lost")
    @Outcome(id = "2 of 1 .*", expect = FORBIDDEN, desc = "a call is lost")
    @Outcome(id = "[34] of .*", expect = FORBIDDEN, desc = "a failure is counted twice")
    @State
    public static class FailuresIntoLastCalls extends TwoAnswers {
        public FailuresIntoLastCalls() {
            super(LAST_CALLS, 0, 0);
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondFails();
        }

        @Arbiter
        public void end(L_Result r) {
            r.r1 = subject.evidence();
        }
    }

    /** A failure and a success into a full window that is clean, where successes write nothing. */
    @JCStressTest
    @Outcome(id = "1 of 4 calls failed \\(25%\\)", expect = ACCEPTABLE, desc = "the failure is counted")
    @Outcome(
            id = "0 of .*",
            expect = FORBIDDEN,
            desc = "the failure is lost: the success took the window for clean and wrote over it")
    @Outcome(id = "[234] of .*", expect = FORBIDDEN, desc = "the failure is counted twice")
    @State
    public static class FailureAndSuccessIntoCleanLastCalls extends TwoAnswers {
        public FailureAndSuccessIntoCleanLastCalls() {
            super(LAST_CALLS, 4, 0);
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondSucceeds();
        }

        @Arbiter
        public void end(L_Result r) {
            r.r1 = subject.evidence();
        }
    }

    /** Two successes into a full window push two of its three failures out. */
    @JCStressTest
    @Outcome(id = "1 of 4 calls failed \\(25%\\)", expect = ACCEPTABLE, desc = "each pushed one out")
    @Outcome(id = "[23] of .*", expect = FORBIDDEN, desc = "two answers took one place")
    @Outcome(id = "0 of .*", expect = FORBIDDEN, desc = "a failure was taken out of the totals twice")
    @State
    public static class SuccessesPushOutOfLastCalls extends TwoAnswers {
        public SuccessesPushOutOfLastCalls() {
            super(LAST_CALLS, 0, 3);
            subject.succeed();
        }

        @Actor
        public void first() {
            firstSucceeds();
        }

        @Actor
        public void second() {
            secondSucceeds();
        }

        @Arbiter
        public void end(L_Result r) {
            r.r1 = subject.evidence();
        }
    }

    /** Two failures after two successes: half of four calls. */
    @JCStressTest
    @Outcome(id = "OPEN 2 told Opened:2, ", expect = ACCEPTABLE, desc = "opened once")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "the threshold was crossed and nobody saw it")
    @Outcome(id = ".*Opened:. Opened.*", expect = FORBIDDEN, desc = "opened twice")
    @State
    public static class FailuresCrossTheRateOfLastCalls extends TwoAnswers {
        public FailuresCrossTheRateOfLastCalls() {
            super(HALF_OF_LAST_CALLS, 2, 0);
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondFails();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }

    /** Two failures begin a new slice of time; looked at when the slice before has just left the window. */
    @JCStressTest
    @Outcome(id = "2 of 2 calls failed \\(100%\\) within 10s", expect = ACCEPTABLE, desc = "both are counted")
    @Outcome(id = "1 of .*", expect = FORBIDDEN, desc = "a failure is lost")
    @Outcome(id = "2 of 1 .*", expect = FORBIDDEN, desc = "a call is lost")
    @Outcome(id = "[34] of .*", expect = FORBIDDEN, desc = "a failure is counted twice")
    @State
    public static class FailuresIntoLastTime extends TwoAnswers {
        public FailuresIntoLastTime() {
            super(LAST_TIME, 0, 0);
            subject.passSecond();
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondFails();
        }

        @Arbiter
        public void end(L_Result r) {
            for (int slice = 2; slice <= 10; slice++) {
                subject.passSecond();
            }
            r.r1 = subject.evidence();
        }
    }

    /** A failure and a success into a new slice of time; older slices hold one of each. */
    @JCStressTest
    @Outcome(id = "2 of 4 calls failed \\(50%\\) within 10s", expect = ACCEPTABLE, desc = "both are counted")
    @Outcome(id = "1 of .*", expect = FORBIDDEN, desc = "a failure is lost")
    @Outcome(id = "2 of [123] .*", expect = FORBIDDEN, desc = "a call is lost")
    @Outcome(id = "[34] of .*", expect = FORBIDDEN, desc = "a failure is counted twice")
    @State
    public static class FailureAndSuccessIntoLastTime extends TwoAnswers {
        public FailureAndSuccessIntoLastTime() {
            super(LAST_TIME, 1, 1);
            subject.passSecond();
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondSucceeds();
        }

        @Arbiter
        public void end(L_Result r) {
            r.r1 = subject.evidence();
        }
    }

    /** Two failures are the least number of calls that is judged. */
    @JCStressTest
    @Outcome(id = "OPEN 2 told Opened:2, ", expect = ACCEPTABLE, desc = "opened once")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "the threshold was crossed and nobody saw it")
    @Outcome(id = ".*Opened:. Opened.*", expect = FORBIDDEN, desc = "opened twice")
    @State
    public static class FailuresCrossTheRateOfLastTime extends TwoAnswers {
        public FailuresCrossTheRateOfLastTime() {
            super(HALF_OF_LAST_TIME, 0, 0);
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondFails();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }

    /** Two failures where three open. */
    @JCStressTest
    @Outcome(id = "2 failures within 10s", expect = ACCEPTABLE, desc = "both are counted")
    @Outcome(id = "[01] failures? .*", expect = FORBIDDEN, desc = "a failure is lost")
    @Outcome(id = "[3-9] failures .*", expect = FORBIDDEN, desc = "a failure is counted twice")
    @State
    public static class FailuresIntoLastFailures extends TwoAnswers {
        public FailuresIntoLastFailures() {
            super(LAST_FAILURES, 0, 0);
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondFails();
        }

        @Arbiter
        public void end(L_Result r) {
            r.r1 = subject.evidence();
        }
    }

    /** Two failures where two open. */
    @JCStressTest
    @Outcome(id = "OPEN 2 told Opened:2, ", expect = ACCEPTABLE, desc = "opened once")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "the threshold was crossed and nobody saw it")
    @Outcome(id = ".*Opened:. Opened.*", expect = FORBIDDEN, desc = "opened twice")
    @State
    public static class FailuresCrossTheNumberOfLastFailures extends TwoAnswers {
        public FailuresCrossTheNumberOfLastFailures() {
            super(TWO_FAILURES, 0, 0);
        }

        @Actor
        public void first() {
            firstFails();
        }

        @Actor
        public void second() {
            secondFails();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }
}
