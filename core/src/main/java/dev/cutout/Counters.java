package dev.cutout;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
        SLOW,
        PROBES,
        SHADOWED,
        LOST_EVENTS
    }

    private static final Refusal.Reason[] REFUSALS = Refusal.Reason.values();
    private static final CircuitState[] STATES = CircuitState.values();

    private static final int REASONS = Counter.values().length;
    private static final int TRANSITIONS = REASONS + REFUSALS.length;
    private static final int TIMES = TRANSITIONS + STATES.length * STATES.length;

    private static final long NEVER = Long.MIN_VALUE;
    private static final long SHOWN_EVERY = Duration.ofSeconds(1).toNanos();

    /** Of a breaker to which nothing has happened. Only read. */
    static final Counters NOTHING = new Counters();

    /**
     * One place for each counter, then one for each reason of a refusal, each transition, and the nanoseconds of each state's stays that are
     * over. Incremented atomically by whoever sees it happen.
     */
    private final AtomicLongArray counts = new AtomicLongArray(TIMES + STATES.length);

    /** Set once, by the first exception of a classifier, so that only that one is logged. */
    private final AtomicBoolean complained = new AtomicBoolean();

    /** Ticker reading at which a flight recording was last told of refusals. Changed by compare-and-set, so that one thread tells. */
    private final AtomicLong shownAt = new AtomicLong(NEVER);
    /** How many refusals it has been told of. Written by the thread that changed {@link #shownAt}. */
    private volatile long shown;

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

    /** A transition, after a stay of so many nanoseconds; by the one thread that made it. */
    void count(CircuitState from, CircuitState to, long stay) {
        counts.getAndAdd(TIMES + from.ordinal(), Math.max(0, stay));
        counts.getAndIncrement(place(from, to));
    }

    private static int place(CircuitState from, CircuitState to) {
        return TRANSITIONS + STATES.length * from.ordinal() + to.ordinal();
    }

    long of(Counter counter) {
        return counts.get(counter.ordinal());
    }

    long of(Refusal.Reason reason) {
        return counts.get(REASONS + reason.ordinal());
    }

    /** How many refusals a flight recording should be told of now; 0 if it was told less than a second ago. */
    long refusalsToShow(long now) {
        long last = shownAt.get();
        boolean due = last == NEVER || now - last >= SHOWN_EVERY;
        if (!due || !shownAt.compareAndSet(last, now == NEVER ? NEVER + 1 : now)) {
            return 0;
        }
        long before = shown;
        long all = 0;
        for (Refusal.Reason reason : REFUSALS) {
            all += of(reason);
        }
        shown = all;
        return all - before;
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

    /** The transitions that were made, and the stays that are over. */
    Stays stays() {
        Stays stays = new Stays();
        for (CircuitState from : STATES) {
            stays.stayed(from, counts.get(TIMES + from.ordinal()));
            for (CircuitState to : STATES) {
                long times = counts.get(place(from, to));
                if (times != 0) {
                    stays.moved(from, to, times);
                }
            }
        }
        return stays;
    }
}
