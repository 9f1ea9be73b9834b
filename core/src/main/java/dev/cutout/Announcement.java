package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * An event on its way to the listeners, linked to the one before it. Each generation holds the newest, so the one
 * compare-and-set that makes a transition also files its event, in the right place and exactly once.
 */
final class Announcement {
    /** How many events wait for slow listeners at most; one more, and those that wait are dropped, and counted: the newest tells the state. */
    static final int MOST_PENDING = 1_000;

    final CircuitEvent event;
    /** Counts the events of one breaker from 1, so that dropped ones show. */
    final long index;
    /** Cut by the thread that delivers, once this event or a later one is delivered, so that no chain outlives its delivery. */
    private volatile @Nullable Announcement previous;
    /** Events in the chain that end here, at most. Set to 0 when cut. */
    private volatile int pending;

    private Announcement(CircuitEvent event, @Nullable Announcement previous) {
        this.event = event;
        this.index = previous == null ? 1 : previous.index + 1;
        int waiting = previous == null ? 0 : previous.pending;
        boolean fits = waiting < MOST_PENDING;
        this.previous = fits ? previous : null;
        this.pending = fits ? waiting + 1 : 1;
    }

    static Announcement after(@Nullable Announcement previous, CircuitEvent event) {
        return new Announcement(event, previous);
    }

    @Nullable Announcement previous() {
        return previous;
    }

    void cut() {
        previous = null;
        pending = 0;
    }
}
