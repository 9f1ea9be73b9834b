package dev.cutout;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What tests do with a breaker, in one word each. */
final class PlayedCalls {
    /** What a dependency that is down throws. */
    static final class Outage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Outage() {
            super("down", null, false, false);
        }
    }

    private PlayedCalls() {}

    /** A call that succeeds. Throws if it is refused. */
    static void succeed(CircuitBreaker circuit) {
        circuit.run(() -> {});
    }

    static void succeed(CircuitBreaker circuit, int times) {
        for (int i = 0; i < times; i++) {
            succeed(circuit);
        }
    }

    /** A call that fails with an {@link Outage}. Throws something else if it is refused. */
    static void fail(CircuitBreaker circuit) {
        try {
            circuit.run(() -> {
                throw new Outage();
            });
        } catch (Outage expected) {
            return;
        }
        throw new AssertionError("the outage was swallowed");
    }

    static void fail(CircuitBreaker circuit, int times) {
        for (int i = 0; i < times; i++) {
            fail(circuit);
        }
    }

    /** A call whose answer is ignored. Throws if it is refused. */
    static void ignore(CircuitBreaker circuit) {
        circuit.acquire().ignore();
    }

    /** A call that must be refused: with which exception it was. */
    static CallNotPermittedException refusal(CircuitBreaker circuit) {
        CallNotPermittedException refused =
                catchThrowableOfType(CallNotPermittedException.class, () -> succeed(circuit));
        if (refused == null) {
            throw new AssertionError("a call was let through: " + circuit);
        }
        return refused;
    }
}
