package dev.cutout;

/**
 * The one clock of a breaker: a monotonic count of nanoseconds from an arbitrary, possibly negative origin.
 *
 * <p>Readings are compared by difference only, so they may wrap, and steps of the wall clock change nothing. A ticker is
 * called from many threads at once, must not throw, and should cost no more than {@link System#nanoTime()}, which is the
 * default. Tests and simulations wind one by hand.
 */
@FunctionalInterface
public interface Ticker {
    /** The time since an arbitrary origin, in nanoseconds; never smaller than an earlier reading. */
    long nanos();

    /** The default: {@link System#nanoTime()}. */
    static Ticker system() {
        return System::nanoTime;
    }
}
