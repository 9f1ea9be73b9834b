package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.Hold;
import dev.cutout.Permit;
import dev.cutout.Subject;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A person's holds against what calls do to the circuit. */
public final class HoldRaces {
    private static final Hold CLOSED = Hold.closed();
    private static final Hold OPEN = Hold.open();

    private HoldRaces() {}

    /** What the circuit shows of its hold. */
    private static String heldAs(Subject subject) {
        return subject.circuit
                .snapshot()
                .hold()
                .map(hold -> "held " + hold.kind())
                .orElse("free");
    }

    /**
     * Held closed while a failure opens. Seen to fail with a state that is compared and then written, not exchanged, and with a trip that does not
     * ask for holds.
     */
    @JCStressTest
    @Outcome(id = "CLOSED 1 told HoldPlaced:1, held CLOSED", expect = ACCEPTABLE, desc = "held before the failure")
    @Outcome(
            id = "CLOSED 3 told Opened:2 HoldPlaced:2 Closed:3, held CLOSED",
            expect = ACCEPTABLE,
            desc = "the failure opened, and the hold closed")
    @Outcome(id = "OPEN.*held CLOSED", expect = FORBIDDEN, desc = "open while it is held closed")
    @Outcome(id = ".*free", expect = FORBIDDEN, desc = "the hold is lost")
    @State
    public static class HoldClosedAgainstTrip {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void hold() {
            subject.circuit.hold(CLOSED);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = heldAs(subject);
        }
    }

    /** Held open while a probe closes. */
    @JCStressTest
    @Outcome(
            id = "OPEN 4 told HoldPlaced:3 Opened:4, held OPEN",
            expect = ACCEPTABLE,
            desc = "held before the answer, which was late")
    @Outcome(
            id = "OPEN 5 told Closed:4 HoldPlaced:4 Opened:5, held OPEN",
            expect = ACCEPTABLE,
            desc = "the probe closed, and the hold opened")
    @Outcome(id = "CLOSED.*held OPEN", expect = FORBIDDEN, desc = "closed while it is held open")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "half-open while it is held open, or stuck")
    @Outcome(id = ".*free", expect = FORBIDDEN, desc = "the hold is lost")
    @State
    public static class HoldOpenAgainstProbeSuccess {
        private final Subject subject = Subject.dueForProbe(TripRaces.ONE);
        private final Permit probe = subject.probe();

        @Actor
        public void success() {
            probe.success();
        }

        @Actor
        public void hold() {
            subject.circuit.hold(OPEN);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = heldAs(subject);
        }
    }

    /** Held closed no longer, while a failure satisfies the rule. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told HoldEnded:1 Opened:2, free",
            expect = ACCEPTABLE,
            desc = "released before the failure was judged")
    @Outcome(
            id = "CLOSED 1 told HoldEnded:1, free",
            expect = ACCEPTABLE,
            desc = "judged while it was held: only the next answer is judged anew")
    @Outcome(id = ".*Opened:2 HoldEnded.*", expect = FORBIDDEN, desc = "opened while it was held closed")
    @Outcome(id = ".*held.*", expect = FORBIDDEN, desc = "the release is lost")
    @State
    public static class ReleaseAgainstTrip {
        private final Subject subject = Subject.closed(TripRaces.ONE).held(CLOSED);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void release() {
            subject.circuit.release();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = heldAs(subject);
        }
    }

    /** Held open no longer, while a call comes: it is refused or the probe, never let through as if closed. */
    @JCStressTest
    @Outcome(id = "OPEN 2 told HoldEnded:2, free", expect = ACCEPTABLE, desc = "refused; the next call is the probe")
    @Outcome(
            id = "HALF_OPEN 3 told HoldEnded:2 HalfOpened:3, free",
            expect = ACCEPTABLE,
            desc = "released, and the call is the probe")
    @Outcome(id = "CLOSED.*", expect = FORBIDDEN, desc = "closed without a probe")
    @Outcome(
            id = ".*HalfOpened:3 HoldEnded.*",
            expect = FORBIDDEN,
            desc = "a probe was admitted while it was held open")
    @Outcome(id = ".*held.*", expect = FORBIDDEN, desc = "the release is lost")
    @State
    public static class ReleaseAgainstCall {
        private final Subject subject = Subject.closed(TripRaces.ONE).held(OPEN);

        @Actor
        public void call() {
            subject.circuit.tryAcquire();
        }

        @Actor
        public void release() {
            subject.circuit.release();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = heldAs(subject);
        }
    }

    /** Two people do not agree. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told HoldPlaced:1 HoldEnded:1 HoldPlaced:1 Opened:2, held OPEN",
            expect = ACCEPTABLE,
            desc = "held closed, then open")
    @Outcome(
            id = "CLOSED 3 told HoldPlaced:1 Opened:2 HoldEnded:2 HoldPlaced:2 Closed:3, held CLOSED",
            expect = ACCEPTABLE,
            desc = "held open, then closed")
    @Outcome(id = "OPEN.*held CLOSED", expect = FORBIDDEN, desc = "open while it is held closed")
    @Outcome(id = "CLOSED.*held OPEN", expect = FORBIDDEN, desc = "closed while it is held open")
    @State
    public static class TwoHolds {
        private final Subject subject = Subject.closed(TripRaces.ONE);

        @Actor
        public void holdOpen() {
            subject.circuit.hold(OPEN);
        }

        @Actor
        public void holdClosed() {
            subject.circuit.hold(CLOSED);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = heldAs(subject);
        }
    }
}
