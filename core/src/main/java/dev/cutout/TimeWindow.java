package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The answers of the last stretch of time, in ten slices: it covers the last 9 to 10 tenths of its length.
 *
 * <p><b>How it counts.</b> Four counters, one for each kind of answer, only ever grow; each answer adds 1 to one of them. When a slice
 * begins, whoever comes first notes what they read. What the window holds is what they read now, less what they read when the oldest of the
 * ten slices began. So the window never has to be emptied, and an answer is one increment that can fall on one side of a note or the
 * other, but not on both and not on none.
 *
 * <p><b>What overlap can change.</b> An answer counts in the slice of the moment it came; a thread that stalls between reading the clock and
 * counting counts in the slice of that later moment.
 */
final class TimeWindow extends Window {
    static final int SLICES = 10;

    private static final VarHandle NOTES;
    private static final VarHandle SLOW_SUCCESSES;
    private static final VarHandle FAST_FAILURES;
    private static final VarHandle SLOW_FAILURES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NOTES = lookup.findVarHandle(TimeWindow.class, "notes", Notes.class);
            SLOW_SUCCESSES = lookup.findVarHandle(TimeWindow.class, "slowSuccesses", long.class);
            FAST_FAILURES = lookup.findVarHandle(TimeWindow.class, "fastFailures", long.class);
            SLOW_FAILURES = lookup.findVarHandle(TimeWindow.class, "slowFailures", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the counters read at one moment. */
    private record Reading(long fastSuccesses, long slowSuccesses, long fastFailures, long slowFailures) {
        static final Reading ZERO = new Reading(0, 0, 0, 0);

        long calls() {
            return fastSuccesses + suspects();
        }

        long failures() {
            return fastFailures + slowFailures;
        }

        long slow() {
            return slowSuccesses + slowFailures;
        }

        /** All that are not fast successes. */
        long suspects() {
            return slowSuccesses + fastFailures + slowFailures;
        }
    }

    /** What the counters read when each of the last ten slices began. Immutable. */
    private static final class Notes {
        /** Ticker reading at which the newest slice began. */
        final long start;
        /** Oldest first. */
        final Reading[] began;

        private Notes(long start, Reading[] began) {
            this.start = start;
            this.began = began;
        }

        static Notes first(long now) {
            Reading[] began = new Reading[SLICES];
            Arrays.fill(began, Reading.ZERO);
            return new Notes(now, began);
        }

        /** So many slices later, when the counters read so. In the slices between, nothing came. */
        Notes after(long slices, long sliceNanos, Reading now) {
            Reading[] later = new Reading[SLICES];
            for (int i = 0; i < SLICES; i++) {
                later[i] = i + slices < SLICES ? began[(int) (i + slices)] : now;
            }
            return new Notes(start + slices * sliceNanos, later);
        }
    }

    private final long nanos;
    private final long sliceNanos;
    /** Striped, since in a healthy service it is the only word that is written, and every call writes it. */
    private final LongAdder fastSuccesses = new LongAdder();
    // The other three: incremented atomically by whoever has such an answer.
    @SuppressWarnings("FieldMayBeFinal") // all written through their handles
    private volatile long slowSuccesses;

    @SuppressWarnings("FieldMayBeFinal")
    private volatile long fastFailures;

    @SuppressWarnings("FieldMayBeFinal")
    private volatile long slowFailures;

    /** Replaced by compare-and-set by whoever first counts in a new slice. */
    private volatile Notes notes;

    /** The tally stays 1: every success is counted. */
    TimeWindow(long nanos, long now) {
        super(1);
        this.nanos = nanos;
        sliceNanos = nanos / SLICES;
        notes = Notes.first(now);
    }

    @Override
    Kind kind() {
        return new LastTime(nanos);
    }

    @Override
    boolean success(boolean slow, long now) {
        Notes current = notesAt(now);
        if (slow) {
            SLOW_SUCCESSES.getAndAdd(this, 1L);
        } else {
            fastSuccesses.increment();
        }
        return suspects() != current.began[0].suspects();
    }

    @Override
    long failure(boolean slow, long now) {
        notesAt(now);
        (slow ? SLOW_FAILURES : FAST_FAILURES).getAndAdd(this, 1L);
        return 0;
    }

    /** The notes of the slice in which an answer counts that came now. */
    private Notes notesAt(long now) {
        Notes current = notes;
        while (now - current.start >= sliceNanos) {
            long slices = (now - current.start) / sliceNanos;
            NOTES.compareAndSet(this, current, current.after(slices, sliceNanos, read()));
            current = notes;
        }
        return current;
    }

    private Reading read() {
        return new Reading(fastSuccesses.sum(), slowSuccesses, fastFailures, slowFailures);
    }

    private long suspects() {
        return slowSuccesses + fastFailures + slowFailures;
    }

    // ---- reading: changes nothing

    /** What the counters read when the oldest slice began that the window covers now; null if nothing came since. */
    private @Nullable Reading oldest(Notes current, long now) {
        long slices = now - current.start < sliceNanos ? 0 : (now - current.start) / sliceNanos;
        return slices < SLICES ? current.began[(int) slices] : null;
    }

    @Override
    boolean isClean(long now) {
        Reading oldest = oldest(notes, now);
        return oldest == null || suspects() == oldest.suspects();
    }

    long calls(long now) {
        Reading oldest = oldest(notes, now);
        return oldest == null ? 0 : fastSuccesses.sum() + suspects() - oldest.calls();
    }

    /** No more than {@link #calls}, and cheaper: without those of the newest slice. */
    long callsAtLeast(long now) {
        Notes current = notes;
        Reading oldest = oldest(current, now);
        return oldest == null ? 0 : current.began[SLICES - 1].calls() - oldest.calls();
    }

    long failures(long now) {
        Reading oldest = oldest(notes, now);
        return oldest == null ? 0 : fastFailures + slowFailures - oldest.failures();
    }

    long slow(long now) {
        Reading oldest = oldest(notes, now);
        return oldest == null ? 0 : slowSuccesses + slowFailures - oldest.slow();
    }
}
