package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The rule of Hystrix, written from its documentation: every half second it adds up the calls of the last ten, and opens if there were
 * enough of them and enough of these failed. After the sleep window it is half-open: one call goes through, and the next answer decides,
 * also if it is the answer to an earlier call. Closing starts the ten seconds anew.
 *
 * <p>The last releases, 1.5.14 to 1.5.18, differ from the documentation: any success closes the circuit while it is open, and the
 * next trial is due a sleep window after the last one went, answered or not.
 */
final class HystrixGuard implements Guard {
    private static final long SNAPSHOT_NANOS = Duration.ofMillis(500).toNanos();
    private static final int SNAPSHOTS_IN_WINDOW = 20;

    private final int requestVolumeThreshold;
    private final int errorThresholdPercentage;
    private final long sleepWindowNanos;
    private final Ticker ticker;

    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private State state = State.CLOSED;
    private long openedAt;

    private final int[] totals = new int[SNAPSHOTS_IN_WINDOW];
    private final int[] errors = new int[SNAPSHOTS_IN_WINDOW];
    private int total;
    private int error;
    private int oldest;
    private long nextSnapshot;

    /** One for all attempts: which state a call was let through in makes no difference. */
    private final Attempt attempt = new Attempt() {
        @Override
        public void succeeded() {
            answered(0);
            if (state == State.HALF_OPEN) {
                close();
            }
        }

        @Override
        public void failed(Throwable because) {
            answered(1);
            if (state == State.HALF_OPEN) {
                open(ticker.nanos());
            }
        }
    };

    /**
     * @param requestVolumeThreshold calls in the window below which it never opens
     * @param errorThresholdPercentage of them, rounded down, at which it opens
     * @param sleepWindow how long it stays open
     */
    HystrixGuard(
            int requestVolumeThreshold,
            int errorThresholdPercentage,
            Duration sleepWindow,
            Ticker ticker,
            RandomGenerator random) {
        this.requestVolumeThreshold = requestVolumeThreshold;
        this.errorThresholdPercentage = errorThresholdPercentage;
        this.sleepWindowNanos = sleepWindow.toNanos();
        this.ticker = ticker;
        // The process began before the world did, at no round time of it.
        nextSnapshot = ticker.nanos() + SNAPSHOT_NANOS - random.nextLong(SNAPSHOT_NANOS);
    }

    @Override
    public @Nullable Attempt ask() {
        takeSnapshots();
        if (state == State.OPEN && ticker.nanos() - openedAt > sleepWindowNanos) {
            state = State.HALF_OPEN;
            return attempt;
        }
        return state == State.CLOSED ? attempt : null;
    }

    private void answered(int failures) {
        takeSnapshots();
        total++;
        error += failures;
    }

    private void takeSnapshots() {
        long now = ticker.nanos();
        for (; now - nextSnapshot >= 0; nextSnapshot += SNAPSHOT_NANOS) {
            totals[oldest] = total;
            errors[oldest] = error;
            total = 0;
            error = 0;
            oldest = (oldest + 1) % SNAPSHOTS_IN_WINDOW;
            if (state == State.CLOSED && isUnhealthy()) {
                open(nextSnapshot);
            }
        }
    }

    private boolean isUnhealthy() {
        int calls = Arrays.stream(totals).sum();
        int failures = Arrays.stream(errors).sum();
        return calls >= requestVolumeThreshold && 100L * failures / calls >= errorThresholdPercentage;
    }

    private void open(long at) {
        state = State.OPEN;
        openedAt = at;
    }

    private void close() {
        state = State.CLOSED;
        Arrays.fill(totals, 0);
        Arrays.fill(errors, 0);
        total = 0;
        error = 0;
        nextSnapshot = ticker.nanos() + SNAPSHOT_NANOS;
    }
}
