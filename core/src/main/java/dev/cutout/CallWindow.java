package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The last n answers, in a ring of two bits each: failed, slow.
 *
 * <p><b>How it counts.</b> An answer takes the next place of the ring with one atomic increment, exchanges the two bits there
 * for its own, and adds the difference between them to the totals. What the exchange returned is exactly what this answer
 * pushed out, so the totals always come out as the sum over the ring, whatever overlaps.
 *
 * <p><b>What costs nothing.</b> A success in a full window without a failure or slow call pushes out another success:
 * nothing changes, so nothing is written.
 *
 * <p><b>What overlap can change.</b> The order among answers that overlap is the order in which they reach the totals, which can
 * differ from the order of their places; and of two answers that are n places apart and still overlap, either may be the one that
 * stays in the ring. None is lost or counted twice.
 */
final class CallWindow extends Window {
    private static final long FAILED = 1;
    private static final long SLOW = 2;
    private static final int ANSWERS_PER_WORD = Long.SIZE / 2;

    /** One slow call, in the totals. Failures are the units. */
    private static final long ONE_SLOW = 1L << 32;
    /** In the totals until the ring has been filled: higher than any number of slow calls. */
    private static final long NOT_FULL = 1L << 60;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final int size;
    /**
     * The ring, and after it how many of its places were taken so far, ever. A word of the ring is changed by compare-and-set only, by whoever
     * took one of its places; the number is incremented atomically by every answer that is written. It stands here, and not beside the
     * tally, because every answer reads the tally, and would wait for a cache line that another has just written.
     */
    private final long[] words;
    /** Where in the array that number stands. */
    private final int taken;

    /**
     * The tally is the totals: failures + slow calls × 2³² + 2⁶⁰ until full. It is a sum of plain numbers, not of bit fields, and added to
     * atomically by every answer that changes it. For an instant a part can be below 0 (an answer was pushed out before it reached the
     * totals); a sum can say so and be taken apart again, where a bit field would borrow from its neighbour.
     */
    CallWindow(int size) {
        super(NOT_FULL);
        this.size = size;
        this.words = new long[(size + ANSWERS_PER_WORD - 1) / ANSWERS_PER_WORD + 1];
        this.taken = words.length - 1;
    }

    @Override
    Kind kind() {
        return new LastCalls(size);
    }

    @Override
    boolean success(boolean slow, long now) {
        return (slow || !isCalm()) && record(slow ? SLOW : 0);
    }

    @Override
    long failure(boolean slow, long now) {
        record(slow ? FAILED | SLOW : FAILED);
        return 0;
    }

    private boolean record(long answer) {
        long place = (long) WORD.getAndAdd(words, taken, 1L);
        long change = exchange((int) (place % size), answer) - (place == size - 1 ? NOT_FULL : 0);
        long sum = change == 0 ? tally : (long) TALLY.getAndAdd(this, change) + change;
        return sum != 0 && sum != NOT_FULL;
    }

    /** Puts the answer into its slot and returns by how much that changes the totals. */
    private long exchange(int slot, long answer) {
        int word = slot / ANSWERS_PER_WORD;
        int shift = slot % ANSWERS_PER_WORD * 2;
        while (true) {
            long old = (long) WORD.getVolatile(words, word);
            long pushedOut = (old >>> shift) & (FAILED | SLOW);
            if (pushedOut == answer) {
                return 0;
            }
            if (WORD.compareAndSet(words, word, old, old ^ ((pushedOut ^ answer) << shift))) {
                return weight(answer) - weight(pushedOut);
            }
        }
    }

    private static long weight(long answer) {
        return (answer & FAILED) + (answer >>> 1) * ONE_SLOW;
    }

    @Override
    boolean isClean(long now) {
        long sum = tally;
        return sum == 0 || sum == NOT_FULL;
    }

    long calls() {
        // The number of places taken is a word that every answer writes: not looked at where the totals say enough.
        return isFull(tally) ? size : Math.min((long) WORD.getVolatile(words, taken), size);
    }

    long failures() {
        return Math.max(0, (int) tally);
    }

    long slow() {
        long sum = tally;
        long above = (sum - (int) sum) >> 32;
        return Math.max(0, isFull(sum) ? above : above - (NOT_FULL >> 32));
    }

    private static boolean isFull(long totals) {
        return totals < NOT_FULL / 2;
    }
}
