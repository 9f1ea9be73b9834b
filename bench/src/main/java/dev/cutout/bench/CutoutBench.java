package dev.cutout.bench;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import dev.cutout.CircuitState;
import dev.cutout.Fallback;
import dev.cutout.Permit;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Cutout. Every fork has all these breakers, so that the compiler knows of all windows, rules and states, as it does in a service;
 * each benchmark uses one.
 */
@State(Scope.Benchmark)
public class CutoutBench {
    private final CircuitBreaker classic = CircuitBreaker.of("bench", Settings.CLASSIC);
    private final CircuitBreaker count = CircuitBreaker.of("bench", Settings.COUNT);
    private final CircuitBreaker time = CircuitBreaker.of("bench", Settings.TIME);
    private final CircuitBreaker slow = CircuitBreaker.of("bench", Settings.SLOW);
    private final CircuitBreaker slowTime = CircuitBreaker.of("bench", Settings.SLOW_TIME);
    private final CircuitBreaker limit = CircuitBreaker.of("bench", Settings.LIMIT);
    private final CircuitBreaker countingSuccesses = CircuitBreaker.builder("bench")
            .settings(Settings.COUNT)
            .countSuccesses()
            .build();
    private final CircuitBreaker open = opened();
    private final CircuitBreakerRegistry<String> registry =
            CircuitBreakerRegistry.<String>builder().settings(Settings.COUNT).build();
    private final Fallback<Object, RuntimeException> fallback = refusal -> refusal;

    public CutoutBench() {
        for (String key : Keys.all()) {
            registry.get(key);
        }
    }

    private static CircuitBreaker opened() {
        CircuitBreaker circuit = CircuitBreaker.of("bench", Settings.OPENS_AT_ONCE);
        circuit.acquire().failure(new Dependency.Failure());
        if (circuit.state() != CircuitState.OPEN) {
            throw new IllegalStateException(circuit.state() + ", so there is nothing to measure");
        }
        return circuit;
    }

    @Benchmark
    public Object classic(Dependency dependency) {
        return classic.call(dependency.call);
    }

    @Benchmark
    public Object count(Dependency dependency) {
        return count.call(dependency.call);
    }

    @Benchmark
    public Object countCountingSuccesses(Dependency dependency) {
        return countingSuccesses.call(dependency.call);
    }

    @Benchmark
    public Object countFailures(Dependency dependency) {
        try {
            return count.call(dependency.failingCall);
        } catch (Dependency.Failure failure) {
            return failure;
        }
    }

    @Benchmark
    public Object time(Dependency dependency) {
        return time.call(dependency.call);
    }

    @Benchmark
    public Object slow(Dependency dependency) {
        return slow.call(dependency.call);
    }

    @Benchmark
    public Object slowTime(Dependency dependency) {
        return slowTime.call(dependency.call);
    }

    @Benchmark
    public Object limit(Dependency dependency) {
        return limit.call(dependency.call);
    }

    /** Neither the caller's frame nor the client's is inlined. */
    @Benchmark
    public Object countDistant(Dependency dependency) {
        return guarded(dependency);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private Object guarded(Dependency dependency) {
        return count.call(dependency.distantCall);
    }

    @Benchmark
    public Object countMegamorphic(Dependency dependency) {
        return count.call(dependency.nextCall());
    }

    @Benchmark
    public Object byHand(Dependency dependency) {
        Permit permit = Objects.requireNonNull(count.tryAcquire());
        Object answer = dependency.answer();
        permit.success();
        return answer;
    }

    @Benchmark
    public @Nullable Permit refusedTryAcquire() {
        return open.tryAcquire();
    }

    @Benchmark
    public Object refusedFallback(Dependency dependency) {
        return open.call(dependency.call, fallback);
    }

    @Benchmark
    public Object refusedException(Dependency dependency) {
        try {
            return open.call(dependency.call);
        } catch (CallNotPermittedException refused) {
            return refused;
        }
    }

    @Benchmark
    public CompletableFuture<Object> asyncPending(Stages stages) {
        return stages.answer(classic.callAsync(stages.pendingCall));
    }

    @Benchmark
    public CompletableFuture<Object> asyncCompleted(Stages stages) {
        return classic.callAsync(stages.completedCall);
    }

    @Benchmark
    public CircuitBreaker registryGet(Keys keys) {
        return registry.get(keys.next());
    }

    @Benchmark
    public Object registryGetAndCall(Keys keys, Dependency dependency) {
        return registry.get(keys.next()).call(dependency.call);
    }
}
