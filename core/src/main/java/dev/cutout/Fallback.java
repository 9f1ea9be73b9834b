package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * What to answer when a call is refused. Runs on refusals only, never on failures of the call itself; what it throws goes
 * to the caller and is recorded nowhere.
 *
 * @param <T> what the call returns
 * @param <X> the checked exception it may throw
 */
@FunctionalInterface
public interface Fallback<T extends @Nullable Object, X extends Exception> {
    /**
     * Answers instead of the call.
     *
     * @param refusal why the call was refused; an object shared by all refusals of the same kind, so read it here and do not keep it
     */
    T answer(Refusal refusal) throws X;
}
