package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerConfig;
import dev.failsafe.internal.ClockedCircuitBreaker;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Failsafe itself, used by hand; {@link ClockedCircuitBreaker} says how it got its clock. */
final class FailsafeGuard implements Guard {
    private final CircuitBreaker<Object> breaker;

    /** One for all attempts, as Failsafe counts an answer in the state that it finds. */
    private final Attempt attempt = new Attempt() {
        @Override
        public void succeeded() {
            breaker.recordSuccess();
        }

        @Override
        public void failed(Throwable because) {
            breaker.recordException(because);
        }
    };

    FailsafeGuard(CircuitBreakerConfig<Object> settings, Ticker ticker, RandomGenerator random) {
        breaker = new ClockedCircuitBreaker(settings, new TimeOfDay(ticker, random));
    }

    @Override
    public @Nullable Attempt ask() {
        return breaker.tryAcquirePermit() ? attempt : null;
    }
}
