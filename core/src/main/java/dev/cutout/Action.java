package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Call} that returns nothing: the body of {@link CircuitBreaker#run}.
 *
 * @param <X> the checked exception it may throw
 */
@FunctionalInterface
public interface Action<X extends Exception> extends Call<@Nullable Void, X> {
    /** Does the work. Invoked at most once for each guarded call, on the thread that asked. */
    void run() throws X;

    @Override
    @SuppressWarnings("NullAway") // it does not look at type arguments, which say that null is the result
    default @Nullable Void call() throws X {
        run();
        return null;
    }
}
