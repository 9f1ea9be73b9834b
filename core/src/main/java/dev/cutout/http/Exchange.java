package dev.cutout.http;

import dev.cutout.CircuitBreaker;
import dev.cutout.Classifier;
import dev.cutout.Outcome;
import dev.cutout.Permit;
import java.io.UncheckedIOException;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way, and when its permit answers: at once if the headers say failure, or if it is a probe; else with the body. The permit answers once, so of two
 * things that happen at the same time, the end of the body and a cancellation for one, the first counts.
 *
 * <p>It stands in for the caller's body handler, which the client asks when the final headers are there.
 *
 * <p>While the client has not handed the response over, a body that breaks is only noted: the client is about to throw, and what it throws says whether the
 * body broke by itself or because the request was cancelled. Afterwards nobody else will tell.
 */
final class Exchange<T> implements BodyHandler<T> {
    // The subscribers of the JDK that have the whole body when the response is handed over; strings are read as bytes.
    // They need no watch, and are better left alone: the JDK asks any but its own for the body on another thread.
    private static final Class<?> BYTES = BodySubscribers.ofByteArray().getClass();
    private static final Class<?> NOTHING = BodySubscribers.discarding().getClass();

    /** More than anyone nests, and an end for a cause that points back at itself. */
    private static final int DEEPEST_WRAPPER = 32;

    private final GuardedHttpClient guard;
    private final CircuitBreaker circuit;
    private final Permit permit;
    private final HttpRequest request;
    private final BodyHandler<T> handler;
    // Written by the client's thread before it hands the response over, so that whoever gets it sees them.
    private boolean headed;
    private boolean watched;
    // Each side writes its own and then reads the other's, so that of a body that breaks while the response is handed
    // over at least one side knows.
    private volatile boolean handedOver;
    private volatile @Nullable Throwable broken;

    Exchange(
            GuardedHttpClient guard,
            CircuitBreaker circuit,
            Permit permit,
            HttpRequest request,
            BodyHandler<T> handler) {
        this.guard = guard;
        this.circuit = circuit;
        this.permit = permit;
        this.request = request;
        this.handler = handler;
    }

    /** The final headers are there. */
    @Override
    public BodySubscriber<T> apply(ResponseInfo response) {
        judge(response);
        BodySubscriber<T> body;
        try {
            body = Objects.requireNonNull(handler.apply(response), "The body handler returned null.");
        } catch (Throwable thrown) {
            left();
            throw thrown;
        }
        watched = !isWholeWhenHandedOver(body);
        return watched ? new WatchedBody<>(this, body) : body;
    }

    private static boolean isWholeWhenHandedOver(BodySubscriber<?> body) {
        return body.getClass() == BYTES || body.getClass() == NOTHING;
    }

    private void judge(ResponseInfo response) {
        headed = true;
        Throwable failure;
        try {
            failure = guard.failed(response) ? new FailedResponse(request, response) : null;
        } catch (Throwable brokenRule) {
            failure = brokenRule;
        }
        if (failure != null) {
            permit.failure(failure);
        } else if (permit.isProbe()) {
            permit.success();
        }
    }

    /** The client gives the response to the caller. */
    void handedOver(HttpResponse<T> response) {
        if (!headed) { // a client that is not the JDK's may answer without asking for a body
            judge(new Head(response));
        }
        if (!watched) {
            permit.success();
            return;
        }
        handedOver = true;
        Throwable brokenBefore = broken;
        if (brokenBefore != null) {
            threw(brokenBefore);
        } else if (circuit.settings().limit().isPresent()) {
            permit.success();
        }
    }

    /** The body is complete. */
    void ended() {
        permit.success();
    }

    /** The body broke. */
    void broke(Throwable thrown) {
        broken = thrown;
        if (handedOver) {
            threw(thrown);
        }
    }

    /** After good headers the caller wants no more of the body, or its own code broke: the dependency did as it should. */
    void left() {
        permit.success();
    }

    /** The caller's subscriber could not make a body: because the body broke, or by its own fault. */
    void unmade() {
        if (broken == null) {
            left();
        }
    }

    /** The client threw, or somebody gave the request up. */
    void threw(Throwable thrown) {
        Throwable actual = unwrap(thrown);
        if (guard.isAbandoned()) {
            permit.ignore();
        } else if (Classifier.standard().outcomeOf(actual, false) == Outcome.IGNORED) {
            // A cancellation, which is a failure if the call had taken longer than slow; only the breaker knows. Or the
            // refusal of an inner circuit.
            permit.record(actual);
        } else if (actual instanceof RuntimeException && !(actual instanceof UncheckedIOException)) {
            permit.ignore(); // it could not be sent
        } else {
            permit.failure(actual);
        }
    }

    /** What is inside the wrappers that futures put around an exception, as far as they go on. */
    private static Throwable unwrap(Throwable thrown) {
        Throwable actual = thrown;
        for (int depth = 0; depth < DEEPEST_WRAPPER && isWrapper(actual) && actual.getCause() != null; depth++) {
            actual = actual.getCause();
        }
        return actual;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException || thrown instanceof ExecutionException;
    }

    /** The head of a response, as body handlers see it. */
    private record Head(HttpResponse<?> response) implements ResponseInfo {
        @Override
        public int statusCode() {
            return response.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return response.headers();
        }

        @Override
        public Version version() {
            return response.version();
        }
    }
}
