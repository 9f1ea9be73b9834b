package dev.cutout.metrics;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Shows circuit breakers in Micrometer: one, several, or all of a registry as they come and go.
 *
 * <pre>{@code
 * new CircuitBreakerMetrics(inventory).bindTo(meterRegistry);
 * }</pre>
 *
 * The meters read what the breaker counts anyway, so they cost its calls nothing. Two things are counted only where the breaker was built for it:
 * successes ({@code countSuccesses()}), and durations ({@link CallTimers}).
 *
 * <p>Nothing is registered twice, however often and by however many of these a breaker is bound; breakers of one name are added up. A breaker that is
 * bound is not garbage before it is evicted from its registry or this is {@linkplain #close closed}. Counters never go back. Thread-safe.
 */
public final class CircuitBreakerMetrics implements MeterBinder, AutoCloseable {
    private final Collection<CircuitBreaker> circuits;
    private final @Nullable CircuitBreakerRegistry<?> registry;
    private final @Nullable CircuitNames names;

    /** What undoes each binding. */
    private final Queue<Runnable> bindings = new ConcurrentLinkedQueue<>();

    /** Of one breaker, under its name. */
    public CircuitBreakerMetrics(CircuitBreaker circuit) {
        this(List.of(circuit));
    }

    /** Of these breakers, each under its name. */
    public CircuitBreakerMetrics(Collection<CircuitBreaker> circuits) {
        this.circuits = List.copyOf(circuits);
        this.registry = null;
        this.names = null;
    }

    /**
     * Of every breaker of the registry from its creation to its eviction: the first 100 names under their own, all others together as {@code other}, since
     * keys may come from strangers. When a breaker is gone, its gauges go, and what it counted stays.
     */
    public CircuitBreakerMetrics(CircuitBreakerRegistry<?> registry) {
        this.circuits = List.of();
        this.registry = Objects.requireNonNull(registry, "registry");
        this.names = null;
    }

    /** Of every breaker of the registry, under these names. Give the same ones to {@link CallTimers}. */
    public CircuitBreakerMetrics(CircuitBreakerRegistry<?> registry, CircuitNames names) {
        this.circuits = List.of();
        this.registry = Objects.requireNonNull(registry, "registry");
        this.names = Objects.requireNonNull(names, "names");
    }

    /** Registers the meters; those that are there already stay. */
    @Override
    public void bindTo(MeterRegistry meters) {
        Switchboard board = Switchboard.of(meters);
        board.restore();
        if (registry != null) {
            bind(registry, names == null ? board.names() : names, board);
        }
        for (CircuitBreaker circuit : circuits) {
            board.add(circuit.name(), circuit, this);
        }
        bindings.add(() -> board.drop(this));
    }

    private <K> void bind(CircuitBreakerRegistry<K> kept, CircuitNames names, Switchboard board) {
        CircuitBreaker.Subscription removal = kept.onRemoval((key, circuit) -> board.evict(circuit, this));
        CircuitBreaker.Subscription creation =
                kept.onCreation((key, circuit) -> board.add(names.of(circuit.name()), circuit, this));
        kept.forEach((key, circuit) -> {
            board.add(names.of(circuit.name()), circuit, this);
            if (kept.find(key).orElse(null) != circuit) {
                board.evict(circuit, this); // it was evicted before it was added
            }
        });
        bindings.add(creation::close);
        bindings.add(removal::close);
    }

    /** Stops listening, and removes the meters of all breakers that nobody else has bound. Doing it again does nothing. */
    @Override
    public void close() {
        for (Runnable binding = bindings.poll(); binding != null; binding = bindings.poll()) {
            binding.run();
        }
    }
}
