package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Arrays;

/**
 * Watches, while the circuit is closed, for calls that are under way for too long: {@code hang}. A dependency that swallows calls gives no outcome before they time
 * out; that none of the last calls is answered, although each of them should be, says the same much sooner.
 *
 * <h2>How is it designed, and why?</h2>
 *
 * Nothing is kept for each call. The calls are numbered by one counter, and now and then, eight times in the time that is allowed, it is noted what the
 * counter read. Of the answers only one thing is kept: when the latest of the answered calls began. The calls between the two, those that began since then but longer ago
 * than is allowed, are overdue. One slow call among others is not, since calls that began after it are answered.
 *
 * <p>What is allowed is a time that the settings name, or twice as long as the longest of the last hundred or two answers took.
 */
final class Overdue {
    private static final VarHandle ADMITTED;
    private static final VarHandle ANSWERED;
    private static final VarHandle LONGEST;
    private static final VarHandle NOTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ADMITTED = lookup.findVarHandle(Overdue.class, "admitted", long.class);
            ANSWERED = lookup.findVarHandle(Overdue.class, "answered", long.class);
            LONGEST = lookup.findVarHandle(Overdue.class, "longest", long.class);
            NOTES = lookup.findVarHandle(Overdue.class, "notes", Notes.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Notes in the time that is allowed. */
    private static final int FINENESS = 8;
    /** So many notes are kept: twice the time that is allowed. */
    private static final int KEPT = 2 * FINENESS;
    /** How much longer than the longest recent answer is allowed. */
    private static final double TIMES_THE_LONGEST = 2;
    /** The longest answer is that of so many calls, and of as many before them. */
    private static final int BLOCK = 128;
    /** Below this nothing is overdue: pauses of this process look the same. */
    private static final long LEAST_ALLOWED = Duration.ofMillis(200).toNanos();

    /** What the counter read when. Immutable. */
    private static final class Notes {
        /** Ticker readings, in order; the first ones repeat the very first while there are fewer. */
        private final long[] times;
        /** Calls begun until then, the one that made the note included. */
        private final long[] counts;
        /** Nanoseconds, of the block of calls before this one. */
        private final long longestBefore;
        /** The count at which this block ends. */
        private final long blockEnd;

        private Notes(long[] times, long[] counts, long longestBefore, long blockEnd) {
            this.times = times;
            this.counts = counts;
            this.longestBefore = longestBefore;
            this.blockEnd = blockEnd;
        }

        static Notes first(long now, long longest) {
            long[] times = new long[KEPT];
            Arrays.fill(times, now);
            return new Notes(times, new long[KEPT], longest, BLOCK);
        }

        long latest() {
            return times[KEPT - 1];
        }

        Notes and(long now, long count, long before, long end) {
            return new Notes(shifted(times, now), shifted(counts, count), before, end);
        }

        private static long[] shifted(long[] values, long latest) {
            long[] shifted = Arrays.copyOfRange(values, 1, KEPT + 1);
            shifted[KEPT - 1] = latest;
            return shifted;
        }
    }

    /** Nanoseconds; 0 if they are to be learnt. */
    private final long fixed;

    /** Calls begun. Incremented atomically by each. */
    @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // through ADMITTED
    private volatile long admitted;

    /** When the latest of the answered calls began. Moved forward by compare-and-set. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile long answered;

    /** The longest that a success of this block took. Raised by compare-and-set, set back by whoever ends the block. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile long longest;

    /** Replaced by compare-and-set. */
    private volatile Notes notes;

    /**
     * @param fixed what is allowed, in nanoseconds; 0 if it is to be learnt
     * @param longest what answers took before, as far as it is known; else 0
     */
    Overdue(long fixed, long longest, long now) {
        this.fixed = fixed;
        this.answered = now - 1; // no call is that old
        this.notes = Notes.first(now, longest);
    }

    /** A call begins. Whether it is time to look whether others are overdue. */
    boolean begins(long now) {
        long count = (long) ADMITTED.getAndAdd(this, 1L) + 1;
        Notes before = notes;
        long pause = now - before.latest();
        if (pause < LEAST_ALLOWED / FINENESS || pause < allowed() / FINENESS) {
            return false;
        }
        boolean ends = count >= before.blockEnd;
        Notes after =
                before.and(now, count, ends ? longest : before.longestBefore, ends ? count + BLOCK : before.blockEnd);
        if (!NOTES.compareAndSet(this, before, after)) {
            return false;
        }
        if (ends) {
            longest = 0;
        }
        return true;
    }

    /** A call is answered, whatever the answer. */
    void answered(long start, long now, Outcome outcome) {
        raise(ANSWERED, start, answered);
        if (fixed == 0 && outcome == Outcome.SUCCESS) {
            raise(LONGEST, now - start, longest);
        }
    }

    private void raise(VarHandle field, long to, long seen) {
        long before = seen;
        while (to - before > 0 && !field.compareAndSet(this, before, to)) {
            before = (long) field.getVolatile(this);
        }
    }

    /** Nanoseconds that a call may take; the greatest number there is while nothing is known. */
    long allowed() {
        if (fixed != 0) {
            return fixed;
        }
        long known = Math.max(longest, notes.longestBefore);
        return known == 0 ? Long.MAX_VALUE : Math.max(LEAST_ALLOWED, (long) (TIMES_THE_LONGEST * known));
    }

    /** Nanoseconds in which the calls that are overdue began, about. */
    long since(long now) {
        return Math.max(0, now - allowed() - answered);
    }

    /** How many calls are overdue: begun longer ago than is allowed, and after the latest of the answered ones. */
    long count(long now) {
        long allowed = allowed();
        Notes seen = notes;
        long latestAnswered = answered;
        long from = -1;
        long to = -1;
        for (int i = 0; i < KEPT; i++) {
            if (from < 0 && seen.times[i] - latestAnswered > 0) {
                from = Math.max(0, seen.counts[i] - 1);
            }
            if (now - seen.times[i] >= allowed) {
                to = seen.counts[i];
            }
        }
        return from < 0 || to < from ? 0 : to - from;
    }
}
