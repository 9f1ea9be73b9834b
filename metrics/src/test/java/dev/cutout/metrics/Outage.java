package dev.cutout.metrics;

import dev.cutout.CircuitBreaker;

/** What a dependency that is down throws, and calls that are played in tests. */
final class Outage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Outage() {
        super("down", null, false, false);
    }

    static void succeed(CircuitBreaker circuit, int times) {
        for (int i = 0; i < times; i++) {
            circuit.run(() -> {});
        }
    }

    /** Calls that fail. Throws something else if one is refused. */
    static void fail(CircuitBreaker circuit, int times) {
        for (int i = 0; i < times; i++) {
            try {
                circuit.run(() -> {
                    throw new Outage();
                });
            } catch (Outage expected) {
                continue;
            }
            throw new AssertionError("the outage was swallowed");
        }
    }

    /** Calls that must be refused. */
    static void refuse(CircuitBreaker circuit, int times) {
        for (int i = 0; i < times; i++) {
            if (circuit.tryAcquire() != null) {
                throw new AssertionError("a call was let through: " + circuit);
            }
        }
    }
}
