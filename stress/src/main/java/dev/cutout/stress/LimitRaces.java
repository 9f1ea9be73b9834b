package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import dev.cutout.Subject;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The limit on calls in flight: never more than that, never fewer than none, and every place comes back. */
public final class LimitRaces {
    private static final CircuitSettings ONE = TripRaces.TWO.withLimit(1);
    private static final CircuitSettings TWO = TripRaces.TWO.withLimit(2);

    private LimitRaces() {}

    private static int admitted(@Nullable Permit... permits) {
        int admitted = 0;
        for (Permit permit : permits) {
            admitted += permit == null ? 0 : 1;
        }
        return admitted;
    }

    /** Two calls for one place. Seen to fail with a count that is read and then written. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one is admitted")
    @Outcome(id = "2, .*", expect = FORBIDDEN, desc = "two calls where one is allowed")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "refused although a place is free")
    @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "the count is not what was admitted")
    @State
    public static class TwoForOne {
        private final Subject subject = Subject.closed(ONE);
        private @Nullable Permit first;
        private @Nullable Permit second;

        @Actor
        public void first() {
            first = subject.circuit.tryAcquire();
        }

        @Actor
        public void second() {
            second = subject.circuit.tryAcquire();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = admitted(first, second);
            r.r2 = subject.inFlight();
        }
    }

    /** Four calls for two places. */
    @JCStressTest
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "two are admitted")
    @Outcome(id = "[34], .*", expect = FORBIDDEN, desc = "more calls than are allowed")
    @Outcome(id = "[01], .*", expect = FORBIDDEN, desc = "refused although a place is free")
    @Outcome(id = "2, .*", expect = FORBIDDEN, desc = "the count is not what was admitted")
    @State
    public static class FourForTwo {
        private final Subject subject = Subject.closed(TWO);
        private @Nullable Permit first;
        private @Nullable Permit second;
        private @Nullable Permit third;
        private @Nullable Permit fourth;

        @Actor
        public void first() {
            first = subject.circuit.tryAcquire();
        }

        @Actor
        public void second() {
            second = subject.circuit.tryAcquire();
        }

        @Actor
        public void third() {
            third = subject.circuit.tryAcquire();
        }

        @Actor
        public void fourth() {
            fourth = subject.circuit.tryAcquire();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = admitted(first, second, third, fourth);
            r.r2 = subject.inFlight();
        }
    }

    /** The only place is given back while a call asks for it. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "asked after the place was free")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "asked before; the place is free now")
    @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "a place that nobody holds was not given back")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "a call is in flight and not counted")
    @Outcome(id = "., -.*", expect = FORBIDDEN, desc = "fewer than no calls in flight")
    @State
    public static class AnswerAgainstCall {
        private final Subject subject = Subject.closed(ONE);
        private final Permit before = subject.circuit.acquire();
        private @Nullable Permit after;

        @Actor
        public void answer() {
            before.success();
        }

        @Actor
        public void call() {
            after = subject.circuit.tryAcquire();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = admitted(after);
            r.r2 = subject.inFlight();
        }
    }

    /** Two threads come and go, each twice, and count each other. Seen to fail with a count that is read and then written. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "never two at once, and every place came back")
    @Outcome(id = "2, .*", expect = FORBIDDEN, desc = "two calls at once where one is allowed")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "all were refused, although nobody was there")
    @Outcome(id = "., -.*", expect = FORBIDDEN, desc = "fewer than no calls in flight")
    @Outcome(id = "., [1-9]", expect = FORBIDDEN, desc = "a place was not given back")
    @State
    public static class ComeAndGo {
        private final Subject subject = Subject.closed(ONE);
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        private void call() {
            Permit permit = subject.circuit.tryAcquire();
            if (permit != null) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                permit.success();
            }
        }

        @Actor
        public void first() {
            call();
            call();
        }

        @Actor
        public void second() {
            call();
            call();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = most.get();
            r.r2 = subject.inFlight();
        }
    }

    /** The permit that gives the place back is answered twice. Seen to fail with a permit that reads its grant and then clears it. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "one place came back")
    @Outcome(id = "-1, .*", expect = FORBIDDEN, desc = "one call gave two places back")
    @Outcome(id = "0, 2", expect = FORBIDDEN, desc = "two calls where one is allowed")
    @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "the place was not given back")
    @State
    public static class AnsweredTwice {
        private final Subject subject = Subject.closed(ONE);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void success() {
            permit.success();
        }

        @Actor
        public void close() {
            permit.close();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = subject.inFlight();
            r.r2 = admitted(subject.circuit.tryAcquire(), subject.circuit.tryAcquire());
        }
    }

    /** The limit is raised while the only place is given back. */
    @JCStressTest
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "the place came back, and two may come")
    @Outcome(id = "-1, .*", expect = FORBIDDEN, desc = "fewer than no calls in flight")
    @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "the place was not given back")
    @Outcome(id = "0, .*", expect = FORBIDDEN, desc = "the new limit is not what is allowed")
    @State
    public static class AnswerAgainstHigherLimit {
        private final Subject subject = Subject.closed(ONE);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void answer() {
            permit.success();
        }

        @Actor
        public void raise() {
            subject.circuit.reconfigure(TWO);
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = subject.inFlight();
            r.r2 = admitted(subject.circuit.tryAcquire(), subject.circuit.tryAcquire(), subject.circuit.tryAcquire());
        }
    }
}
