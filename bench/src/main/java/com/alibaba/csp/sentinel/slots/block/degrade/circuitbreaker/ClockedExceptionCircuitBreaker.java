package com.alibaba.csp.sentinel.slots.block.degrade.circuitbreaker;

import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.statistic.base.WindowWrap;
import java.time.Clock;
import java.util.List;

/**
 * Sentinel's circuit breaker for a ratio or a number of errors, on a clock that is handed to it. Everything is the library's own but
 * the readings of the time, which it lets subclasses replace; the constructor that takes a window is its package's only, so this
 * class is there.
 */
public final class ClockedExceptionCircuitBreaker extends ExceptionCircuitBreaker {
    private final Clock clock;

    public ClockedExceptionCircuitBreaker(DegradeRule rule, Clock clock) {
        super(rule, new SimpleErrorCounterLeapArray(1, rule.getStatIntervalMs()) {
            @Override
            public WindowWrap<SimpleErrorCounter> currentWindow() {
                return currentWindow(clock.millis());
            }

            @Override
            public List<SimpleErrorCounter> values() {
                return values(clock.millis());
            }
        });
        this.clock = clock;
    }

    @Override
    protected boolean retryTimeoutArrived() {
        return clock.millis() >= nextRetryTimestamp;
    }

    @Override
    protected void updateNextRetryTimestamp() {
        nextRetryTimestamp = clock.millis() + recoveryTimeoutMs;
    }
}
