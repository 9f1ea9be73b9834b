package dev.cutout;

/**
 * How far the wait has grown.
 *
 * @param step how often the circuit opened in a row before this wait was drawn
 * @param nanos the wait that was drawn; 0 if there was none yet
 */
record Backoff(int step, long nanos) {
    /** Of a circuit that has not opened yet, or forgot that it did. */
    static final Backoff NONE = new Backoff(0, 0);

    /** The step of the wait after this one, when the circuit was closed for so long in between. Closed as long as the last wait, it starts anew. */
    int stepAfter(long closedFor) {
        return nanos == 0 || closedFor >= nanos ? 0 : step + 1;
    }
}
