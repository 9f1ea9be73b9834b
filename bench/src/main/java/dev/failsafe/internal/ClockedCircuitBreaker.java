package dev.failsafe.internal;

import dev.failsafe.CircuitBreakerConfig;
import dev.failsafe.ExecutionContext;
import dev.failsafe.event.CircuitBreakerStateChangedEvent;
import dev.failsafe.event.EventListener;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Failsafe's circuit breaker on a clock that is handed to it. Everything is the library's own but two readings of the system clock:
 * when the delay of the open state is over, which is decided here before the library is asked, and the buckets of a time window,
 * whose clock the library lets its own package replace. That is why this class is in its package.
 *
 * <p>For one thread, and for a fixed delay: a delay function has no say. {@link #getRemainingDelay()} is still the system clock's.
 */
public final class ClockedCircuitBreaker extends CircuitBreakerImpl<Object> {
    private final Clock clock;
    private Instant halfOpenAt = Instant.MIN;

    public ClockedCircuitBreaker(CircuitBreakerConfig<Object> config, Clock clock) {
        super(config);
        this.clock = clock;
        setTimeWindow();
    }

    @Override
    public boolean tryAcquirePermit() {
        if (isOpen()) {
            if (clock.instant().isBefore(halfOpenAt)) {
                return false;
            }
            halfOpen();
        }
        return super.tryAcquirePermit();
    }

    @Override
    protected void transitionTo(
            State next,
            @Nullable EventListener<CircuitBreakerStateChangedEvent> listener,
            @Nullable ExecutionContext<Object> context) {
        CircuitState<Object> before = state.get();
        super.transitionTo(next, listener, context);
        if (state.get() == before) {
            return;
        }
        switch (next) {
            case OPEN -> halfOpenAt = clock.instant().plus(getConfig().getDelay());
            case CLOSED -> setTimeWindow();
            case HALF_OPEN -> {} // counts calls, whatever the time
        }
    }

    /** Gives a closed state that looks at a period of time a new, empty window on our clock. */
    private void setTimeWindow() {
        if (getConfig().getFailureThresholdingPeriod() == null) {
            return;
        }
        TimedCircuitStats.Clock millis = new TimedCircuitStats.Clock() {
            @Override
            long currentTimeMillis() {
                return clock.millis();
            }
        };
        state.get().stats = new TimedCircuitStats(
                TimedCircuitStats.DEFAULT_BUCKET_COUNT, getConfig().getFailureThresholdingPeriod(), millis, null);
    }
}
