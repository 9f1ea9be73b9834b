package dev.cutout;

import java.util.concurrent.CompletableFuture;

/** The ways of core itself. */
enum CallMode implements Mode {
    /** {@code call(body)}. */
    CALL {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) throws Exception {
            return circuit.call(answer::give);
        }
    },
    /** {@code call(body, fallback)}. */
    CALL_WITH_FALLBACK {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) throws Exception {
            return circuit.call(answer::give, Refusal::reason);
        }
    },
    /** {@code run(body)}: there is no result to get back, nor for a classifier to see. */
    RUN {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) throws Exception {
            circuit.run(answer::give);
            return answer.content();
        }
    },
    /** {@code callAsync}, the source complete before it is returned. */
    ASYNC_DONE {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) {
            CompletableFuture<Object> source = new CompletableFuture<>();
            return contentOf(circuit.callAsync(() -> {
                complete(source, answer);
                return source;
            }));
        }
    },
    /** {@code callAsync}, the source completed later by another thread. */
    ASYNC_LATER {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) throws Exception {
            CompletableFuture<Object> source = new CompletableFuture<>();
            CompletableFuture<Object> guarded = circuit.callAsync(() -> source);
            if (!guarded.isDone()) {
                Thread dependency = new Thread(() -> complete(source, answer), "dependency");
                dependency.start();
                dependency.join();
            }
            return contentOf(guarded);
        }
    },
    /** {@code callAsync}, the body throwing instead of returning a source. */
    ASYNC_THROWING {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) {
            CompletableFuture<Object> guarded =
                    circuit.callAsync(() -> CompletableFuture.completedFuture(answer.give()));
            boolean interrupted = Thread.interrupted(); // cleared, for the sake of the next test
            if (interrupted != answer.isGiven() && answer.content() instanceof InterruptedException) {
                throw new AssertionError("The thread's interruption is " + interrupted + " after " + answer.content());
            }
            return contentOf(guarded);
        }
    },
    /** A permit, and the classifier. */
    PERMIT_RECORD {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) throws Exception {
            try (Permit permit = circuit.acquire()) {
                try {
                    return permit.record(answer.give());
                } catch (Throwable thrown) {
                    permit.record(thrown);
                    throw thrown;
                }
            }
        }
    },
    /** A permit, and verdicts of the caller's own. */
    PERMIT_VERDICT {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) {
            Permit permit = circuit.acquire();
            Object got;
            try {
                got = answer.give();
            } catch (Throwable thrown) {
                got = thrown;
            }
            switch (answer.outcome()) {
                case SUCCESS -> permit.success();
                case FAILURE -> permit.failure(got instanceof Throwable thrown ? thrown : new RuntimeException());
                case IGNORED -> permit.ignore();
            }
            return got;
        }
    },
    /** A permit that is null when there is none, so nobody learns the reason. */
    TRY_ACQUIRE {
        @Override
        Object make(CircuitBreaker circuit, Answer answer) throws Exception {
            try (Permit permit = circuit.tryAcquire()) {
                if (permit == null) {
                    return NO_PERMIT;
                }
                try {
                    return permit.record(answer.give());
                } catch (Throwable thrown) {
                    permit.record(thrown);
                    throw thrown;
                }
            }
        }
    };

    /** The answers that can be given this way. Without results there are no bad ones. */
    String letters() {
        return this == RUN ? "sfuewicnrSFUEWICNR" : "sfuebwicnrSFUEBWICNR";
    }

    /** Makes one call. Returns or throws what the caller gets; of a future, what it was completed with. */
    abstract Object make(CircuitBreaker circuit, Answer answer) throws Exception;

    @Override
    public final Object got(CircuitBreaker circuit, Answer answer) {
        try {
            return make(circuit, answer);
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    private static void complete(CompletableFuture<Object> source, Answer answer) {
        try {
            source.complete(answer.give());
        } catch (Throwable thrown) {
            source.completeExceptionally(thrown);
        }
    }

    private static Object contentOf(CompletableFuture<Object> guarded) {
        if (!guarded.isDone()) {
            throw new AssertionError("The source is complete and the guarded future is not.");
        }
        return guarded.handle((result, thrown) -> thrown == null ? result : thrown)
                .join();
    }
}
