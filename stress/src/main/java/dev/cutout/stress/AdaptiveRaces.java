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
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** The adaptive circuit: its evidence, the probes of the open circuit, and the calls and verdicts of the ramp. */
public final class AdaptiveRaces {
    private static final CircuitSettings ADAPTIVE = CircuitSettings.adaptive();
    private static final CircuitSettings AT_ONCE =
            CircuitSettings.parse("trip 1 consecutive; wait adaptive; probe within 1s");

    private AdaptiveRaces() {}

    /** What was counted, without the time and the odds. */
    private static String counted(Subject subject) {
        String evidence = subject.evidence();
        int more = evidence.indexOf(" within");
        return more < 0 ? evidence : evidence.substring(0, more);
    }

    /** Two failures at once, and someone who looks on. */
    @JCStressTest
    @Outcome(
            id = "(0 net failures|1 net failure in 1 answer|2 net failures in 2 answers), 2 net failures in 2 answers",
            expect = ACCEPTABLE,
            desc = "both are counted, each at one moment")
    @Outcome(id = ".*, [01] net failure.*", expect = FORBIDDEN, desc = "a failure is lost")
    @State
    public static class FailuresIntoSuspicion {
        private final Subject subject = Subject.closed(ADAPTIVE);
        private final Permit first = subject.circuit.acquire();
        private final Permit second = subject.circuit.acquire();

        @Actor
        public void first() {
            first.failure(Subject.outage());
        }

        @Actor
        public void second() {
            second.failure(Subject.outage());
        }

        @Actor
        public void look(LL_Result r) {
            r.r1 = counted(subject);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r2 = counted(subject);
        }
    }

    /** Eight failures are counted, nine at one moment are enough; the ninth comes together with a success. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 9 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "the failure opened, and the success was late")
    @Outcome(
            id = "OPEN 2 told Opened:2, 1 good 9 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the failure completed the evidence, and the success came before the circuit was open")
    @Outcome(
            id = "CLOSED 1 told nothing, 1 good 9 bad 0 ignored 0 late, \\d+ net failures in 10 answers",
            expect = ACCEPTABLE,
            desc = "the success came first and took one away")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "an answer is lost")
    @State
    public static class FailureThatIsEnoughAgainstSuccess {
        private final Subject subject = Subject.closed(ADAPTIVE);
        private final Permit bad = subject.circuit.acquire();
        private final Permit good = subject.circuit.acquire();

        public FailureThatIsEnoughAgainstSuccess() {
            for (int i = 0; i < 8; i++) {
                subject.fail();
            }
        }

        @Actor
        public void failure() {
            bad.failure(Subject.outage());
        }

        @Actor
        public void success() {
            good.success();
        }

        @Arbiter
        public void end(LL_Result r) {
            String seen = subject.seen();
            r.r1 = seen;
            r.r2 = subject.answers() + (seen.startsWith("CLOSED") ? ", " + counted(subject) : "");
        }
    }

    /** A probe of the open circuit succeeds while its lease ends and another call comes. */
    @JCStressTest
    @Outcome(
            id = "HALF_OPEN 3 told HalfOpened:3, 1 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "answered in time")
    @Outcome(
            id = "OPEN 2 told nothing, 0 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "lapsed, which changes nothing, and answered late")
    @Outcome(id = "HALF_OPEN.* 1 late", expect = FORBIDDEN, desc = "a probe that had lapsed decided")
    @Outcome(id = "OPEN.* 0 late", expect = FORBIDDEN, desc = "the answer is lost")
    @State
    public static class SuccessAgainstLeaseWhileOpen {
        private final Subject subject = Subject.dueForProbe(AT_ONCE);
        private final Permit probe = subject.probe();

        @Actor
        public void answer() {
            probe.success();
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

    /** Room for one call, and two come. */
    @JCStressTest
    @Outcome(
            id = {"true, false, 0", "false, true, 0"},
            expect = ACCEPTABLE,
            desc = "one of them has the place")
    @Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "two calls have one place")
    @Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "both were refused although there was room")
    @State
    public static class TwoAskForOnePlace {
        private final Subject subject = Subject.onRamp(AT_ONCE);

        @Actor
        public void first(ZZI_Result r) {
            r.r1 = subject.circuit.tryAcquire() != null;
        }

        @Actor
        public void second(ZZI_Result r) {
            r.r2 = subject.circuit.tryAcquire() != null;
        }

        @Arbiter
        public void end(ZZI_Result r) {
            r.r3 = subject.takeRoom();
        }
    }

    /** The only call succeeds, which makes room for two, while another call comes. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "the call found its place, and there is one more")
    @Outcome(id = "false, 2", expect = ACCEPTABLE, desc = "the call came first, and there is room for two")
    @Outcome(id = "(true, 0|false, [01])", expect = FORBIDDEN, desc = "a place was not given back, or did not grow")
    @Outcome(id = "(true, [2-9]|false, [3-9])", expect = FORBIDDEN, desc = "a place was given back twice")
    @State
    public static class SuccessAgainstNextCall {
        private final Subject subject = Subject.onRamp(AT_ONCE);
        private final Permit only = subject.circuit.acquire();

        @Actor
        public void succeed() {
            only.success();
        }

        @Actor
        public void ask(ZI_Result r) {
            r.r1 = subject.circuit.tryAcquire() != null;
        }

        @Arbiter
        public void end(ZI_Result r) {
            r.r2 = subject.takeRoom();
        }
    }

    /** One answer is the last that closes, and a failure among the first answers opens. Seen to fail with an answer that is late if another thread carries its verdict out. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 3 good 1 bad 60 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "closed, and the failure was late")
    @Outcome(
            id = "CLOSED 4 told Closed:4, 3 good 2 bad 60 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "closed: the failure came after the verdict, before the circuit was closed")
    @Outcome(
            id = "OPEN 4 told Opened:4, 2 good 2 bad 60 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "opened, and the success was late")
    @Outcome(
            id = "OPEN 4 told Opened:4, 3 good 2 bad 60 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "opened: the success came after the verdict, before the circuit was open")
    @Outcome(
            id = {"CLOSED 4.*, 2 good.*", "OPEN 4.*, 1 bad.*"},
            expect = FORBIDDEN,
            desc = "the answer that decided counts as late")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "a verdict that nobody carried out")
    @Outcome(id = "(OPEN|CLOSED) [5-9].*", expect = FORBIDDEN, desc = "two verdicts on one ramp")
    @State
    public static class ClosingAgainstOpening {
        private final Subject subject = Subject.onRamp(AT_ONCE);
        private final Permit good;
        private final Permit bad;

        public ClosingAgainstOpening() {
            subject.succeed();
            for (int i = 0; i < 60; i++) {
                subject.ignore(); // found nothing in its way, and says nothing
            }
            good = subject.circuit.acquire();
            bad = subject.circuit.acquire();
        }

        @Actor
        public void succeed() {
            good.success();
        }

        @Actor
        public void fail() {
            bad.failure(Subject.outage());
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }
}
