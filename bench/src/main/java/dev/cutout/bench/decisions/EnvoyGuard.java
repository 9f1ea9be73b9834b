package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The rule of Envoy's outlier detection by consecutive 5xx, written from its documentation, for a cluster of one host: so many failures
 * in a row eject it at once. A timer looks at it every interval and returns it when it has been out for the base time, multiplied by
 * how often it was ejected, up to a greatest time; for each interval that it then stays in, the multiplier goes down by one.
 *
 * <p>A cluster of one host ejects it only if it may eject all of them ({@code max_ejection_percent: 100}) and does not panic
 * ({@code healthy_panic_threshold: 0}); both are assumed. With more hosts, the others would take over. Without jitter, which is 0 by
 * default.
 */
final class EnvoyGuard implements Guard {
    private final int consecutive5xx;
    private final long intervalNanos;
    private final long baseEjectionNanos;
    private final long maxEjectionNanos;
    private final Ticker ticker;

    private boolean ejected;
    private boolean everReturned;
    private long ejectedAt;
    private long returnedAt;
    private int multiplier;
    private int failuresInARow;
    private long nextSweep;

    /** One for all attempts: also the answers of calls from before an ejection count. */
    private final Attempt attempt = new Attempt() {
        @Override
        public void succeeded() {
            sweep();
            failuresInARow = 0;
        }

        @Override
        public void failed(Throwable because) {
            sweep();
            failuresInARow++;
            if (!ejected && failuresInARow >= consecutive5xx) {
                eject();
            }
        }
    };

    EnvoyGuard(
            int consecutive5xx,
            Duration interval,
            Duration baseEjectionTime,
            Duration maxEjectionTime,
            Ticker ticker,
            RandomGenerator random) {
        this.consecutive5xx = consecutive5xx;
        this.intervalNanos = interval.toNanos();
        this.baseEjectionNanos = baseEjectionTime.toNanos();
        this.maxEjectionNanos = maxEjectionTime.toNanos();
        this.ticker = ticker;
        // The process began before the world did, at no round time of it.
        nextSweep = ticker.nanos() + intervalNanos - random.nextLong(intervalNanos);
    }

    @Override
    public @Nullable Attempt ask() {
        sweep();
        return ejected ? null : attempt;
    }

    private void eject() {
        ejected = true;
        ejectedAt = ticker.nanos();
        failuresInARow = 0;
        if (multiplier * baseEjectionNanos < maxEjectionNanos + baseEjectionNanos) {
            multiplier++;
        }
    }

    /** What the timer did until now. */
    private void sweep() {
        long now = ticker.nanos();
        for (; now - nextSweep >= 0; nextSweep += intervalNanos) {
            if (ejected) {
                if (nextSweep - ejectedAt >= Math.min(multiplier * baseEjectionNanos, maxEjectionNanos)) {
                    ejected = false;
                    everReturned = true;
                    returnedAt = nextSweep;
                    failuresInARow = 0;
                }
            } else if (multiplier > 0 && everReturned && nextSweep - returnedAt >= intervalNanos) {
                multiplier--;
            }
        }
    }
}
