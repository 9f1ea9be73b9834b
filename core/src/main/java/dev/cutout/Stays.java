package dev.cutout;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How often a circuit moved and how long it stayed, by state; gathered for one reading, on one thread. */
final class Stays {
    final Map<CircuitSnapshot.Transition, Long> transitions = new TreeMap<>();
    final Map<CircuitState, Duration> timeIn = new EnumMap<>(CircuitState.class);

    void stayed(CircuitState in, long nanos) {
        timeIn.merge(in, Duration.ofNanos(Math.max(0, nanos)), Duration::plus);
    }

    void moved(CircuitState from, CircuitState to, long times) {
        transitions.merge(new CircuitSnapshot.Transition(from, to), times, Long::sum);
    }
}
