package dev.cutout;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls in flight that were admitted while closed, where their number is limited.
 *
 * <p>It is handed from generation to generation, unlike all other counts, because it is no evidence: a call that was admitted
 * before the circuit opened still loads the dependency after it closed. So its answer gives its place back, late or not.
 */
final class InFlight {
    private final AtomicInteger count = new AtomicInteger();
    private final Refusal refusal;

    InFlight(String circuit) {
        refusal = Refusal.indefinite(circuit, Refusal.Reason.LIMIT, null, 0);
    }

    /** Takes a place if one is free. A full house is seen by reading only; no place is ever taken and given back to find out. */
    boolean enter(int limit) {
        while (true) {
            int now = count.get();
            if (now >= limit) {
                return false;
            }
            if (count.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    void leave() {
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }

    Refusal refusal() {
        return refusal;
    }
}
