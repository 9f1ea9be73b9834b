package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Resilience4j itself, on the clock and the timestamps that its configuration takes. A call is timed and recorded as its decorators
 * do it. What its scheduler would do takes real time, so settings must neither leave the open state by themselves nor limit the time
 * spent half-open (both are off by default), and time windows must be synchronized: the lock-free one reads the system clock.
 */
final class Resilience4jGuard implements Guard {
    private final CircuitBreaker breaker;

    Resilience4jGuard(CircuitBreakerConfig settings, Ticker ticker, RandomGenerator random) {
        breaker = CircuitBreaker.of(
                "simulated",
                CircuitBreakerConfig.from(settings)
                        .clock(new TimeOfDay(ticker, random))
                        .currentTimestampFunction(clock -> ticker.nanos(), TimeUnit.NANOSECONDS)
                        .build());
    }

    @Override
    public @Nullable Attempt ask() {
        return breaker.tryAcquirePermission() ? new Call(breaker.getCurrentTimestamp()) : null;
    }

    private final class Call implements Attempt {
        private final long start;

        Call(long start) {
            this.start = start;
        }

        @Override
        public void succeeded() {
            breaker.onSuccess(duration(), breaker.getTimestampUnit());
        }

        @Override
        public void failed(Throwable because) {
            breaker.onError(duration(), breaker.getTimestampUnit(), because);
        }

        private long duration() {
            return breaker.getCurrentTimestamp() - start;
        }
    }
}
