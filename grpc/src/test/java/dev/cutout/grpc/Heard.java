package dev.cutout.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What the listener of a call was told. */
final class Heard extends ClientCall.Listener<String> {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile Metadata trailers;

    @Override
    public void onMessage(String message) {
        messages.add(message);
    }

    @Override
    public void onClose(Status status, Metadata atEnd) {
        ends.incrementAndGet();
        trailers = atEnd;
        end.complete(status);
    }

    String message() throws InterruptedException {
        String message = messages.poll(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("No message came.");
        }
        return message;
    }

    int messagesWaiting() {
        return messages.size();
    }

    Status status() throws InterruptedException {
        try {
            return end.get(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("The call did not end.", e);
        }
    }

    boolean isOver() {
        return end.isDone();
    }

    /** How often it was told that the call ended: once is right. */
    int ends() {
        return ends.get();
    }

    /** Those that came with the end. */
    Metadata trailers() {
        return trailers;
    }
}
