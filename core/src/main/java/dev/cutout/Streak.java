package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Failures since the last success.
 *
 * <p>A success while the streak is 0 writes nothing, which is the whole life of a healthy circuit. Where a success and a
 * failure overlap, either may come first: the failure then ends as a streak of 1, or of 0.
 */
final class Streak extends Window {
    private static final Kind KIND = new InARow();
    private static final VarHandle LENGTH;

    static {
        try {
            LENGTH = MethodHandles.lookup().findVarHandle(Streak.class, "length", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Incremented atomically by each failure, set to 0 by each success that finds it otherwise. Volatile, so that a success
     * that follows a failure in program order or by any other order between threads is seen to end its streak.
     */
    private volatile int length;

    @Override
    Kind kind() {
        return KIND;
    }

    @Override
    boolean success(boolean slow, long now) {
        if (length != 0) {
            length = 0;
        }
        return false;
    }

    @Override
    long failure(boolean slow, long now) {
        // The caller judges by the value returned, not by a second read: a success between the two would hide the
        // streak.
        int before;
        do {
            before = length;
            if (before == Integer.MAX_VALUE) { // held closed for two thousand million failures: stay there
                return before;
            }
        } while (!LENGTH.compareAndSet(this, before, before + 1));
        return before + 1L;
    }

    @Override
    boolean isClean(long now) {
        return length == 0;
    }

    int length() {
        return length;
    }
}
