package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import dev.cutout.Permit;
import dev.cutout.Subject;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Failures that cross the threshold, against each other, against successes and against whoever looks on. */
public final class TripRaces {
    static final CircuitSettings ONE = CircuitSettings.parse("trip 1 consecutive; wait 1s; probe within 1s");
    static final CircuitSettings TWO = CircuitSettings.parse("trip 2 consecutive; wait 1s; probe within 1s");

    private TripRaces() {}

    /** Each failure is enough to open. Seen to fail with a state that is compared and then written, not exchanged. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 2 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "opened once; the other failure was counted before the circuit was open")
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "opened once; the other failure found it open and was late")
    @Outcome(id = "OPEN . told nothing.*", expect = FORBIDDEN, desc = "open, and nobody was told")
    @Outcome(id = ".*Opened:. Opened.*", expect = FORBIDDEN, desc = "opened twice")
    @Outcome(
            id = ".*, shows another.*",
            expect = FORBIDDEN,
            desc = "both threads opened, one wrote over the other, and what rules was told to nobody")
    @Outcome(id = "OPEN 2 told Opened:2, .*", expect = FORBIDDEN, desc = "a failure is recorded nowhere, or twice")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "the threshold was crossed and the circuit is closed")
    @State
    public static class TwoFailuresThatBothTrip {
        private final Subject subject = Subject.closed(ONE);
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

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** Both failures together open. Seen to fail with a streak that is read and then written. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 2 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "opened once, and both failures were counted")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "one of the two failures is lost")
    @Outcome(id = "OPEN . told nothing.*", expect = FORBIDDEN, desc = "open, and nobody was told")
    @Outcome(id = ".*Opened:. Opened.*", expect = FORBIDDEN, desc = "opened twice")
    @Outcome(
            id = ".*, shows another.*",
            expect = FORBIDDEN,
            desc = "both threads opened, one wrote over the other, and what rules was told to nobody")
    @State
    public static class TwoFailuresThatTripTogether {
        private final Subject subject = Subject.closed(TWO);
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

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** One failure is counted, the second opens, unless a success comes between. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, ",
            expect = ACCEPTABLE,
            desc = "the failure completed the streak before the success ended it")
    @Outcome(
            id = "CLOSED 1 told nothing, 1 failure in a row",
            expect = ACCEPTABLE,
            desc = "the success ended the streak, and the failure began a new one")
    @Outcome(
            id = "CLOSED 1 told nothing, 0 failures in a row",
            expect = FORBIDDEN,
            desc = "the failure completed a streak that a success then hid: it should have opened")
    @Outcome(
            id = "CLOSED 1 told nothing, 2 failures in a row",
            expect = FORBIDDEN,
            desc = "the streak is as long as the rule wants, and nobody opened")
    @Outcome(id = "OPEN . told nothing.*", expect = FORBIDDEN, desc = "open, and nobody was told")
    @Outcome(id = "CLOSED . told Opened.*", expect = FORBIDDEN, desc = "told of an opening that is not there")
    @State
    public static class FailureAgainstSuccess {
        private final Subject subject = Subject.closed(TWO);
        private final Permit bad = subject.circuit.acquire();
        private final Permit good = subject.circuit.acquire();

        public FailureAgainstSuccess() {
            subject.fail();
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
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }

    /** Somebody looks while the circuit opens. */
    @JCStressTest
    @Outcome(id = "CLOSED, 1, false", expect = ACCEPTABLE, desc = "looked before")
    @Outcome(id = "OPEN, 2, true", expect = ACCEPTABLE, desc = "looked after")
    @Outcome(id = "OPEN, ., false", expect = FORBIDDEN, desc = "torn: open, without what opened it")
    @Outcome(id = "CLOSED, ., true", expect = FORBIDDEN, desc = "torn: closed, with what opened it")
    @Outcome(id = "OPEN, 1, .*", expect = FORBIDDEN, desc = "torn: open in the generation that was closed")
    @Outcome(id = "CLOSED, 2, .*", expect = FORBIDDEN, desc = "torn: closed in the generation that is open")
    @State
    public static class TripAgainstSnapshot {
        private final Subject subject = Subject.closed(ONE);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void look(LLL_Result r) {
            CircuitSnapshot now = subject.circuit.snapshot();
            r.r1 = now.state();
            r.r2 = now.generation();
            r.r3 = now.opening().isPresent();
        }
    }
}
