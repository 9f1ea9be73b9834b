package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rule of gobreaker (Go, version 2), written from its documentation: opens after so many failures in a row, and half-opens after a
 * while, which lets some requests through; that many successes close it, one failure opens it again. Answers to requests of an earlier
 * state do not count. Without its interval, which is off by default and could not reset a row of failures any better.
 */
final class GobreakerGuard implements Guard {
    private final int failuresToOpen;
    private final long timeoutNanos;
    private final int maxRequests;
    private final Ticker ticker;

    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private State state = State.CLOSED;
    private long generation;
    private long openedAt;
    private int requests;
    private int successesInARow;
    private int failuresInARow;

    /**
     * @param failuresToOpen in a row
     * @param timeout how long it stays open
     * @param maxRequests how many it lets through half-open, and how many must succeed
     */
    GobreakerGuard(int failuresToOpen, Duration timeout, int maxRequests, Ticker ticker) {
        this.failuresToOpen = failuresToOpen;
        this.timeoutNanos = timeout.toNanos();
        this.maxRequests = maxRequests;
        this.ticker = ticker;
    }

    @Override
    public @Nullable Attempt ask() {
        halfOpenIfDue();
        if (state == State.OPEN || (state == State.HALF_OPEN && requests >= maxRequests)) {
            return null;
        }
        requests++;
        return new Request(generation);
    }

    private void halfOpenIfDue() {
        if (state == State.OPEN && ticker.nanos() - openedAt > timeoutNanos) {
            become(State.HALF_OPEN);
        }
    }

    private void become(State next) {
        state = next;
        generation++;
        requests = 0;
        successesInARow = 0;
        failuresInARow = 0;
        if (next == State.OPEN) {
            openedAt = ticker.nanos();
        }
    }

    private final class Request implements Attempt {
        private final long of;

        Request(long generation) {
            of = generation;
        }

        @Override
        public void succeeded() {
            if (counts()) {
                failuresInARow = 0;
                successesInARow++;
                if (state == State.HALF_OPEN && successesInARow >= maxRequests) {
                    become(State.CLOSED);
                }
            }
        }

        @Override
        public void failed(Throwable because) {
            if (counts()) {
                successesInARow = 0;
                failuresInARow++;
                if (state == State.HALF_OPEN || failuresInARow >= failuresToOpen) {
                    become(State.OPEN);
                }
            }
        }

        private boolean counts() {
            halfOpenIfDue();
            return of == generation;
        }
    }
}
