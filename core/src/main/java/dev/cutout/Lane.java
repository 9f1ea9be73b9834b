package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What changes on the {@link Ramp}: its pace, the calls under way, and how often it was asked. Shared by all objects of one stay and changed in place, so that a
 * refusal allocates nothing.
 *
 * <p>A call that is never answered must not hold its place for ever. Time is cut into leases, and only two counts are kept: calls admitted in
 * this lease and in the one before. What is older is lost, after one to two leases. Leases turn forward only: a thread that comes late, with a reading
 * of the lease before, finds the newest one.
 */
final class Lane {
    private static final VarHandle FLIGHT;
    private static final VarHandle ASKED;
    private static final VarHandle FREE;
    private static final VarHandle MOST;
    private static final VarHandle PACE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FLIGHT = lookup.findVarHandle(Lane.class, "flight", long.class);
            ASKED = lookup.findVarHandle(Lane.class, "asked", long.class);
            FREE = lookup.findVarHandle(Lane.class, "free", int.class);
            PACE = lookup.findVarHandle(Lane.class, "pace", Pace.class);
            MOST = lookup.findVarHandle(Lane.class, "most", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // A million calls; the numbers of leases begin anew after sixteen million, and are compared by difference.
    private static final int COUNT_BITS = 20;
    private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;
    private static final int LEASE_AT = 2 * COUNT_BITS;
    private static final int LEASE_BITS = Long.SIZE - LEASE_AT;
    private static final int LEASE_MASK = (1 << LEASE_BITS) - 1;

    /** Calls that were never answered, and the ticker reading at which the first of them were lost. */
    record Lost(int calls, long at) {}

    private final long since;
    private final long lease;

    /** The number of the lease, then calls under way of this one and of the one before. Changed by compare-and-set of whoever enters or leaves. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile long flight;

    /** Calls asked for. Incremented atomically. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile long asked;

    /** Calls admitted since one was last held back. Set to 0 by whoever is held back, incremented atomically by whoever is not. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile int free;

    /** The most calls that were under way at once. Raised by compare-and-set. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile int most;

    /** Whether a call was held back because too many were under way, since that was last looked at. Written by whoever sees it; any order will do. */
    volatile boolean wasFull;

    /** What the answers so far make of it. Changed by compare-and-set, by whoever brings an answer. */
    @SuppressWarnings("FieldMayBeFinal")
    private volatile Pace pace;

    Lane(Pace pace, long since, long lease) {
        this.pace = pace;
        this.since = since;
        this.lease = lease;
    }

    Pace pace() {
        return pace;
    }

    boolean advance(Pace from, Pace to) {
        return PACE.compareAndSet(this, from, to);
    }

    /** One more call asks; returns how many did. */
    long ask() {
        return (long) ASKED.getAndAdd(this, 1L) + 1;
    }

    long asked() {
        return asked;
    }

    /** Takes a place if fewer than {@code limit} calls are under way. Returns the number of the lease, or -1. */
    int enter(long now, int limit) {
        int number = number(now);
        while (true) {
            long before = flight;
            long current = turned(before, number);
            int under = current(current) + previous(current);
            if (under >= Math.min(limit, COUNT_MASK)) {
                return -1;
            }
            int lease = lease(current);
            if (FLIGHT.compareAndSet(this, before, word(lease, current(current) + 1, previous(current)))) {
                raise(under + 1);
                FREE.getAndAdd(this, 1);
                return lease;
            }
        }
    }

    private void raise(int under) {
        while (true) {
            int before = most;
            if (under <= before || MOST.compareAndSet(this, before, under)) {
                return;
            }
        }
    }

    /** Gives back the place of a call. False if it is lost by now. */
    boolean leave(int number, long now) {
        int newest = number(now);
        while (true) {
            long before = flight;
            long current = turned(before, newest);
            int lease = lease(current);
            int age = age(number, lease);
            if (age < 0 || age > 1) {
                return false;
            }
            long after = age == 0
                    ? word(lease, Math.max(0, current(current) - 1), previous(current))
                    : word(lease, current(current), Math.max(0, previous(current) - 1));
            if (FLIGHT.compareAndSet(this, before, after)) {
                return true;
            }
        }
    }

    /** Calls that are lost by now and that nobody has noticed yet; null if there are none. */
    @Nullable Lost lost(long now) {
        long word = flight;
        int age = age(lease(word), number(now));
        int calls = age <= 0 ? 0 : age == 1 ? previous(word) : previous(word) + current(word);
        if (calls == 0) {
            return null;
        }
        long first = (now - since) / lease - age + (previous(word) > 0 ? 1 : 2);
        return new Lost(calls, since + first * lease);
    }

    int underWay(long now) {
        long current = turned(flight, number(now));
        return current(current) + previous(current);
    }

    int free() {
        return free;
    }

    void heldBack() {
        free = 0;
    }

    int most() {
        return most;
    }

    private int number(long now) {
        return (int) (Math.max(0, now - since) / lease) & LEASE_MASK;
    }

    /** How many leases after {@code earlier} this one is; negative if it is before. */
    private static int age(int earlier, int number) {
        int unused = Integer.SIZE - LEASE_BITS;
        return (number - earlier) << unused >> unused;
    }

    /** The word as it is in the lease of this number, or in its own if that is newer. */
    private static long turned(long word, int number) {
        int age = age(lease(word), number);
        return age <= 0 ? word : age == 1 ? word(number, 0, current(word)) : word(number, 0, 0);
    }

    private static long word(int number, int current, int previous) {
        return ((long) number << LEASE_AT) | ((long) previous << COUNT_BITS) | current;
    }

    private static int lease(long word) {
        return (int) (word >>> LEASE_AT);
    }

    private static int current(long word) {
        return (int) word & COUNT_MASK;
    }

    private static int previous(long word) {
        return (int) (word >>> COUNT_BITS) & COUNT_MASK;
    }
}
