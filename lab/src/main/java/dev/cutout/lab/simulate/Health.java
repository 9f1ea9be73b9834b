package dev.cutout.lab.simulate;

/** What the {@link Oracle} knows of the upstream at this moment, with no delay. */
interface Health {
    /**
     * Whether an attempt sent now is more likely to succeed than not, and whether the queue would answer it within the time-out. Knows the
     * shares of errors and the free room (the work that is before it), not the fate of the single attempt. Where a long queue makes all work
     * slower, one that would is no free room.
     */
    boolean isWorthSending();
}
