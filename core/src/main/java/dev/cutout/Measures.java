package dev.cutout;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * What every call would have to pay for, and so is counted only where someone asked: successes and durations; and who wants to be told of each answer.
 */
final class Measures {
    private final String circuit;
    private final boolean timesCalls;
    private final AnswerListeners shared;
    private final AnswerListener[] listeners;
    /** Incremented by each success; striped, since in a healthy service it is the only word that every call writes. */
    private final LongAdder successes = new LongAdder();
    /** Nanoseconds from permit to answer, of successes and failures. */
    private final LongAdder nanos = new LongAdder();

    Measures(String circuit, boolean timesCalls, AnswerListeners listeners) {
        this.circuit = circuit;
        this.timesCalls = timesCalls;
        this.shared = listeners;
        this.listeners = listeners.of(circuit);
    }

    /** A success of which nothing else is to be known. */
    void countSuccess() {
        successes.increment();
    }

    /** An answer that counted, {@code elapsed} nanoseconds after its permit; any number where nobody asked for durations. */
    void record(Outcome outcome, long elapsed, boolean slow) {
        if (outcome == Outcome.SUCCESS) {
            countSuccess();
        }
        if (timesCalls && outcome != Outcome.IGNORED) {
            nanos.add(elapsed);
        }
        tell(outcome, elapsed, slow, false);
    }

    /** An answer that was late: it counts nowhere, and is heard of all the same. */
    void recordLate(Outcome outcome, long elapsed, boolean slow) {
        tell(outcome, elapsed, slow, true);
    }

    private void tell(Outcome outcome, long elapsed, boolean slow, boolean late) {
        for (AnswerListener listener : listeners) {
            try {
                listener.answered(outcome, Math.max(0, elapsed), slow, late);
            } catch (Throwable thrown) {
                shared.complain(circuit, thrown);
            }
        }
    }

    long successes() {
        return successes.sum();
    }

    Optional<Duration> totalDuration() {
        return timesCalls ? Optional.of(Duration.ofNanos(nanos.sum())) : Optional.empty();
    }
}
