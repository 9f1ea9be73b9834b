package dev.cutout;

/**
 * The right to make one call, as a generation gives it. It carries what the answer needs to find its way back; in closed
 * it is the generation itself, so that a call costs no object.
 */
sealed interface Grant extends Admission permits Closed, Grant.Probe, Grant.Shadow {

    /**
     * A call admitted while half-open.
     *
     * @param generation the half-open generation with this probe under way, to be installed by whoever asked
     * @param lease which of its probes this is
     * @param start ticker reading at which the probe was admitted
     */
    record Probe(HalfOpen generation, int lease, long start) implements Grant {}

    /** A call that the circuit would have refused, had it not been told to observe only. Its answer counts nowhere. */
    enum Shadow implements Grant {
        SHADOW
    }
}
