package dev.cutout.bench;

import dev.cutout.Call;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A client that answers later: one for each thread, with one call at a time. */
@State(Scope.Thread)
public class Stages {
    private final Object answer = new Object();
    private final CompletableFuture<Object> completed = CompletableFuture.completedFuture(answer);
    private CompletableFuture<Object> pending = completed;

    final Call<CompletableFuture<Object>, RuntimeException> pendingCall = this::newPending;
    final Call<CompletableFuture<Object>, RuntimeException> completedCall = this::completed;

    CompletableFuture<Object> newPending() {
        pending = new CompletableFuture<>();
        return pending;
    }

    CompletableFuture<Object> completed() {
        return completed;
    }

    /** The answer comes; returns what was given to the caller. */
    CompletableFuture<Object> answer(CompletableFuture<Object> given) {
        pending.complete(answer);
        return given;
    }
}
