package dev.cutout;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What happened over the lifetime of a breaker. Never goes back, decides nothing.
 *
 * <p>Holds what is rare in a healthy service, so plain shared counters do; made when the first of them is wanted. Successes
 * are not rare and are counted by {@link Measures}, where someone asks for them.
 */
@SuppressWarnings("EnumOrdinal") // as places in an array of its own; they are never stored or sent
final class Counters {
    enum Counter {
        FAILURES,
        IGNORED,
        LATE,
        PROBES,
        SHADOWED,
        LOST_EVENTS
    }

    private static final int REASONS = Counter.values().length;
    private static final Refusal.Reason[] REFUSALS = Refusal.Reason.values();

    /** One place for each counter, then one for each reason of a refusal. Incremented atomically by whoever sees it happen. */
    private final AtomicLongArray counts = new AtomicLongArray(REASONS + REFUSALS.length);

    /** Set once, by the first exception of a classifier, so that only that one is logged. */
    private final AtomicBoolean complained = new AtomicBoolean();

    boolean firstComplaint() {
        return complained.compareAndSet(false, true);
    }

    void count(Counter counter) {
        counts.getAndIncrement(counter.ordinal());
    }

    void count(Counter counter, long by) {
        counts.getAndAdd(counter.ordinal(), by);
    }

    void count(Refusal.Reason reason) {
        counts.getAndIncrement(REASONS + reason.ordinal());
    }

    long of(Counter counter) {
        return counts.get(counter.ordinal());
    }

    long of(Refusal.Reason reason) {
        return counts.get(REASONS + reason.ordinal());
    }

    /** Every reason that occurred at least once. */
    Map<Refusal.Reason, Long> refusals() {
        Map<Refusal.Reason, Long> refusals = new EnumMap<>(Refusal.Reason.class);
        for (Refusal.Reason reason : REFUSALS) {
            long count = of(reason);
            if (count != 0) {
                refusals.put(reason, count);
            }
        }
        return refusals;
    }
}
