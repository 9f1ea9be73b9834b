package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import dev.cutout.Subject;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Calls at the end of the wait, and the answers of probes against the end of their lease. */
public final class ProbeRaces {
    private static final CircuitSettings ONE_PROBE = TripRaces.ONE;
    private static final CircuitSettings TWO_OF_THREE =
            CircuitSettings.parse("trip 1 consecutive; wait 1s; probes 2 of 3; probe within 1s");

    private ProbeRaces() {}

    /** Calls that come when a probe is due. */
    public abstract static class EndOfWait {
        private final Subject subject;
        private final @Nullable Permit[] permits = new @Nullable Permit[4];

        EndOfWait(CircuitSettings settings) {
            subject = Subject.dueForProbe(settings);
        }

        final void ask(int place) {
            permits[place] = subject.circuit.tryAcquire();
        }

        /** How the circuit is, how many were admitted, and how many probes it knows of. */
        final void tell(LI_Result r) {
            int admitted = 0;
            for (Permit permit : permits) {
                admitted += permit == null ? 0 : 1;
            }
            r.r1 = subject.seen() + ", " + subject.circuit.snapshot().probesUnderWay() + " under way";
            r.r2 = admitted;
        }
    }

    /** One probe is allowed, and two calls come. Seen to fail with a state that is compared and then written, not exchanged. */
    @JCStressTest
    @Outcome(
            id = "HALF_OPEN 3 told HalfOpened:3, 1 under way, 1",
            expect = ACCEPTABLE,
            desc = "one of them is the probe")
    @Outcome(id = ".*, 2", expect = FORBIDDEN, desc = "two probes where one is allowed")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "the wait is over, and nobody may ask")
    @State
    public static class TwoAskForOne extends EndOfWait {
        public TwoAskForOne() {
            super(ONE_PROBE);
        }

        @Actor
        public void first() {
            ask(0);
        }

        @Actor
        public void second() {
            ask(1);
        }

        @Arbiter
        public void end(LI_Result r) {
            tell(r);
        }
    }

    /** One probe is allowed, and four calls come. */
    @JCStressTest
    @Outcome(
            id = "HALF_OPEN 3 told HalfOpened:3, 1 under way, 1",
            expect = ACCEPTABLE,
            desc = "one of them is the probe")
    @Outcome(id = ".*, [234]", expect = FORBIDDEN, desc = "several probes where one is allowed")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "the wait is over, and nobody may ask")
    @State
    public static class FourAskForOne extends EndOfWait {
        public FourAskForOne() {
            super(ONE_PROBE);
        }

        @Actor
        public void first() {
            ask(0);
        }

        @Actor
        public void second() {
            ask(1);
        }

        @Actor
        public void third() {
            ask(2);
        }

        @Actor
        public void fourth() {
            ask(3);
        }

        @Arbiter
        public void end(LI_Result r) {
            tell(r);
        }
    }

    /** Three probes are allowed, and four calls come. */
    @JCStressTest
    @Outcome(
            id = "HALF_OPEN 3 told HalfOpened:3, 3 under way, 3",
            expect = ACCEPTABLE,
            desc = "three of them are the probes")
    @Outcome(id = ".*, 4", expect = FORBIDDEN, desc = "four probes where three are allowed")
    @Outcome(id = ".*, [012]", expect = FORBIDDEN, desc = "a probe is missing although enough calls came")
    @State
    public static class FourAskForThree extends EndOfWait {
        public FourAskForThree() {
            super(TWO_OF_THREE);
        }

        @Actor
        public void first() {
            ask(0);
        }

        @Actor
        public void second() {
            ask(1);
        }

        @Actor
        public void third() {
            ask(2);
        }

        @Actor
        public void fourth() {
            ask(3);
        }

        @Arbiter
        public void end(LI_Result r) {
            tell(r);
        }
    }

    /** The same with two threads, which meet more closely where there are two processors. */
    @JCStressTest
    @Outcome(
            id = "HALF_OPEN 3 told HalfOpened:3, 3 under way, 3",
            expect = ACCEPTABLE,
            desc = "three of four are the probes")
    @Outcome(id = ".*, 4", expect = FORBIDDEN, desc = "four probes where three are allowed")
    @Outcome(id = ".*, [012]", expect = FORBIDDEN, desc = "a probe is missing although enough calls came")
    @State
    public static class TwoAskTwiceForThree extends EndOfWait {
        public TwoAskTwiceForThree() {
            super(TWO_OF_THREE);
        }

        @Actor
        public void first() {
            ask(0);
            ask(1);
        }

        @Actor
        public void second() {
            ask(2);
            ask(3);
        }

        @Arbiter
        public void end(LI_Result r) {
            tell(r);
        }
    }

    /** Two probes answer at once, and both answers are needed. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 2 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "both count, and close")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "an answer is lost: half-open although both came")
    @Outcome(id = ".*Closed:. Closed.*", expect = FORBIDDEN, desc = "closed twice")
    @State
    public static class TwoProbesSucceed {
        private final Subject subject = Subject.dueForProbe(TWO_OF_THREE);
        private final Permit first = subject.probe();
        private final Permit second = subject.probe();

        @Actor
        public void first() {
            first.success();
        }

        @Actor
        public void second() {
            second.success();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** The probe succeeds while its lease ends and another call comes. Seen to fail with an answer that does not look at what is overdue. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 1 good 1 bad 0 ignored 0 late, within the lease",
            expect = ACCEPTABLE,
            desc = "answered in time")
    @Outcome(
            id = "OPEN 4 told Opened:4, 0 good 1 bad 0 ignored 1 late, (within|after) the lease",
            expect = ACCEPTABLE,
            desc = "lapsed, and answered late")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "stuck half-open: neither answered nor lapsed")
    @Outcome(id = "CLOSED.*after the lease", expect = FORBIDDEN, desc = "a probe that had lapsed closed the circuit")
    @Outcome(id = "(OPEN|CLOSED) [56].*", expect = FORBIDDEN, desc = "two verdicts on one probe")
    @Outcome(id = "(OPEN|CLOSED) . told nothing.*", expect = FORBIDDEN, desc = "a verdict that nobody was told of")
    @State
    public static class SuccessAgainstLease {
        private final Subject subject = Subject.dueForProbe(ONE_PROBE);
        private final Permit probe = subject.probe();
        private boolean lapsed;

        @Actor
        public void answer() {
            lapsed = subject.seconds() > 1;
            probe.success();
        }

        @Actor
        public void ask() {
            subject.passSecond();
            subject.circuit.tryAcquire();
        }

        @Arbiter
        public void end(LLL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
            r.r3 = lapsed ? "after the lease" : "within the lease";
        }
    }

    /** The probe fails while its lease ends and another call comes: just when the wait after a failure in time is over. */
    @JCStressTest
    @Outcome(
            id = "HALF_OPEN 5 told Opened:4 HalfOpened:5, 0 good 2 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "failed in time; the wait is over, and the call is the next probe")
    @Outcome(
            id = "OPEN 4 told Opened:4, 0 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "lapsed, and failed late; the wait has only begun")
    @Outcome(id = "HALF_OPEN 3.*", expect = FORBIDDEN, desc = "stuck half-open: neither answered nor lapsed")
    @Outcome(id = "OPEN [56].*", expect = FORBIDDEN, desc = "two verdicts on one probe")
    @Outcome(
            id = "OPEN 4.* 0 late",
            expect = FORBIDDEN,
            desc = "failed in time, and the next probe was refused when it was due")
    @Outcome(
            id = "HALF_OPEN 5.* 1 late",
            expect = FORBIDDEN,
            desc = "lapsed, and the next probe was admitted before it was due")
    @Outcome(id = "OPEN . told nothing.*", expect = FORBIDDEN, desc = "a verdict that nobody was told of")
    @State
    public static class FailureAgainstLease {
        private final Subject subject = Subject.dueForProbe(ONE_PROBE);
        private final Permit probe = subject.probe();

        @Actor
        public void answer() {
            probe.failure(Subject.outage());
        }

        @Actor
        public void ask() {
            subject.passSecond();
            subject.circuit.tryAcquire();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }
}
