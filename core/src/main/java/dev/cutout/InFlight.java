package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The calls in flight that were admitted while closed, where their number is limited.
 *
 * <p>It is handed from generation to generation, unlike all other counts, because it is no evidence: a call that was admitted
 * before the circuit opened still loads the dependency after it closed. So its answer gives its place back, late or not.
 */
final class InFlight {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(InFlight.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Changed atomically by whoever enters or leaves. */
    @SuppressWarnings("FieldMayBeFinal") // written through COUNT
    private volatile int count;

    private final Refusal refusal;

    InFlight(String circuit) {
        refusal = Refusal.indefinite(circuit, Refusal.Reason.LIMIT, null, 0);
    }

    /** Takes a place if one is free. A full house is seen by reading only; no place is ever taken and given back to find out. */
    boolean enter(int limit) {
        while (true) {
            int now = count;
            if (now >= limit) {
                return false;
            }
            if (COUNT.compareAndSet(this, now, now + 1)) {
                return true;
            }
        }
    }

    void leave() {
        COUNT.getAndAdd(this, -1);
    }

    int count() {
        return count;
    }

    Refusal refusal() {
        return refusal;
    }
}
