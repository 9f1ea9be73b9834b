package dev.cutout;

/**
 * Told of every answer of a circuit's calls: for a histogram of durations, say. {@link CircuitBreaker.Builder#onAnswer} says what it costs.
 *
 * <p>It runs on the thread that answers, before the caller has the result and after what the answer brought about is visible, so it should
 * be quick. Called by many threads at once. If it throws, that is logged once and changes nothing.
 */
@FunctionalInterface
public interface AnswerListener {
    /**
     * A call has answered. Refused calls do not, nor do those that pass only because the circuit is {@linkplain Hold#observing() observing}.
     *
     * @param outcome what was made of the answer
     * @param nanos from the permit to the answer, in nanoseconds; never negative
     * @param slow whether the call took longer than the settings' {@code slow}
     * @param late whether its generation was over, or its probe had lapsed, so that the answer counts nowhere
     */
    void answered(Outcome outcome, long nanos, boolean slow, boolean late);
}
