package dev.cutout;

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
     * Fails unless every transition was told once and in order: the generations have no gap, each begins where the one before it ended, holds
     * end before others begin, settings follow from those before, and the last of it all is what the breaker shows now. A hold that is in force is lifted.
     *
     * @param first the settings that the breaker was made with
     * @return what the breaker shows now
     */
    CircuitSnapshot check(CircuitBreaker circuit, CircuitSettings first) {
        circuit.release(); // ends a hold, if there is one, after everything that is overdue
        Told told = new Told(first);
        events.forEach(told::follow);
        CircuitSnapshot now = circuit.snapshot();
        told.isNow(now);
        return now;
    }

    /** Where the events have led so far. */
    @SuppressWarnings("ReferenceEquality") // the very objects: two openings can be equal, and one of them untold
    private static final class Told {
        private long generation = 1;
        private CircuitState state = CircuitState.CLOSED;
        private CircuitSettings settings;
        private @Nullable Hold hold;
        private CircuitEvent.@Nullable Opened opening;

        Told(CircuitSettings first) {
            settings = first;
        }

        // No text is made of an event that is as it should be: the checks also run where every step is watched.
        void follow(CircuitEvent event) {
            if (event instanceof CircuitEvent.Opened opened) {
                begins(event, opened.from(), CircuitState.OPEN);
                holds(opened.from() != CircuitState.OPEN, "opened twice", event);
                opening = opened;
            } else if (event instanceof CircuitEvent.HalfOpened) {
                begins(event, CircuitState.OPEN, CircuitState.HALF_OPEN);
            } else if (event instanceof CircuitEvent.Closed closed) {
                begins(event, closed.from(), CircuitState.CLOSED);
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
                holds(hold == null, "a second hold", event);
                hold = placed.hold();
            } else if (event instanceof CircuitEvent.HoldEnded ended) {
                holds(hold == ended.hold(), "another hold ends", event);
                hold = null;
            } else if (event instanceof CircuitEvent.Reconfigured changed) {
                holds(changed.before() == settings, "other settings before", event);
                settings = changed.settings();
            }
        }

        void isNow(CircuitSnapshot now) {
            holds(now.generation() == generation, "a generation untold", now);
            holds(now.state() == state, "a state untold", now);
            holds(now.settings() == settings, "settings untold", now);
            holds(now.hold().orElse(null) == hold, "a hold untold", now);
            holds(now.opening().orElse(null) == opening, "an opening untold", now);
        }

        private void holds(boolean truth, String what, Object at) {
            if (!truth) {
                throw new IllegalStateException(what + " after generation " + generation + ": " + at);
            }
        }
    }
}
