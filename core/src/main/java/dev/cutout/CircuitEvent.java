package dev.cutout;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened to a circuit, told once to each listener, in the order in which it happened. Refusals are counted, they are
 * no events.
 *
 * <p>{@link #nanos()} is a reading of the breaker's {@link Ticker}: it tells how far apart two events are, and no wall time. What
 * became due while nobody called (a lapsed probe, the end of a hold) is told by the next call, with the reading at which it was due.
 */
public sealed interface CircuitEvent {
    /** The name of the circuit. */
    String circuit();

    /** The generation that began with this event, or in which it happened. */
    long generation();

    /** When it happened, as the breaker's ticker reads. */
    long nanos();

    /**
     * The circuit opened.
     *
     * @param from the state before
     * @param evidence what was seen, in words and numbers
     * @param failure the exception that was the last of it, if it was an exception
     * @param failureClass the class of that exception, without wrappers, or of the result that was judged a failure
     * @param probeIn how long until the next probe; empty if the circuit is held open
     */
    record Opened(
            String circuit,
            long generation,
            long nanos,
            CircuitState from,
            String evidence,
            Optional<Throwable> failure,
            Optional<Class<?>> failureClass,
            Optional<Duration> probeIn)
            implements CircuitEvent {

        @Override
        public String toString() {
            return "Circuit '" + circuit + "' opened: " + evidence
                    + probeIn.map(time -> "; next probe in " + DurationText.brief(time))
                            .orElse("");
        }
    }

    /**
     * The circuit is finding out: probes are let through, or a growing share of the calls.
     *
     * @param from the state before; closed, if so many calls failed that fewer are tried
     * @param evidence what was seen, in words and numbers
     */
    record HalfOpened(String circuit, long generation, long nanos, CircuitState from, String evidence)
            implements CircuitEvent {
        @Override
        public String toString() {
            return "Circuit '" + circuit + "' is half-open: " + evidence;
        }
    }

    /**
     * The circuit closed.
     *
     * @param from the state before; closed, if a closed circuit was reset
     * @param evidence what was seen, in words and numbers
     */
    record Closed(String circuit, long generation, long nanos, CircuitState from, String evidence)
            implements CircuitEvent {
        @Override
        public String toString() {
            return "Circuit '" + circuit + "' closed: " + evidence;
        }
    }

    /** A hold was placed. A change of state that it brings is told right after. */
    record HoldPlaced(String circuit, long generation, long nanos, Hold hold) implements CircuitEvent {
        @Override
        public String toString() {
            return "Circuit '" + circuit + "' is " + hold;
        }
    }

    /**
     * A hold is over.
     *
     * @param lifted whether someone lifted or replaced it; else its time had come
     */
    record HoldEnded(String circuit, long generation, long nanos, Hold hold, boolean lifted) implements CircuitEvent {
        @Override
        public String toString() {
            return "Circuit '" + circuit + "' is no longer " + hold + (lifted ? " (lifted)" : " (its time is over)");
        }
    }

    /** The settings were changed while running. */
    record Reconfigured(String circuit, long generation, long nanos, CircuitSettings before, CircuitSettings settings)
            implements CircuitEvent {
        @Override
        public String toString() {
            return "Circuit '" + circuit + "' is reconfigured: " + settings + " (before: " + before + ")";
        }
    }
}
