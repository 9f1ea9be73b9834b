package dev.cutout;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A transition in a flight recording, with the stack of the call that made it. */
@Name("dev.cutout.CircuitTransition")
@Label("Circuit Transition")
@Description("A circuit breaker moved from one state to another")
@Category("Circuit Breaker")
@SuppressWarnings("UnusedVariable") // the Flight Recorder reads the fields
final class TransitionRecord extends Event {
    /** Only asked whether records of its kind are wanted, so that asking makes no object. */
    private static final TransitionRecord ANY = new TransitionRecord();

    @Label("Circuit")
    @Nullable String circuit;

    @Label("From")
    @Description("The state before")
    @Nullable String from;

    @Label("To")
    @Description("The state from now on")
    @Nullable String to;

    @Label("Evidence")
    @Description("What was seen that made it move, in words and numbers")
    @Nullable String evidence;

    @Label("Generation")
    @Description("The number of the stay that begins; they have no gaps")
    long generation;

    @Label("Time in State")
    @Description("How long the stay before lasted")
    @Timespan(Timespan.NANOSECONDS)
    long timeInState;

    private TransitionRecord() {}

    static boolean isWanted() {
        return ANY.isEnabled();
    }

    static void write(Generation before, Generation after) {
        TransitionRecord written = new TransitionRecord();
        written.circuit = after.name();
        written.from = before.state().name();
        written.to = after.state().name();
        written.evidence = after.news == null ? null : evidenceOf(after.news.event);
        written.generation = after.number;
        written.timeInState = Math.max(0, after.since - before.since);
        written.commit();
    }

    /** The last event of a generation that begins a stay is the one that tells of it. */
    private static @Nullable String evidenceOf(CircuitEvent event) {
        if (event instanceof CircuitEvent.Opened opened) {
            return opened.evidence();
        }
        if (event instanceof CircuitEvent.HalfOpened halfOpened) {
            return halfOpened.evidence();
        }
        return event instanceof CircuitEvent.Closed closed ? closed.evidence() : null;
    }
}
