package dev.cutout.metrics;

import dev.cutout.AnswerListener;
import dev.cutout.CircuitBreaker;
import dev.cutout.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Times the calls of circuit breakers, by outcome, in a {@code Timer} called {@code cutout.circuit.call.duration}; given to the builder of a breaker or of a
 * registry.
 *
 * <pre>{@code
 * CircuitBreaker inventory = CircuitBreaker.builder("inventory").onAnswer(new CallTimers(meterRegistry)).build();
 * new CircuitBreakerMetrics(inventory).bindTo(meterRegistry);
 * }</pre>
 *
 * Each call then reads the clock twice and records into the timer, and successes are counted. Thread-safe; one can serve any number of builders.
 */
public final class CallTimers implements Function<String, AnswerListener> {
    static final String NAME = "cutout.circuit.call.duration";
    static final String LATE = "late";

    /** Held here, so that its names are still the same when breakers are bound to it later. */
    private final Switchboard board;

    private final CircuitNames names;
    private final boolean histogram;

    private CallTimers(Switchboard board, CircuitNames names, boolean histogram) {
        this.board = board;
        this.names = Objects.requireNonNull(names, "names");
        this.histogram = histogram;
    }

    /** Timers in this registry, under the names that {@link CircuitBreakerMetrics} uses there when nothing is said. */
    public CallTimers(MeterRegistry meters) {
        this(meters, Switchboard.of(meters).names());
    }

    /** Timers in this registry, under these names: those given to {@link CircuitBreakerMetrics}. */
    public CallTimers(MeterRegistry meters, CircuitNames names) {
        this(Switchboard.of(meters), names, false);
    }

    /**
     * With the buckets that percentiles are computed from, some 70 time series for each outcome of each circuit. Default: without. Buckets of your own come
     * by a {@code MeterFilter}, as for any timer.
     */
    public CallTimers withHistogram() {
        return new CallTimers(board, names, true);
    }

    /** The timers of the circuit of this name. For {@link CircuitBreaker.Builder#onAnswer(Function)}, which calls it. */
    @Override
    public AnswerListener apply(String circuit) {
        return new CallTimer(names.of(circuit));
    }

    /** The timers of one circuit. */
    private final class CallTimer implements AnswerListener {
        private final String circuit;
        private final Timer successes;
        private final Timer failures;
        /** Made when there is something to time: most circuits have no such answers. */
        private volatile @Nullable Timer ignored;

        private volatile @Nullable Timer late;

        CallTimer(String circuit) {
            this.circuit = circuit;
            this.successes = timer(nameOf(Outcome.SUCCESS));
            this.failures = timer(nameOf(Outcome.FAILURE));
        }

        private Timer timer(String outcome) {
            Timer.Builder builder = Timer.builder(NAME)
                    .description("Time from the permit to the answer of a call")
                    .tag(Meters.CIRCUIT, circuit)
                    .tag(Meters.OUTCOME, outcome);
            return (histogram ? builder.publishPercentileHistogram() : builder).register(board.meters());
        }

        @Override
        public void answered(Outcome outcome, long nanos, boolean slow, boolean wasLate) {
            timerOf(outcome, wasLate).record(nanos, TimeUnit.NANOSECONDS);
        }

        private Timer timerOf(Outcome outcome, boolean wasLate) {
            if (wasLate) {
                Timer present = late;
                if (present == null) {
                    present = timer(LATE);
                    late = present;
                }
                return present;
            }
            return switch (outcome) {
                case SUCCESS -> successes;
                case FAILURE -> failures;
                case IGNORED -> {
                    Timer present = ignored;
                    if (present == null) {
                        present = timer(nameOf(Outcome.IGNORED));
                        ignored = present;
                    }
                    yield present;
                }
            };
        }

        private static String nameOf(Outcome outcome) {
            return outcome.name().toLowerCase(Locale.ROOT);
        }
    }
}
