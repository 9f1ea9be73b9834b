package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.Permit;
import dev.cutout.Subject;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Answers of calls that an earlier generation admitted. */
public final class LateAnswerRaces {
    private LateAnswerRaces() {}

    /** A call admitted before the circuit opened fails while the probe closes it; one failure would open it again. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 0 failures in a row, 1 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "the probe decided, and the old failure counts as late and nowhere else")
    @Outcome(id = "OPEN.*", expect = FORBIDDEN, desc = "a failure of an earlier generation opened the circuit")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the probe's answer is lost")
    @Outcome(
            id = ".*, 1 failure in a row, .*",
            expect = FORBIDDEN,
            desc = "a failure of an earlier generation is counted")
    @State
    public static class OldFailureAgainstProbeSuccess {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit old = subject.circuit.acquire();
        private final Permit probe;

        public OldFailureAgainstProbeSuccess() {
            subject.fail();
            subject.passSecond();
            probe = subject.probe();
        }

        @Actor
        public void oldCallFails() {
            old.failure(Subject.outage());
        }

        @Actor
        public void probeSucceeds() {
            probe.success();
        }

        @Arbiter
        public void end(LLL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
            r.r3 = subject.answers();
        }
    }

    /** A call admitted before the circuit opened succeeds while the one probe fails. */
    @JCStressTest
    @Outcome(
            id = "OPEN 4 told Opened:4, 0 good 2 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "the probe decided, and the old success counts as late and nowhere else")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "a success of an earlier generation closed the circuit")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the probe's answer is lost")
    @State
    public static class OldSuccessAgainstProbeFailure {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit old = subject.circuit.acquire();
        private final Permit probe;

        public OldSuccessAgainstProbeFailure() {
            subject.fail();
            subject.passSecond();
            probe = subject.probe();
        }

        @Actor
        public void oldCallSucceeds() {
            old.success();
        }

        @Actor
        public void probeFails() {
            probe.failure(Subject.outage());
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /**
     * A probe lapsed, and answers while the next one does: both are the first of their generation. Seen to fail with an answer whose generation is
     * not compared.
     */
    @JCStressTest
    @Outcome(
            id = "CLOSED 6 told Closed:6, 1 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "the probe of this generation decided")
    @Outcome(id = "OPEN.*", expect = FORBIDDEN, desc = "the probe that had lapsed decided")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the answer of the probe under way is lost")
    @State
    public static class LapsedProbeAgainstNext {
        private final Subject subject = Subject.dueForProbe(TripRaces.ONE);
        private final Permit lapsed = subject.probe();
        private final Permit next;

        public LapsedProbeAgainstNext() {
            for (int seconds = 0; seconds < 4; seconds++) { // the lease, and the wait after it, which may have grown
                subject.passSecond();
            }
            next = subject.probe();
        }

        @Actor
        public void lapsedProbeFails() {
            lapsed.failure(Subject.outage());
        }

        @Actor
        public void nextProbeSucceeds() {
            next.success();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }
}
