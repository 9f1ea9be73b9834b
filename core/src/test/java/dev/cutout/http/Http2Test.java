package dev.cutout.http;

import static dev.cutout.http.Circuits.counted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CircuitBreaker;
import dev.cutout.HandWoundTicker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same over HTTP/2: the server takes the client's offer to upgrade, and answers in frames (RFC 9113) on stream 1. */
class Http2Test {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    // Header fields as HPACK (RFC 7541) writes them, all from its static table.
    private static final String STATUS_200 = "\u0088";
    private static final String STATUS_503 = "H" + (char) 3 + "503";
    private static final String GET_ROOT_OVER_HTTP = "\u0082\u0084\u0086";

    private final BluntServer server = new BluntServer();
    private final CircuitBreaker circuit =
            Circuits.counting("classic", new HandWoundTicker()).build();
    private final HttpClient client = GuardedHttpClient.builder(
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build())
            .circuit(any -> circuit)
            .build();

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(server.uri("/")).build();
    }

    private static String frame(int type, int flags, int stream, String payload) {
        return "" + (char) 0 + (char) 0 + (char) payload.length() + (char) type + (char) flags + number(stream)
                + payload;
    }

    private static String number(int number) {
        return "" + (char) 0 + (char) 0 + (char) 0 + (char) number;
    }

    private void answers(String... frames) {
        server.does(visit -> {
            upgrade(visit);
            visit.say(String.join("", frames));
            visit.awaitHangUp();
        });
    }

    private static void upgrade(BluntServer.Visit visit) throws IOException {
        visit.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
                + frame(SETTINGS, 0, 0, ""));
    }

    @Test
    void aWholeResponseIsASuccess() throws Exception {
        answers(frame(HEADERS, END_HEADERS, 1, STATUS_200), frame(DATA, END_STREAM, 1, "good"));

        HttpResponse<String> response = client.send(get(), BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.body()).isEqualTo("good");
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void aBadStatusIsAFailure() throws Exception {
        answers(frame(HEADERS, END_HEADERS | END_STREAM, 1, STATUS_503));

        assertThat(client.send(get(), BodyHandlers.ofString()).statusCode()).isEqualTo(503);

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void aStreamThatIsResetIsAFailure() {
        String internalError = number(2);
        answers(
                frame(HEADERS, END_HEADERS, 1, STATUS_200),
                frame(DATA, 0, 1, "half"),
                frame(RST_STREAM, 0, 1, internalError));

        assertThatThrownBy(() -> client.send(get(), BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void aStreamThatIsResetWhileItsBodyIsReadIsAFailure() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        server.does(visit -> {
            upgrade(visit);
            visit.say(frame(HEADERS, END_HEADERS, 1, STATUS_200) + frame(DATA, 0, 1, "half"));
            reading.await();
            visit.say(frame(RST_STREAM, 0, 1, number(2)));
            visit.awaitHangUp();
        });

        try (var body = client.send(get(), BodyHandlers.ofInputStream()).body()) {
            assertThat(body.readNBytes(4)).hasSize(4);
            assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 0 ignored");
            reading.countDown();
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void aConnectionThatBreaksIsAFailure() {
        server.does(visit -> {
            upgrade(visit);
            visit.say(frame(HEADERS, END_HEADERS, 1, STATUS_200) + frame(DATA, 0, 1, "half"));
            visit.reset();
        });

        assertThatThrownBy(() -> client.send(get(), BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void aStreamThatTheCallerCancelsIsIgnored() throws Exception {
        CompletableFuture<CompletableFuture<?>> sent = new CompletableFuture<>();
        server.does(visit -> {
            upgrade(visit);
            visit.say(frame(HEADERS, END_HEADERS, 1, STATUS_200) + frame(DATA, 0, 1, "half"));
            sent.join().cancel(true);
            visit.awaitHangUp();
        });

        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), BodyHandlers.ofString());
        sent.complete(future);

        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    /** What is pushed reaches its handler, and counts nowhere, good or bad. */
    @Test
    void pushedResponsesArePassedThrough() throws Exception {
        String authority = server.uri("/").getAuthority();
        String promise = number(2) + GET_ROOT_OVER_HTTP + "A" + (char) authority.length() + authority;
        answers(
                frame(PUSH_PROMISE, END_HEADERS, 1, promise),
                frame(HEADERS, END_HEADERS, 2, STATUS_503),
                frame(DATA, END_STREAM, 2, "pushed"),
                frame(HEADERS, END_HEADERS, 1, STATUS_200),
                frame(DATA, END_STREAM, 1, "good"));
        ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> pushed = new ConcurrentHashMap<>();

        HttpResponse<String> response = client.sendAsync(
                        get(),
                        BodyHandlers.ofString(),
                        PushPromiseHandler.of(request -> BodyHandlers.ofString(), pushed))
                .get();

        assertThat(response.body()).isEqualTo("good");
        assertThat(pushed.values()).hasSize(1);
        assertThat(pushed.values().iterator().next().get().body()).isEqualTo("pushed");
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }
}
