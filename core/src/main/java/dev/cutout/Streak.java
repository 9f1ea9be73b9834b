package dev.cutout;

/**
 * Failures since the last success.
 *
 * <p>A success while the streak is 0 writes nothing. Where a success and a failure overlap, either may come first: the failure then
 * ends as a streak of 1, or of 0.
 */
final class Streak extends Window {
    private static final Kind KIND = new InARow();

    /** The tally is the length of the streak: incremented atomically by each failure, set to 0 by each success that finds it otherwise. */
    Streak() {
        super(0);
    }

    @Override
    Kind kind() {
        return KIND;
    }

    @Override
    boolean success(boolean slow, long now) {
        if (tally != 0) {
            tally = 0;
        }
        return false;
    }

    @Override
    long failure(boolean slow, long now) {
        // The caller judges by the value returned, not by a second read: a success between the two would hide the
        // streak.
        return (long) TALLY.getAndAdd(this, 1L) + 1;
    }

    @Override
    boolean isClean(long now) {
        return tally == 0;
    }

    long length() {
        return tally;
    }
}
