package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach the dependency: the body of a guarded call.
 *
 * <p>One type serves suppliers, callables and lambdas that throw something checked: {@code X} is inferred as what the body
 * throws, or as {@link RuntimeException} when it throws nothing checked, so that there is never a checked exception to
 * catch that cannot occur. A body that throws two unrelated checked exceptions widens {@code X} to {@link Exception}; to
 * keep both, use a {@link Permit}.
 *
 * @param <T> what the call returns
 * @param <X> the checked exception it may throw
 */
@FunctionalInterface
public interface Call<T extends @Nullable Object, X extends Exception> {
    /** Makes the call. Invoked at most once for each guarded call, on the thread that asked. */
    T call() throws X;
}
