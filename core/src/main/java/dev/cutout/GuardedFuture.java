package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
    private static final VarHandle GRANT;

    static {
        try {
            GRANT = MethodHandles.lookup().findVarHandle(GuardedFuture.class, "grant", Grant.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CircuitBreaker circuit;
    private final long start;
    private final CompletionStage<? extends T> source;
    /** Taken out, atomically, by the first answer. As in {@link Permit}, which would be one more object for each call that is pending. */
    @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // read and written through GRANT
    private @Nullable Grant grant;

    private GuardedFuture(CircuitBreaker circuit, Grant grant, long start, CompletionStage<? extends T> source) {
        this.circuit = circuit;
        this.grant = grant;
        this.start = start;
        this.source = source;
    }

    static <T extends @Nullable Object> GuardedFuture<T> of(
            CircuitBreaker circuit, Grant grant, long start, CompletionStage<? extends T> source) {
        GuardedFuture<T> future = new GuardedFuture<>(circuit, grant, start, source);
        try {
            source.whenComplete(future);
        } catch (Throwable thrown) { // nobody will hear of its answer
            future.completeExceptionally(thrown);
        }
        return future;
    }

    /** The source has answered. */
    @Override
    public void accept(T result, @Nullable Throwable thrown) {
        if (thrown == null) {
            Grant granted = take();
            if (granted != null) {
                circuit.returned(granted, start, result);
            }
            super.complete(result);
        } else {
            threw(thrown);
            super.completeExceptionally(thrown);
        }
    }

    private void threw(Throwable thrown) {
        Grant granted = take();
        if (granted != null) {
            circuit.threw(granted, start, thrown);
        }
    }

    private @Nullable Grant take() {
        return (Grant) GRANT.getAndSet(this, null);
    }

    /** Someone gave a value in the source's place, as {@code completeOnTimeout} does: nobody waits for the source any more. */
    @Override
    public boolean complete(T value) {
        if (!isDone()) {
            Grant granted = take();
            if (granted != null) {
                circuit.answered(granted, start, Outcome.FAILURE, new GaveUpWaiting());
            }
        }
        return super.complete(value);
    }

    /** Someone gave an exception in the source's place, as {@code orTimeout} does. */
    @Override
    public boolean completeExceptionally(Throwable thrown) {
        if (!isDone()) {
            threw(thrown);
        }
        return super.completeExceptionally(thrown);
    }

    /** Cancels the source as well. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            threw(new CancellationException());
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
