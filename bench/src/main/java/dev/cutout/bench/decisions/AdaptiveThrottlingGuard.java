package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Adaptive throttling on the client's side, written from "Handling Overload" in <i>Site Reliability Engineering</i>: of the requests of
 * the last two minutes, refused here or sent, and those among them that the upstream accepted, a request is refused with the
 * probability (requests - K x accepts) / (requests + 1). Accepted means a good answer in time, counted when it comes; until then a
 * request counts as not accepted.
 *
 * <p>The book does not say how finely the window moves; here in forty steps.
 */
final class AdaptiveThrottlingGuard implements Guard {
    private static final int STEPS = 40;

    private final double k;
    private final long stepNanos;
    private final Ticker ticker;
    private final RandomGenerator random;

    private final int[] requests = new int[STEPS];
    private final int[] accepts = new int[STEPS];
    private long requestsInWindow;
    private long acceptsInWindow;
    private int step;
    private long stepEnd;

    /** One for all attempts: there are no states. */
    private final Attempt attempt = new Attempt() {
        @Override
        public void succeeded() {
            move();
            accepts[step]++;
            acceptsInWindow++;
        }

        @Override
        public void failed(Throwable because) {}
    };

    /** @param k the multiplier of accepts: at 2, half of the requests may fail before any is refused */
    AdaptiveThrottlingGuard(double k, Duration window, Ticker ticker, RandomGenerator random) {
        this.k = k;
        this.stepNanos = window.toNanos() / STEPS;
        this.ticker = ticker;
        this.random = random;
        stepEnd = ticker.nanos() + stepNanos;
    }

    @Override
    public @Nullable Attempt ask() {
        move();
        double refuse = (requestsInWindow - k * acceptsInWindow) / (requestsInWindow + 1);
        requests[step]++;
        requestsInWindow++;
        return refuse > 0 && random.nextDouble() < refuse ? null : attempt;
    }

    private void move() {
        long now = ticker.nanos();
        for (; now - stepEnd >= 0; stepEnd += stepNanos) {
            step = (step + 1) % STEPS;
            requestsInWindow -= requests[step];
            acceptsInWindow -= accepts[step];
            requests[step] = 0;
            accepts[step] = 0;
        }
    }
}
