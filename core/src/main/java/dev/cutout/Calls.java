package dev.cutout;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The ways to make a call through a circuit breaker: {@link CircuitBreaker} itself, {@link CircuitBreaker#notAsProbe()}
 * and {@link CircuitBreaker#asLastResortProbe()}.
 *
 * <p>Thread-safe. Nothing here locks, parks, or starts a thread.
 */
public sealed interface Calls permits CircuitBreaker, CircuitBreaker.Choosy {
    /**
     * Makes the call if the circuit permits it, and throws what it throws.
     *
     * @throws CallNotPermittedException if the call is refused
     */
    <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body) throws X;

    /**
     * Makes the call if the circuit permits it, else asks the fallback. The fallback runs on refusals only, not on failures;
     * what it throws is recorded nowhere.
     */
    <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body, Fallback<T, X> fallback) throws X;

    /**
     * Makes a call that returns nothing, if the circuit permits it.
     *
     * @throws CallNotPermittedException if the call is refused
     */
    default <X extends Exception> void run(Action<X> body) throws X {
        call(body);
    }

    /**
     * Makes a call that answers later. It never throws: a refusal, and an exception of the body itself, come as a failed future.
     *
     * <p>The permit answers when the future completes, however that happens: cancelling it is ignored and reaches the source; an {@code
     * orTimeout} on it is a failure at that moment; so is giving it a value by hand, as {@code completeOnTimeout} does. A future
     * that never completes counts nowhere, but keeps its place where calls in flight are limited, and lapses if it is a probe.
     */
    <T extends @Nullable Object> CompletableFuture<T> callAsync(Call<? extends CompletionStage<? extends T>, ?> body);

    /**
     * A permit for one call by hand.
     *
     * @throws CallNotPermittedException if the call is refused
     */
    Permit acquire();

    /** A permit for one call by hand; null if the call is refused. */
    @Nullable Permit tryAcquire();
}
