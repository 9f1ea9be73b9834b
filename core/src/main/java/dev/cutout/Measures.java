package dev.cutout;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What every call would have to pay for, and so is counted only where someone asked: successes, and durations. */
final class Measures {
    private final boolean timesCalls;
    /** Incremented by each success; striped, since in a healthy service it is the only word that every call writes. */
    private final LongAdder successes = new LongAdder();
    /** Nanoseconds from permit to answer, of successes and failures. */
    private final LongAdder nanos = new LongAdder();

    Measures(boolean timesCalls) {
        this.timesCalls = timesCalls;
    }

    /** A success of which nothing else is to be known. */
    void countSuccess() {
        successes.increment();
    }

    /** An answer that counted, {@code elapsed} nanoseconds after its permit; any number where calls are not timed. */
    void record(Outcome outcome, long elapsed) {
        if (outcome == Outcome.SUCCESS) {
            countSuccess();
        }
        if (timesCalls && outcome != Outcome.IGNORED) {
            nanos.add(elapsed);
        }
    }

    long successes() {
        return successes.sum();
    }

    Optional<Duration> totalDuration() {
        return timesCalls ? Optional.of(Duration.ofNanos(nanos.sum())) : Optional.empty();
    }
}
