package com.alibaba.csp.sentinel.slots.block.degrade.circuitbreaker;

import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.statistic.base.WindowWrap;
import java.time.Clock;
import java.util.List;

/**
 * Sentinel's circuit breaker for a ratio of slow calls, on a clock that is handed to it: see {@link ClockedExceptionCircuitBreaker}.
 * An entry must carry the time at which its call was complete.
 */
public final class ClockedResponseTimeCircuitBreaker extends ResponseTimeCircuitBreaker {
    private final Clock clock;

    public ClockedResponseTimeCircuitBreaker(DegradeRule rule, Clock clock) {
        super(rule, new SlowRequestLeapArray(1, rule.getStatIntervalMs()) {
            @Override
            public WindowWrap<SlowRequestCounter> currentWindow() {
                return currentWindow(clock.millis());
            }

            @Override
            public List<SlowRequestCounter> values() {
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
