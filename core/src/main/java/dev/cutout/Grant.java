package dev.cutout;

/**
 * The right to make one call, as a generation gives it. It carries what the answer needs to find its way back; in closed
 * it is the generation itself, so that a call costs no object.
 */
sealed interface Grant extends Admission permits Closed, Grant.Probe, Grant.Paced, Grant.Shadow {

    /** Whether the call is timed from its permit. */
    boolean isTimed();

    /** Whether recording this outcome takes a reading of the clock. */
    boolean isClocked(Outcome outcome);

    /**
     * Whether a call between these readings was slow.
     *
     * @param start of a closed circuit's call; a probe knows its own
     */
    boolean isSlow(long start, long now);

    /**
     * A call admitted to find out how the dependency is.
     *
     * @param generation the generation with this probe under way, to be installed by whoever asked
     * @param lease which of its probes this is
     * @param start ticker reading at which the probe was admitted
     */
    record Probe(Leased generation, int lease, long start) implements Grant {
        @Override
        public boolean isTimed() {
            return true;
        }

        @Override
        public boolean isClocked(Outcome outcome) {
            return true; // it may have lapsed
        }

        @Override
        public boolean isSlow(long ignored, long now) {
            return now - start > generation.plan.slowNanos();
        }
    }

    /**
     * A call admitted on the ramp.
     *
     * @param start ticker reading at which it was admitted
     * @param lease the period in which it was admitted, see {@link Lane}
     * @param cut how often the ramp had been cut back by then
     */
    record Paced(Ramp ramp, long start, int lease, int cut) implements Grant {
        @Override
        public boolean isTimed() {
            return true;
        }

        @Override
        public boolean isClocked(Outcome outcome) {
            return true; // how long it took is what the ramp goes by
        }

        @Override
        public boolean isSlow(long ignored, long now) {
            return now - start > ramp.plan.slowNanos();
        }
    }

    /** A call that the circuit would have refused, had it not been told to observe only. Its answer counts nowhere. */
    enum Shadow implements Grant {
        SHADOW;

        @Override
        public boolean isTimed() {
            return false;
        }

        @Override
        public boolean isClocked(Outcome outcome) {
            return false;
        }

        @Override
        public boolean isSlow(long start, long now) {
            return false;
        }
    }
}
