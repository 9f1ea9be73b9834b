package dev.cutout;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future that {@link CircuitBreaker#callAsync} returns. However it is completed, the permit has answered before anyone can
 * see it: a caller who learns of the fifth failure finds the circuit open.
 *
 * <p>That is why the ways to complete it are overridden. Acting on its completion instead would be too late: the actions
 * that others registered run first, and so does a thread that waits in {@code join()}.
 */
final class GuardedFuture<T extends @Nullable Object> extends CompletableFuture<T> implements BiConsumer<T, Throwable> {
    private final Permit permit;
    private final CompletionStage<? extends T> source;

    private GuardedFuture(Permit permit, CompletionStage<? extends T> source) {
        this.permit = permit;
        this.source = source;
    }

    static <T extends @Nullable Object> GuardedFuture<T> of(Permit permit, CompletionStage<? extends T> source) {
        GuardedFuture<T> future = new GuardedFuture<>(permit, source);
        source.whenComplete(future);
        return future;
    }

    /** The source has answered. */
    @Override
    public void accept(T result, @Nullable Throwable thrown) {
        if (thrown == null) {
            permit.record((Object) result);
            super.complete(result);
        } else {
            permit.record(thrown);
            super.completeExceptionally(thrown);
        }
    }

    /** Someone gave a value in the source's place, as {@code completeOnTimeout} does: nobody waits for the source any more. */
    @Override
    public boolean complete(T value) {
        if (!isDone()) {
            permit.failure(new GaveUpWaiting());
        }
        return super.complete(value);
    }

    /** Someone gave an exception in the source's place, as {@code orTimeout} does. */
    @Override
    public boolean completeExceptionally(Throwable thrown) {
        if (!isDone()) {
            permit.record(thrown);
        }
        return super.completeExceptionally(thrown);
    }

    /** Cancels the source as well. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            permit.record(new CancellationException());
        }
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            cancelSource(mayInterruptIfRunning);
        }
        return cancelled;
    }

    private void cancelSource(boolean mayInterruptIfRunning) {
        try {
            Future<?> future = source instanceof Future<?> own ? own : source.toCompletableFuture();
            future.cancel(mayInterruptIfRunning);
        } catch (UnsupportedOperationException e) {
            // A stage may refuse to be seen as a future, or to be cancelled, as the JDK's minimal stages do: there is
            // no way to reach it.
        }
    }

    /** The inherited one completes the future behind the back of {@link #complete}. */
    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        executor.execute(() -> {
            if (isDone()) {
                return;
            }
            try {
                complete(supplier.get());
            } catch (Throwable thrown) {
                completeExceptionally(thrown);
            }
        });
        return this;
    }

    /** The inherited one uses a pool of its own, which is not visible here. */
    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    /** Stands for the answer that nobody waited for, in the event of the opening that it helped to cause. */
    static final class GaveUpWaiting extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private GaveUpWaiting() {
            super("The future was completed by hand before the call answered.", null, false, false);
        }
    }
}
