package dev.cutout.http;

import java.net.http.HttpResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The future that {@code sendAsync} returns. However it is completed, the exchange hears of it before anyone can see it: a caller who learns of the fifth
 * failure finds the circuit open. Cancelling it, or a future derived from it, reaches the request, as with the JDK's own.
 */
final class PendingResponse<T> extends CompletableFuture<HttpResponse<T>>
        implements BiConsumer<HttpResponse<T>, @Nullable Throwable> {
    private final Exchange<T> exchange;
    private final CompletableFuture<HttpResponse<T>> source;

    private PendingResponse(Exchange<T> exchange, CompletableFuture<HttpResponse<T>> source) {
        this.exchange = exchange;
        this.source = source;
    }

    static <T> PendingResponse<T> of(Exchange<T> exchange, CompletableFuture<HttpResponse<T>> source) {
        PendingResponse<T> pending = new PendingResponse<>(exchange, source);
        CompletableFuture<?> unused = source.whenComplete(pending);
        return pending;
    }

    /** The client has answered. */
    @Override
    public void accept(HttpResponse<T> response, @Nullable Throwable thrown) {
        if (thrown == null) {
            exchange.handedOver(response);
            super.complete(response);
        } else {
            exchange.threw(thrown);
            super.completeExceptionally(thrown);
        }
    }

    /** Someone gave a response in the client's place, as {@code completeOnTimeout} does: nobody waits for the client any more. */
    @Override
    public boolean complete(HttpResponse<T> response) {
        if (!isDone()) {
            exchange.threw(new GaveUpWaiting());
        }
        return super.complete(response);
    }

    /** Someone gave an exception in the client's place, as {@code orTimeout} does. */
    @Override
    public boolean completeExceptionally(Throwable thrown) {
        if (!isDone()) {
            exchange.threw(thrown);
        }
        return super.completeExceptionally(thrown);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            exchange.threw(new CancellationException());
        }
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            source.cancel(mayInterruptIfRunning);
        }
        return cancelled;
    }

    /** The source may be done, and then cannot be cancelled itself, while the body is not: so this cancels one that is derived from it. */
    private boolean giveUp() {
        exchange.threw(new CancellationException());
        return source.newIncompleteFuture().cancel(true);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Derived<>(this);
    }

    /**
     * A future that comes of the response. To give up waiting for it is to give up the request, or the body where that is still under way; if both are there,
     * the permit has answered, and it is the caller's own affair.
     */
    private static final class Derived<U> extends CompletableFuture<U> {
        private final PendingResponse<?> pending;

        Derived(PendingResponse<?> pending) {
            this.pending = pending;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean reached = !isDone() && mayInterruptIfRunning && pending.giveUp();
            return super.cancel(mayInterruptIfRunning) || reached;
        }

        @Override
        public boolean complete(U value) {
            if (!isDone()) {
                pending.exchange.threw(new GaveUpWaiting());
            }
            return super.complete(value);
        }

        @Override
        public boolean completeExceptionally(Throwable thrown) {
            if (!isDone()) {
                pending.exchange.threw(thrown);
            }
            return super.completeExceptionally(thrown);
        }

        @Override
        public <V> CompletableFuture<V> newIncompleteFuture() {
            return new Derived<>(pending);
        }
    }

    /** Stands for the answer that nobody waited for, in the event of the opening that it helped to cause. */
    static final class GaveUpWaiting extends Exception {
        private static final long serialVersionUID = 1L;

        private GaveUpWaiting() {
            super("The future was completed by hand before the server answered.", null, false, false);
        }
    }
}
