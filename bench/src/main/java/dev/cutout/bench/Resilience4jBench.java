package dev.cutout.bench;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Resilience4j, with the windows and rates of {@link Settings}; what is not said is its default. */
@State(Scope.Benchmark)
public class Resilience4jBench {
    static final CircuitBreakerConfig COUNT =
            config(100, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.SYNCHRONIZED, true);
    static final CircuitBreakerConfig COUNT_LOCK_FREE =
            config(100, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE, true);
    static final CircuitBreakerConfig TIME =
            config(10, SlidingWindowType.TIME_BASED, SlidingWindowSynchronizationStrategy.SYNCHRONIZED, true);
    private static final CircuitBreakerConfig STACKLESS =
            config(100, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.SYNCHRONIZED, false);

    private final CircuitBreaker count = CircuitBreaker.of("bench", COUNT);
    private final CircuitBreaker countLockFree = CircuitBreaker.of("bench", COUNT_LOCK_FREE);
    private final CircuitBreaker time = CircuitBreaker.of("bench", TIME);
    private final CircuitBreaker open = CircuitBreaker.of("bench", COUNT);
    private final CircuitBreaker openStackless = CircuitBreaker.of("bench", STACKLESS);
    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(COUNT);

    public Resilience4jBench() {
        open.transitionToOpenState();
        openStackless.transitionToOpenState();
        for (String key : Keys.all()) {
            registry.circuitBreaker(key);
        }
    }

    private static CircuitBreakerConfig config(
            int window, SlidingWindowType type, SlidingWindowSynchronizationStrategy strategy, boolean stackTraces) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(window, 100, type, strategy)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofHours(1))
                .writableStackTraceEnabled(stackTraces)
                .build();
    }

    @Benchmark
    public Object count(Dependency dependency) {
        return count.executeSupplier(dependency.supplier);
    }

    @Benchmark
    public Object countLockFree(Dependency dependency) {
        return countLockFree.executeSupplier(dependency.supplier);
    }

    @Benchmark
    public Object time(Dependency dependency) {
        return time.executeSupplier(dependency.supplier);
    }

    @Benchmark
    public Object countFailures(Dependency dependency) {
        return failing(count, dependency);
    }

    @Benchmark
    public Object countLockFreeFailures(Dependency dependency) {
        return failing(countLockFree, dependency);
    }

    private static Object failing(CircuitBreaker circuit, Dependency dependency) {
        try {
            return circuit.executeSupplier(dependency.failingSupplier);
        } catch (Dependency.Failure failure) {
            return failure;
        }
    }

    @Benchmark
    public Object countMegamorphic(Dependency dependency) {
        return count.executeSupplier(dependency.nextSupplier());
    }

    @Benchmark
    public boolean refusedTryAcquire() {
        return open.tryAcquirePermission();
    }

    @Benchmark
    public Object refusedException(Dependency dependency) {
        return refused(open, dependency);
    }

    @Benchmark
    public Object refusedStacklessException(Dependency dependency) {
        return refused(openStackless, dependency);
    }

    private static Object refused(CircuitBreaker circuit, Dependency dependency) {
        try {
            return circuit.executeSupplier(dependency.supplier);
        } catch (CallNotPermittedException refused) {
            return refused;
        }
    }

    @Benchmark
    public CircuitBreaker registryGet(Keys keys) {
        return registry.circuitBreaker(keys.next());
    }

    @Benchmark
    public Object registryGetAndCall(Keys keys, Dependency dependency) {
        return registry.circuitBreaker(keys.next()).executeSupplier(dependency.supplier);
    }
}
