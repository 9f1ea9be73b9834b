package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one breaker told its listener, and whether it hangs together.
 *
 * <p>The list is not thread-safe, on purpose: a breaker tells one event after the other, whichever threads made them.
 */
final class History implements Consumer<CircuitEvent> {
    private final List<CircuitEvent> events = new ArrayList<>();
    /** Where the events that were checked have led; null before the first check. */
    private @Nullable Told told;
    /** How many of the events were checked. */
    private int followed;

    @Override
    public void accept(CircuitEvent event) {
        events.add(event);
    }

    List<CircuitEvent> events() {
        return events;
    }

    int openings() {
        int openings = 0;
        for (CircuitEvent event : events) {
            openings += event instanceof CircuitEvent.Opened ? 1 : 0;
        }
        return openings;
    }

    /**
     * Fails unless every transition was told once and in order: the generations have no gap, each begins where the one before it ended and for a
     * reason that the hold in force allows, no probe comes before it is due, holds end before others begin and no later than was said,
     * settings follow from those before, and the last of it all is what the breaker shows now. A hold that is in force is lifted.
     *
     * @param first the settings that the breaker was made with
     * @return what the breaker shows now
     */
    CircuitSnapshot check(CircuitBreaker circuit, CircuitSettings first) {
        circuit.release(); // ends a hold, if there is one, after everything that is overdue
        if (told == null) {
            told = new Told(first);
        }
        for (; followed < events.size(); followed++) {
            told.follow(events.get(followed));
        }
        CircuitSnapshot now = circuit.snapshot();
        told.isNow(now);
        return now;
    }

    /** Forgets the events that were checked, so that a history may be endless; where they led stays known. */
    void forgetChecked() {
        events.subList(0, followed).clear();
        followed = 0;
    }

    /** Where the events have led so far. */
    @SuppressWarnings("ReferenceEquality") // the very objects: two openings can be equal, and one of them untold
    private static final class Told {
        private long generation = 1;
        private CircuitState state = CircuitState.CLOSED;
        private CircuitSettings settings;
        private CircuitEvent.@Nullable HoldPlaced placing;
        private CircuitEvent.@Nullable Opened opening;
        /** The earliest reading of the ticker at which a probe may be let through, while open. */
        private long due;

        Told(CircuitSettings first) {
            settings = first;
        }

        // No text is made of an event that is as it should be: the checks also run where every step is watched.
        void follow(CircuitEvent event) {
            if (event instanceof CircuitEvent.Opened opened) {
                begins(event, opened.from(), CircuitState.OPEN);
                holds(opened.from() != CircuitState.OPEN, "opened twice", event);
                boolean byEvidence = opened.probeIn().isPresent();
                holds(byEvidence ? !isHeld(Hold.Kind.CLOSED) : isHeld(Hold.Kind.OPEN), "no reason to open", event);
                opening = opened;
                due = opened.nanos() + opened.probeIn().orElse(Duration.ZERO).toNanos();
            } else if (event instanceof CircuitEvent.HalfOpened) {
                begins(event, CircuitState.OPEN, CircuitState.HALF_OPEN);
                holds(!isHeld(Hold.Kind.OPEN), "a probe while held open", event);
                holds(event.nanos() - due >= 0, "a probe before it was due", event);
            } else if (event instanceof CircuitEvent.Closed closed) {
                begins(event, closed.from(), CircuitState.CLOSED);
                holds(!isHeld(Hold.Kind.OPEN), "closed while held open", event);
                boolean byOrder = closed.evidence().equals("reset") || isHeld(Hold.Kind.CLOSED);
                holds(byOrder || closed.from() == CircuitState.HALF_OPEN, "no reason to close", event);
                opening = null;
            } else {
                holds(event.generation() == generation, "told in another generation", event);
                follows(event);
            }
        }

        private void begins(CircuitEvent event, CircuitState from, CircuitState to) {
            holds(event.generation() == generation + 1, "a gap between generations", event);
            holds(from == state, "begins where nothing ended", event);
            generation++;
            state = to;
        }

        private void follows(CircuitEvent event) {
            if (event instanceof CircuitEvent.HoldPlaced placed) {
                holds(placing == null, "a second hold", event);
                placing = placed;
            } else if (event instanceof CircuitEvent.HoldEnded ended) {
                holds(placing != null && placing.hold() == ended.hold(), "another hold ends", event);
                endsInTime(ended);
                if (isHeld(Hold.Kind.OPEN)) {
                    due = ended.nanos(); // whatever was before: the circuit resumes at probing
                }
                placing = null;
            } else if (event instanceof CircuitEvent.Reconfigured changed) {
                holds(changed.before() == settings, "other settings before", event);
                settings = changed.settings();
                if (opening != null) {
                    long sooner = opening.nanos() + settings.firstWait().toNanos();
                    due = sooner - due < 0 ? sooner : due;
                }
            }
        }

        private void endsInTime(CircuitEvent.HoldEnded ended) {
            Duration length = ended.hold().length().orElse(null);
            if (length == null) {
                holds(ended.lifted(), "a hold without an end ends by itself", ended);
            } else {
                long overdue = ended.nanos() - (placing.nanos() + length.toNanos());
                holds(ended.lifted() ? overdue < 0 : overdue == 0, "a hold ends at another time than was said", ended);
            }
        }

        private boolean isHeld(Hold.Kind kind) {
            return placing != null && placing.hold().kind() == kind;
        }

        void isNow(CircuitSnapshot now) {
            holds(now.generation() == generation, "a generation untold", now);
            holds(now.state() == state, "a state untold", now);
            holds(now.settings() == settings, "settings untold", now);
            holds(now.hold().orElse(null) == (placing == null ? null : placing.hold()), "a hold untold", now);
            holds(now.opening().orElse(null) == opening, "an opening untold", now);
        }

        private void holds(boolean truth, String what, Object at) {
            if (!truth) {
                throw new IllegalStateException(what + " after generation " + generation + ": " + at);
            }
        }
    }
}
