package dev.cutout.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.Answer;
import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.Hold;
import dev.cutout.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The ways to make a call through a guarded HTTP client, to a real server that meets each request with the answer that the story has for it. */
enum HttpMode implements Mode {
    /** {@code send}, the whole body at once. */
    SEND {
        @Override
        int status(HttpClient client, HttpRequest request, CompletableFuture<Future<?>> sent) throws Exception {
            return client.send(request, BodyHandlers.ofString()).statusCode();
        }
    },
    /** {@code send}, the body read as it comes. */
    SEND_AND_READ {
        @Override
        int status(HttpClient client, HttpRequest request, CompletableFuture<Future<?>> sent) throws Exception {
            return read(client.send(request, BodyHandlers.ofInputStream()));
        }
    },
    /** {@code sendAsync}, the whole body at once. */
    SEND_ASYNC {
        @Override
        int status(HttpClient client, HttpRequest request, CompletableFuture<Future<?>> sent) throws Exception {
            return await(client.sendAsync(request, BodyHandlers.ofString()), sent)
                    .statusCode();
        }
    },
    /** {@code sendAsync}, the body read as it comes. */
    SEND_ASYNC_AND_READ {
        @Override
        int status(HttpClient client, HttpRequest request, CompletableFuture<Future<?>> sent) throws Exception {
            return read(await(client.sendAsync(request, BodyHandlers.ofInputStream()), sent));
        }
    };

    /** Succeeds, answers 503, breaks off, cannot be sent, is cancelled or interrupted, is refused by an inner circuit; some after longer than slow. */
    static final String LETTERS = "sbficnrSBFICNR";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final CircuitBreaker INNER = CircuitBreaker.of("inner", CircuitSettings.classic());

    static {
        INNER.hold(Hold.open());
    }

    /** Makes the request and reads all of the answer. */
    abstract int status(HttpClient client, HttpRequest request, CompletableFuture<Future<?>> sent) throws Exception;

    @Override
    public Object got(CircuitBreaker circuit, Answer answer) {
        try (BluntServer server = new BluntServer()) {
            char letter = Character.toLowerCase(answer.letter());
            CompletableFuture<Future<?>> sent = new CompletableFuture<>();
            Thread caller = Thread.currentThread();
            server.does(visit -> {
                give(answer);
                switch (letter) {
                    case 's' -> visit.answer(200, "good");
                    case 'b' -> visit.answer(503, "bad");
                    case 'c', 'n' -> {
                        if (letter == 'c' && isAsync()) {
                            sent.join().cancel(true);
                        } else {
                            caller.interrupt();
                        }
                        visit.awaitHangUp();
                    }
                    default -> {
                        visit.say("HTTP/1.1 200 Wha"); // more than nothing, or the client would try again by itself
                        visit.hangUp();
                    }
                }
            });
            HttpRequest request = HttpRequest.newBuilder(server.uri("/")).build();
            HttpClient client = CLIENT;
            if (letter == 'i') {
                request = new UnsendableRequest(request);
                client = new AskedClient(client, () -> give(answer));
            } else if (letter == 'r') {
                client = new AskedClient(guarded(client, INNER), () -> give(answer));
            }
            return contentOf(answer, letter, status(guarded(client, circuit), request, sent));
        } catch (Throwable thrown) {
            return contentOf(answer, Character.toLowerCase(answer.letter()), thrown);
        }
    }

    private static HttpClient guarded(HttpClient client, CircuitBreaker circuit) {
        return GuardedHttpClient.builder(client)
                .circuit(any -> circuit)
                .idempotent(any -> true)
                .build();
    }

    private boolean isAsync() {
        return this == SEND_ASYNC || this == SEND_ASYNC_AND_READ;
    }

    /** The dependency is asked, and takes its time; what it says, it says in HTTP. */
    private static void give(Answer answer) {
        try {
            assertThat(answer.give()).isSameAs(answer.content());
        } catch (Throwable thrown) {
            assertThat(thrown).isSameAs(answer.content());
        }
    }

    private static Object contentOf(Answer answer, char letter, Object got) {
        boolean refused =
                got instanceof CallNotPermittedException e && !e.circuit().equals(INNER.name());
        if (refused) {
            return got;
        }
        Object expected = switch (letter) {
            case 's' -> 200;
            case 'b' -> 503;
            case 'i' -> IllegalArgumentException.class;
            case 'r' -> CallNotPermittedException.class;
            case 'c', 'n' -> null;
            default -> IOException.class;
        };
        if (expected instanceof Integer status) {
            assertThat(got).isEqualTo(status);
        } else if (expected instanceof Class<?> type) {
            assertThat(got).isInstanceOf(type);
        } else {
            assertThat(got).isInstanceOfAny(CancellationException.class, InterruptedException.class);
        }
        return answer.content();
    }

    private static int read(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII))
                    .isIn("good", "bad");
        }
        return response.statusCode();
    }

    private static <T> HttpResponse<T> await(
            CompletableFuture<HttpResponse<T>> future, CompletableFuture<Future<?>> sent) throws Exception {
        sent.complete(future);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (InterruptedException e) {
            future.cancel(true); // as whoever waits and gives up should
            throw e;
        }
    }
}
