package dev.cutout;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * The answers of the last stretch of time, in ten slices: it covers the last 9 to 10 tenths of its length.
 *
 * <p>An answer is counted in the slice of the moment it came. A slice is an object of its own, put into the ring by whoever first needs
 * it, so moving on is one compare-and-set and an answer that was counting into the old slice still reaches it. A thread
 * that stalls between reading the clock and counting, for so long that its slice has left the ring, counts into the slice
 * that took its place: later than it was, but not lost.
 */
final class TimeWindow extends Window {
    static final int SLICES = 10;
    private static final long NEVER = Long.MIN_VALUE / 2;

    /** What came within one tenth of the window's length. */
    private static final class Slice {
        /** Which tenth, counted from the window's beginning. */
        final long number;
        /** Every answer adds 1: striped, since this is the only word that successes write. */
        final LongAdder calls = new LongAdder();

        final AtomicLong failures = new AtomicLong();
        final AtomicLong slow = new AtomicLong();

        Slice(long number) {
            this.number = number;
        }
    }

    private final Kind kind;
    private final long origin;
    private final long sliceNanos;
    /** The slice with number i is at i modulo 10. Replaced by compare-and-set by whoever first counts in a new slice. */
    private final AtomicReferenceArray<Slice> ring = new AtomicReferenceArray<>(SLICES);
    /** The newest slice that holds a failure or slow call. Raised by whoever counts one, after counting it. */
    private final AtomicLong lastSuspect = new AtomicLong(NEVER);

    TimeWindow(long nanos, long now) {
        kind = new LastTime(nanos);
        origin = now;
        sliceNanos = nanos / SLICES;
    }

    @Override
    Kind kind() {
        return kind;
    }

    @Override
    boolean success(boolean slow, long now) {
        Slice slice = slice(now);
        slice.calls.increment();
        if (slow) {
            slice.slow.getAndIncrement();
            suspect(slice);
        }
        return !isClean(now);
    }

    @Override
    long failure(boolean slow, long now) {
        Slice slice = slice(now);
        slice.calls.increment();
        slice.failures.getAndIncrement();
        if (slow) {
            slice.slow.getAndIncrement();
        }
        suspect(slice);
        return 0;
    }

    private Slice slice(long now) {
        long number = number(now);
        int index = (int) Math.floorMod(number, (long) SLICES);
        while (true) {
            Slice slice = ring.get(index);
            if (slice != null && slice.number >= number) {
                return slice;
            }
            Slice fresh = new Slice(number);
            if (ring.compareAndSet(index, slice, fresh)) {
                return fresh;
            }
        }
    }

    private void suspect(Slice slice) {
        if (lastSuspect.get() < slice.number) {
            lastSuspect.accumulateAndGet(slice.number, Math::max);
        }
    }

    private long number(long now) {
        return Math.floorDiv(now - origin, sliceNanos);
    }

    @Override
    boolean isClean(long now) {
        return lastSuspect.get() <= number(now) - SLICES;
    }

    long calls(long now) {
        return sum(now, slice -> slice.calls.sum());
    }

    long failures(long now) {
        return sum(now, slice -> slice.failures.get());
    }

    long slow(long now) {
        return sum(now, slice -> slice.slow.get());
    }

    private long sum(long now, ToLongFunction<Slice> count) {
        long oldest = number(now) - SLICES + 1;
        long sum = 0;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring.get(i);
            if (slice != null && slice.number >= oldest) {
                sum += count.applyAsLong(slice);
            }
        }
        return sum;
    }
}
