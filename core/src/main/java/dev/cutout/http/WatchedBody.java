package dev.cutout.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** The caller's body subscriber, and a look at how the body ends. The exchange hears of it before the caller can. */
final class WatchedBody<T> implements BodySubscriber<T>, Subscription {
    private final Exchange<T> exchange;
    private final BodySubscriber<T> subscriber;
    private @Nullable Subscription subscription;

    WatchedBody(Exchange<T> exchange, BodySubscriber<T> subscriber) {
        this.exchange = exchange;
        this.subscriber = subscriber;
    }

    /** The subscriber's own, except that the exchange hears of it before the client does when the subscriber gives up by itself. */
    @Override
    public CompletionStage<T> getBody() {
        CompletableFuture<T> body = new CompletableFuture<>();
        CompletionStage<?> unused = subscriber.getBody().whenComplete((result, thrown) -> {
            if (thrown == null) {
                body.complete(result);
            } else {
                exchange.unmade();
                body.completeExceptionally(thrown);
            }
        });
        return body;
    }

    // ---- from the client

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            subscriber.onNext(buffers);
        } catch (Throwable thrown) { // which the client will hand back as a broken body
            exchange.left();
            throw thrown;
        }
    }

    @Override
    public void onError(Throwable thrown) {
        exchange.broke(thrown);
        subscriber.onError(thrown);
    }

    @Override
    public void onComplete() {
        exchange.ended();
        subscriber.onComplete();
    }

    // ---- from the caller's subscriber

    @Override
    public void request(long count) {
        Objects.requireNonNull(subscription).request(count);
    }

    @Override
    public void cancel() {
        exchange.left();
        Objects.requireNonNull(subscription).cancel();
    }
}
