package dev.cutout;

/** The state of a circuit. There are only these three; a {@link Hold} is not a state, and is shown beside it. */
public enum CircuitState {
    /** Calls pass and are judged. The default. */
    CLOSED,
    /** Calls are refused, until the next probe is let through. */
    OPEN,
    /** A few probes are under way; their answers decide whether the circuit closes or opens again. */
    HALF_OPEN
}
