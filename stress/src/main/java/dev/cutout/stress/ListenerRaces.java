package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitState;
import dev.cutout.Permit;
import dev.cutout.Subject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Listeners that come and go while the circuit opens, and what they see. */
public final class ListenerRaces {
    private ListenerRaces() {}

    /** Counts what it is told, and looks at the circuit each time. */
    private static final class Onlooker implements Consumer<CircuitEvent> {
        private final CircuitBreaker circuit;
        private int told;
        private @Nullable CircuitState seen;

        Onlooker(CircuitBreaker circuit) {
            this.circuit = circuit;
        }

        @Override
        public void accept(CircuitEvent event) {
            told++;
            seen = circuit.state();
        }
    }

    /** A listener comes. */
    @JCStressTest
    @Outcome(id = "0, null", expect = ACCEPTABLE, desc = "came after the event")
    @Outcome(id = "1, OPEN", expect = ACCEPTABLE, desc = "came before the event")
    @Outcome(id = "1, CLOSED", expect = FORBIDDEN, desc = "told of an opening that it cannot see")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "told twice of one event")
    @State
    public static class ComesWhileItOpens {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit permit = subject.circuit.acquire();
        private final Onlooker onlooker = new Onlooker(subject.circuit);

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void listen() {
            subject.circuit.onEvent(onlooker);
        }

        @Arbiter
        public void end(IL_Result r) {
            r.r1 = onlooker.told;
            r.r2 = String.valueOf(onlooker.seen);
        }
    }

    /** A listener goes. */
    @JCStressTest
    @Outcome(id = "0, null", expect = ACCEPTABLE, desc = "gone before the event")
    @Outcome(id = "1, OPEN", expect = ACCEPTABLE, desc = "gone after the event, or while it was told")
    @Outcome(id = "1, CLOSED", expect = FORBIDDEN, desc = "told of an opening that it cannot see")
    @Outcome(id = "[2-9], .*", expect = FORBIDDEN, desc = "told twice of one event")
    @State
    public static class GoesWhileItOpens {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit permit = subject.circuit.acquire();
        private final Onlooker onlooker = new Onlooker(subject.circuit);
        private final CircuitBreaker.Subscription subscription = subject.circuit.onEvent(onlooker);

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void stopListening() {
            subscription.close();
        }

        @Arbiter
        public void end(IL_Result r) {
            r.r1 = onlooker.told;
            r.r2 = String.valueOf(onlooker.seen);
        }
    }

    /**
     * Two threads make a transition each; every event finds its generation in force, or a later one. Seen to fail with announcers that deliver at the
     * same time.
     */
    @JCStressTest
    @Outcome(id = "CLOSED 2 told Closed:2, in time", expect = ACCEPTABLE, desc = "reset before the failure was judged")
    @Outcome(id = "CLOSED 3 told Opened:2 Closed:3, in time", expect = ACCEPTABLE, desc = "opened, then reset")
    @Outcome(id = ".*(Closed:3 Closed:3|Opened:2 Opened:2).*", expect = FORBIDDEN, desc = "told twice of one event")
    @Outcome(id = ".*Closed:3 Opened:2.*", expect = FORBIDDEN, desc = "told in another order than it happened")
    @Outcome(
            id = "CLOSED 3 told (Opened:2|Closed:3|nothing).*",
            expect = FORBIDDEN,
            desc = "a transition that nobody was told of")
    @Outcome(id = ".*, too soon", expect = FORBIDDEN, desc = "told of a generation before it was in force")
    @State
    public static class TwoTransitions {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit permit = subject.circuit.acquire();
        private boolean tooSoon;

        public TwoTransitions() {
            subject.circuit.onEvent(
                    event -> tooSoon |= subject.circuit.snapshot().generation() < event.generation());
        }

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
            r.r2 = tooSoon ? "too soon" : "in time";
        }
    }
}
