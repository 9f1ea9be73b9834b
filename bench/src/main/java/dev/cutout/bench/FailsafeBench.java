package dev.cutout.bench;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerBuilder;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Failsafe: through its executor, and by hand. */
@State(Scope.Benchmark)
public class FailsafeBench {
    private static final CircuitBreakerBuilder<Object> COUNT =
            CircuitBreaker.builder().withFailureThreshold(50, 100).withDelay(Duration.ofHours(1));

    private final CircuitBreaker<Object> count = countOf100();
    private final FailsafeExecutor<Object> executor = Failsafe.with(count);
    private final CircuitBreaker<Object> open = countOf100();
    private final FailsafeExecutor<Object> openExecutor = Failsafe.with(open);

    public FailsafeBench() {
        open.open();
    }

    static CircuitBreaker<Object> countOf100() {
        return COUNT.build();
    }

    @Benchmark
    public Object executor(Dependency dependency) {
        return executor.get(dependency.checkedSupplier);
    }

    @Benchmark
    public Object byHand(Dependency dependency) {
        if (!count.tryAcquirePermit()) {
            throw new IllegalStateException("open");
        }
        Object answer = dependency.answer();
        count.recordSuccess();
        return answer;
    }

    @Benchmark
    public boolean refusedTryAcquire() {
        return open.tryAcquirePermit();
    }

    @Benchmark
    public Object refusedException(Dependency dependency) {
        try {
            return openExecutor.get(dependency.checkedSupplier);
        } catch (CircuitBreakerOpenException refused) {
            return refused;
        }
    }
}
