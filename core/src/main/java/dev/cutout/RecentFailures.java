package dev.cutout;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The times of the last k failures, in a ring. Successes are not counted.
 *
 * <p>Each failure takes the next place of the ring with one atomic increment and then writes its time there, so no failure
 * is lost. Whoever has written looks at all k times; of k failures that overlap, the last to write sees all of them.
 */
final class RecentFailures extends Window {
    /** Older than any time a rule can name, and 146 years from wrapping. */
    private static final long LONG_AGO = Long.MAX_VALUE / 2;

    private final Kind kind;
    /** Raised, never lowered, by the failure that took the place. */
    private final AtomicLongArray times;
    /** Places taken so far, ever; the next one is this modulo k. Incremented by each failure. */
    private final AtomicLong taken = new AtomicLong();

    /** The tally stays 0: no success is ever counted. */
    RecentFailures(int failures, long now) {
        super(0);
        kind = new LastFailures(failures);
        times = new AtomicLongArray(failures);
        for (int i = 0; i < failures; i++) {
            times.setPlain(i, now - LONG_AGO); // published safely with the generation that owns this window
        }
    }

    @Override
    Kind kind() {
        return kind;
    }

    @Override
    boolean success(boolean slow, long now) {
        return false;
    }

    @Override
    long failure(boolean slow, long now) {
        int index = (int) (taken.getAndIncrement() % times.length());
        // The later of the two: a thread that stalled for a whole round must not put its old time over a newer one.
        times.accumulateAndGet(index, now, (old, mine) -> mine - old > 0 ? mine : old);
        return 0;
    }

    @Override
    boolean isClean(long now) {
        return taken.get() == 0;
    }

    /** How many of the last k failures are at most {@code nanos} old. */
    int within(long nanos, long now) {
        int count = 0;
        for (int i = 0; i < times.length(); i++) {
            if (now - times.get(i) <= nanos) {
                count++;
            }
        }
        return count;
    }
}
