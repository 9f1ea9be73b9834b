package dev.cutout.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import dev.cutout.HandWoundTicker;
import java.util.concurrent.atomic.AtomicInteger;

/** Breakers that count everything and stand still in time, and what they counted. */
final class Circuits {
    private static final AtomicInteger MADE = new AtomicInteger();

    private Circuits() {}

    static CircuitBreaker.Builder counting(String settings, HandWoundTicker ticker) {
        return CircuitBreaker.builder("circuit " + MADE.incrementAndGet())
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .countSuccesses();
    }

    /** As {@code "1 good, 0 bad, 0 ignored"}. */
    static String counted(CircuitBreaker circuit) {
        CircuitSnapshot.Counts counts = circuit.snapshot().counts();
        assertThat(counts.late()).as("late answers").isZero();
        return counts.successes().orElseThrow() + " good, " + counts.failures() + " bad, " + counts.ignored()
                + " ignored";
    }
}
