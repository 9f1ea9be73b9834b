package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitSettings;
import dev.cutout.Hold;
import dev.cutout.Permit;
import dev.cutout.Subject;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A reset against everything. */
public final class ResetRaces {
    private static final CircuitSettings LIMITED = TripRaces.TWO.withLimit(1);

    private ResetRaces() {}

    /**
     * A call admitted before the reset fails, which would be enough to open. Seen to fail with a trip that does not compare the generation once
     * more.
     */
    @JCStressTest
    @Outcome(
            id = "CLOSED 2 told Closed:2, 0 failures in a row",
            expect = ACCEPTABLE,
            desc = "reset before the failure was judged")
    @Outcome(
            id = "CLOSED 3 told Opened:2 Closed:3, 0 failures in a row",
            expect = ACCEPTABLE,
            desc = "the failure opened, and the reset closed")
    @Outcome(id = "OPEN 3.*", expect = FORBIDDEN, desc = "a failure of before the reset opened the circuit after it")
    @Outcome(id = "OPEN 2.*", expect = FORBIDDEN, desc = "the reset is lost")
    @Outcome(id = ".*, 1 failure in a row", expect = FORBIDDEN, desc = "a failure of before the reset counts after it")
    @State
    public static class AgainstTrip {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }

    /** The probe succeeds. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 0 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "reset; the answer was late")
    @Outcome(
            id = "CLOSED 5 told Closed:4 Closed:5, 1 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the probe closed, and the reset began anew")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the reset is lost")
    @Outcome(id = "CLOSED 4 .*, 1 good.*", expect = FORBIDDEN, desc = "one transition for two reasons")
    @State
    public static class AgainstProbeSuccess {
        private final Subject subject = Subject.dueForProbe(TripRaces.ONE);
        private final Permit probe = subject.probe();

        @Actor
        public void success() {
            probe.success();
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** The probe fails. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 0 good 1 bad 0 ignored 1 late",
            expect = ACCEPTABLE,
            desc = "reset; the answer was late")
    @Outcome(
            id = "CLOSED 5 told Opened:4 Closed:5, 0 good 2 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the probe opened, and the reset closed")
    @Outcome(
            id = "OPEN.*",
            expect = FORBIDDEN,
            desc = "a probe of before the reset opened the circuit after it, or the reset is lost")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the reset is lost")
    @State
    public static class AgainstProbeFailure {
        private final Subject subject = Subject.dueForProbe(TripRaces.ONE);
        private final Permit probe = subject.probe();

        @Actor
        public void failure() {
            probe.failure(Subject.outage());
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** A hold is placed: a reset never ends it. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told HoldPlaced:1 Opened:2, true",
            expect = ACCEPTABLE,
            desc = "held open: the reset forgot, and left it open")
    @Outcome(
            id = "OPEN 3 told Closed:2 HoldPlaced:2 Opened:3, true",
            expect = ACCEPTABLE,
            desc = "reset, then held open")
    @Outcome(id = ".*, false", expect = FORBIDDEN, desc = "the hold is lost")
    @Outcome(id = "CLOSED.*, true", expect = FORBIDDEN, desc = "closed while it is held open")
    @State
    public static class AgainstHoldOpen {
        private static final Hold OPEN = Hold.open();

        private final Subject subject = Subject.closed(TripRaces.ONE);

        @Actor
        public void hold() {
            subject.circuit.hold(OPEN);
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.circuit.snapshot().hold().isPresent();
        }
    }

    /** The settings change. */
    @JCStressTest
    @Outcome(id = "CLOSED 2 told Reconfigured:1 Closed:2, true", expect = ACCEPTABLE, desc = "changed, then reset")
    @Outcome(id = "CLOSED 2 told Closed:2 Reconfigured:2, true", expect = ACCEPTABLE, desc = "reset, then changed")
    @Outcome(id = ".*, false", expect = FORBIDDEN, desc = "the new settings are lost")
    @Outcome(id = "CLOSED 1.*", expect = FORBIDDEN, desc = "the reset is lost")
    @State
    public static class AgainstReconfigure {
        private final Subject subject = Subject.closed(TripRaces.ONE);

        @Actor
        public void reconfigure() {
            subject.circuit.reconfigure(TripRaces.TWO);
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.circuit.settings().equals(TripRaces.TWO);
        }
    }

    /** The one call in flight answers. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "no call is in flight, and there is room for one")
    @Outcome(
            id = "-.*",
            expect = FORBIDDEN,
            desc = "fewer than no calls in flight: a place was given back that was forgotten")
    @Outcome(id = "[1-9].*", expect = FORBIDDEN, desc = "a place that nobody holds was not given back")
    @State
    public static class AgainstAnswerInFlight {
        private final Subject subject = Subject.closed(LIMITED);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void answer() {
            permit.success();
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = subject.inFlight();
            r.r2 = (subject.circuit.tryAcquire() == null ? 0 : 1) + (subject.circuit.tryAcquire() == null ? 0 : 1);
        }
    }

    /** A call comes, and answers after the race. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "no call is in flight, and there is room for one")
    @Outcome(
            id = "-.*",
            expect = FORBIDDEN,
            desc = "fewer than no calls in flight: a place was given back that was forgotten")
    @Outcome(id = "[1-9].*", expect = FORBIDDEN, desc = "a place that nobody holds was not given back")
    @State
    public static class AgainstCall {
        private final Subject subject = Subject.closed(LIMITED);
        private @Nullable Permit permit;

        @Actor
        public void call() {
            permit = subject.circuit.tryAcquire();
        }

        @Actor
        public void reset() {
            subject.circuit.reset();
        }

        @Arbiter
        public void end(II_Result r) {
            if (permit != null) {
                permit.success();
            }
            r.r1 = subject.inFlight();
            r.r2 = (subject.circuit.tryAcquire() == null ? 0 : 1) + (subject.circuit.tryAcquire() == null ? 0 : 1);
        }
    }
}
