package dev.cutout.lab.simulate;

import dev.cutout.CircuitState;

/** A guard that has the states of a circuit, and shows them to the {@link Timeline}. */
public interface Stateful extends Guard {
    /** The state at this moment. Reading it changes nothing. */
    CircuitState state();
}
