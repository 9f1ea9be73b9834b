package dev.cutout;

/** How ready a call is to find out for the others whether the dependency is back. */
enum Readiness {
    AT_ONCE,
    /** Only when a probe has been due for as long again as it was waited for. */
    LATE,
    NEVER;

    /**
     * Whether such a call may be the probe that is due.
     *
     * @param overdue nanoseconds since it was due
     * @param waited nanoseconds that were waited for it
     */
    boolean mayProbe(long overdue, long waited) {
        return switch (this) {
            case AT_ONCE -> true;
            case LATE -> overdue >= waited;
            case NEVER -> false;
        };
    }
}
