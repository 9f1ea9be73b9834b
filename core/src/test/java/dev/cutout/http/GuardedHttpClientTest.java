package dev.cutout.http;

import static dev.cutout.http.Circuits.counted;
import static dev.cutout.http.Circuits.counting;
import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitState;
import dev.cutout.HandWoundTicker;
import dev.cutout.Hold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as what, which circuit is asked, and what the caller gets, with a real server on the other end. How a body ends: {@link BodiesTest}. */
class GuardedHttpClientTest {
    private static final HttpClient PLAIN = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    private final BluntServer server = new BluntServer();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private CircuitBreaker circuit = counting("classic", ticker).build();
    private HttpClient client = guarded(PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private GuardedHttpClient guarded(HttpClient plain) {
        return GuardedHttpClient.builder(plain).circuit(any -> circuit).build();
    }

    private void settings(String settings) {
        circuit = counting(settings, ticker).build();
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(server.uri("/")).build();
    }

    private HttpRequest post() {
        return HttpRequest.newBuilder(server.uri("/"))
                .POST(BodyPublishers.ofString("order"))
                .build();
    }

    private void open() throws Exception {
        server.does(visit -> visit.answer(500, ""));
        while (circuit.state() == CircuitState.CLOSED) {
            client.send(get(), discarding());
        }
        server.does(visit -> visit.answer(200, "good"));
    }

    // ---- what counts as what

    @ParameterizedTest
    @CsvSource({
        "200, good",
        "201, good",
        "204, good",
        "206, good",
        "304, good",
        "300, good",
        "400, good",
        "401, good",
        "403, good",
        "404, good",
        "407, good",
        "408, bad",
        "409, good",
        "410, good",
        "413, good",
        "421, good",
        "422, good",
        "423, good",
        "425, good",
        "429, bad",
        "451, good",
        "499, good",
        "500, bad",
        "501, good",
        "502, bad",
        "503, bad",
        "504, bad",
        "505, good",
        "506, bad",
        "507, bad",
        "508, bad",
        "510, good",
        "511, bad",
        "520, bad",
        "529, bad",
        "599, bad",
        "600, bad",
        "999, bad"
    })
    void aStatusCountsAsTheTableSays(int status, String outcome) throws Exception {
        server.does(visit -> visit.answer(status, ""));

        assertThat(client.send(get(), ofString()).statusCode()).isEqualTo(status);
        assertThat(client.sendAsync(get(), ofString()).get().statusCode()).isEqualTo(status);

        assertThat(counted(circuit))
                .isEqualTo(outcome.equals("good") ? "2 good, 0 bad, 0 ignored" : "0 good, 2 bad, 0 ignored");
    }

    /** A port that is taken, so that no other server gets it, and where nobody listens. */
    private static Socket deafPort() throws IOException {
        Socket deaf = new Socket();
        deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return deaf;
    }

    private static HttpRequest to(Socket port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getLocalPort()))
                .build();
    }

    @Test
    void nobodyListeningIsAFailure() throws Exception {
        try (Socket deaf = deafPort()) {
            assertThatThrownBy(() -> client.send(to(deaf), ofString())).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> client.sendAsync(to(deaf), ofString()).get())
                    .hasCauseInstanceOf(ConnectException.class);
        }

        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    @Test
    void aHostWithoutAnAddressIsAFailure() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://nowhere.invalid/")).build();

        assertThatThrownBy(() -> client.send(request, ofString())).isInstanceOf(IOException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 2",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "\u0000\u0001\u0002\r\n"
            })
    void anAnswerThatIsNoneIsAFailure(String said) {
        server.does(visit -> {
            visit.say(said);
            visit.hangUp();
        });

        assertThatThrownBy(() -> client.send(get(), ofString())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.sendAsync(get(), ofString()).get()).hasCauseInstanceOf(IOException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    @Test
    void aResetIsAFailure() {
        server.does(BluntServer.Visit::reset);

        assertThatThrownBy(() -> client.send(get(), ofString())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.sendAsync(post(), ofString()).get()).hasCauseInstanceOf(IOException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    @Test
    void aTimeoutOfTheRequestIsAFailure() {
        server.does(BluntServer.Visit::awaitHangUp);
        HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                .timeout(Duration.ofMillis(50))
                .build();

        assertThatThrownBy(() -> client.send(request, ofString())).isInstanceOf(HttpTimeoutException.class);
        assertThatThrownBy(() -> client.sendAsync(request, ofString()).get())
                .hasCauseInstanceOf(HttpTimeoutException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    @Test
    void aRequestThatCannotBeSentIsIgnored() {
        HttpRequest request = new UnsendableRequest(get());

        assertThatThrownBy(() -> client.send(request, ofString())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.sendAsync(request, ofString())).isInstanceOf(IllegalArgumentException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 2 ignored");
        assertThat(server.requests()).isZero();
    }

    /** What a client of somebody else's may throw. */
    @ParameterizedTest
    @MethodSource("exceptions")
    void anExceptionCountsByWhatItSays(RuntimeException thrown, String count) {
        HttpClient other = guarded(new AskedClient(PLAIN, () -> {
            throw thrown;
        }));

        assertThatThrownBy(() -> other.send(get(), ofString())).isSameAs(thrown);

        assertThat(counted(circuit)).isEqualTo(count);
    }

    static Stream<Arguments> exceptions() {
        IOException broken = new IOException("broken");
        String bad = "0 good, 1 bad, 0 ignored";
        String ignored = "0 good, 0 bad, 1 ignored";
        return Stream.of(
                Arguments.of(new UncheckedIOException(broken), bad),
                Arguments.of(new CompletionException(new ExecutionException(broken)), bad),
                Arguments.of(new CompletionException("empty", null), ignored),
                Arguments.of(new CompletionException(new SecurityException()), ignored),
                Arguments.of(new CompletionException(new CancellationException()), ignored),
                Arguments.of(new IllegalStateException("no pool"), ignored));
    }

    @Test
    void nullIsRefusedBeforeTheCircuitIsAsked() {
        settings("limit 1");
        assertThatThrownBy(() -> guarded(PLAIN).send(get(), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> guarded(PLAIN).sendAsync(null, ofString())).isInstanceOf(NullPointerException.class);
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    @Test
    void aRedirectIsOneCallAndItsEndCounts() throws Exception {
        server.does(visit -> {
            switch (visit.path()) {
                case "/" -> visit.answer(302, "", "Location: " + server.uri("/good"));
                case "/old" -> visit.answer(307, "", "Location: " + server.uri("/bad"));
                case "/good" -> visit.answer(200, "good");
                default -> visit.answer(503, "bad");
            }
        });

        assertThat(client.send(get(), ofString()).body()).isEqualTo("good");
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");

        HttpRequest moved = HttpRequest.newBuilder(server.uri("/old")).build();
        assertThat(client.send(moved, ofString()).statusCode()).isEqualTo(503);
        assertThat(counted(circuit)).isEqualTo("1 good, 1 bad, 0 ignored");
        assertThat(server.requests()).isEqualTo(4);
    }

    @Test
    void aRequestThatExpectsToContinueIsOneCall() throws Exception {
        server.does(visit -> {
            visit.say("HTTP/1.1 100 Continue\r\n\r\n");
            visit.answer(200, "good");
        });
        HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                .expectContinue(true)
                .POST(BodyPublishers.noBody())
                .build();

        assertThat(client.send(request, ofString()).body()).isEqualTo("good");

        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void theCallerCanSayWhichResponsesAreFailures() throws Exception {
        HttpClient strict = GuardedHttpClient.builder(PLAIN)
                .circuit(any -> circuit)
                .failures(response -> response.statusCode() == 404
                        && response.headers().firstValue("X-Why").isPresent())
                .build();

        server.does(visit -> visit.answer(404, "", "X-Why: not deployed"));
        strict.send(get(), discarding());
        server.does(visit -> visit.answer(500, ""));
        strict.send(get(), discarding());

        assertThat(counted(circuit)).isEqualTo("1 good, 1 bad, 0 ignored");
    }

    @Test
    void aRuleOfTheCallersThatThrowsIsAFailureAndNoConcernOfTheirs() throws Exception {
        IllegalStateException bug = new IllegalStateException("bug");
        settings("trip 1 consecutive");
        List<CircuitEvent> events = new ArrayList<>();
        circuit.onEvent(events::add);
        HttpClient broken = GuardedHttpClient.builder(PLAIN)
                .circuit(any -> circuit)
                .failures(response -> {
                    throw bug;
                })
                .build();

        assertThat(broken.send(get(), ofString()).body()).isEqualTo("good");

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
        assertThat(opened(events).failure()).containsSame(bug);
    }

    // ---- Retry-After

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | Retry-After: 120 | 120",
                "429 | Retry-After: 120 | 120",
                "500 | Retry-After: 120 | 120",
                "503 | retry-after: 0 | 1",
                "503 | Retry-After: 86400 | 300",
                "503 | Retry-After: 99999999999999999999 | 300",
                "503 | Retry-After: Sun, 08 Nov 2026 08:51:07 GMT;Date: Sun, 08 Nov 2026 08:49:37 GMT | 90",
                "503 | Retry-After: Sun, 08 Nov 2026 08:51:07 GMT | 1",
                "503 | Retry-After: in a minute | 1",
                "503 | Retry-After: -120 | 1",
                "503 | X-Nothing: 120 | 1",
                "429 | X-Nothing: 120 | 1"
            })
    void theNextProbeWaitsForAsLongAsTheServerAsks(int status, String headers, long seconds) throws Exception {
        settings("trip 1 consecutive; wait 1s");
        server.does(visit -> visit.answer(status, "", headers.split(";", 2)));

        guarded(PLAIN).send(get(), discarding());

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void theOpeningSaysWhichResponseItWas() throws Exception {
        settings("trip 1 consecutive");
        List<CircuitEvent> events = new ArrayList<>();
        circuit.onEvent(events::add);
        server.does(visit -> visit.answer(503, ""));

        guarded(PLAIN)
                .send(HttpRequest.newBuilder(server.uri("/secret?token=1")).build(), discarding());

        assertThat(opened(events).failure())
                .get()
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("HTTP 503 from " + server.uri("/").getAuthority())
                        .hasNoCause())
                .extracting(Throwable::getStackTrace)
                .isEqualTo(new StackTraceElement[0]);
    }

    private static CircuitEvent.Opened opened(List<CircuitEvent> events) {
        return (CircuitEvent.Opened) events.get(0);
    }

    // ---- cancelled

    @Test
    void aCancelledRequestIsIgnoredAndEnds() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        server.does(visit -> {
            arrived.countDown();
            visit.awaitHangUp();
            gone.countDown();
        });

        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), ofString());
        arrived.await();
        assertThat(future.cancel(true)).isTrue();

        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(future).isCancelled();
        gone.await();
    }

    @Test
    void whoeverLearnsOfACancellationFindsItCounted() throws Exception {
        server.does(BluntServer.Visit::awaitHangUp);

        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), ofString());
        CompletableFuture<String> seen = future.handle((response, thrown) -> counted(circuit));
        future.cancel(true);

        assertThat(seen.get()).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    @Test
    void cancellingADerivedFutureReachesTheRequest() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        server.does(visit -> {
            arrived.countDown();
            visit.awaitHangUp();
            gone.countDown();
        });

        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), ofString());
        CompletableFuture<Integer> length = future.thenApply(HttpResponse::body).thenApply(String::length);
        arrived.await();
        assertThat(length.cancel(true)).isTrue();

        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        gone.await();
        assertThatThrownBy(future::join).isInstanceOfAny(CancellationException.class, CompletionException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    @Test
    void anInterruptedRequestIsIgnoredAndEnds() throws Exception {
        Thread caller = Thread.currentThread();
        CountDownLatch gone = new CountDownLatch(1);
        server.does(visit -> {
            caller.interrupt();
            visit.awaitHangUp();
            gone.countDown();
        });

        assertThatThrownBy(() -> client.send(get(), ofString())).isInstanceOf(InterruptedException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        gone.await();
    }

    @Test
    void cancelledAfterLongerThanSlowIsAFailureSinceThatIsHowATimeoutLooks() throws Exception {
        settings("slow 2s");
        HttpClient guarded = guarded(PLAIN);
        CompletableFuture<CompletableFuture<?>> sent = new CompletableFuture<>();
        server.does(visit -> {
            ticker.advanceSeconds(3);
            sent.join().cancel(true);
            visit.awaitHangUp();
        });

        CompletableFuture<HttpResponse<String>> future = guarded.sendAsync(get(), ofString());
        sent.complete(future);
        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void aTimeoutOnTheFutureIsAFailureAtThatMoment() {
        server.does(BluntServer.Visit::awaitHangUp);

        CompletableFuture<String> seen = client.sendAsync(get(), ofString())
                .orTimeout(10, TimeUnit.MILLISECONDS)
                .handle((response, thrown) -> thrown.getClass().getSimpleName() + ": " + counted(circuit));

        assertThat(seen.join()).isEqualTo("TimeoutException: 0 good, 1 bad, 0 ignored");
    }

    @Test
    void aResponseGivenByHandIsAFailure() {
        server.does(BluntServer.Visit::awaitHangUp);

        HttpResponse<String> none = client.sendAsync(get(), ofString())
                .completeOnTimeout(null, 10, TimeUnit.MILLISECONDS)
                .join();

        assertThat(none).isNull();
        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    /** The usual way to write it: the time-out stands at the end of the chain. */
    @Test
    void aTimeoutOnWhatIsMadeOfTheResponseIsAFailureToo() {
        server.does(BluntServer.Visit::awaitHangUp);

        CompletableFuture<String> body = client.sendAsync(get(), ofString()).thenApply(HttpResponse::body);
        assertThatThrownBy(body.orTimeout(10, TimeUnit.MILLISECONDS)::get).hasCauseInstanceOf(TimeoutException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");

        String late = client.sendAsync(get(), ofString())
                .thenApply(HttpResponse::body)
                .completeOnTimeout("late", 10, TimeUnit.MILLISECONDS)
                .join();
        assertThat(late).isEqualTo("late");
        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    @Test
    void whatTheCallerMakesOfAResponseThatIsThereIsTheCallersOwnAffair() throws Exception {
        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), ofString());
        future.get();
        CompletableFuture<Object> never = future.thenCompose(response -> new CompletableFuture<>());

        assertThatThrownBy(never.orTimeout(10, TimeUnit.MILLISECONDS)::get).hasCauseInstanceOf(TimeoutException.class);

        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void completingAResponseThatIsThereChangesNothing() throws Exception {
        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), ofString());
        HttpResponse<String> response = future.get();

        assertThat(future.complete(null)).isFalse();
        assertThat(future.completeExceptionally(new TimeoutException())).isFalse();
        assertThat(future.cancel(true)).isFalse();

        assertThat(future.get()).isSameAs(response);
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    /** Whoever learns of the failure that opens the circuit finds it open, whatever learns first. */
    @Test
    void theCircuitIsOpenBeforeAnyoneCanSeeTheFailureThatOpensIt() throws Exception {
        try (Socket deaf = deafPort()) {
            for (int round = 0; round < 200; round++) {
                settings("trip 1 consecutive");
                CompletableFuture<CircuitState> seen =
                        guarded(PLAIN).sendAsync(to(deaf), ofString()).handle((response, thrown) -> circuit.state());
                assertThat(seen.get()).isEqualTo(CircuitState.OPEN);
            }
        }
    }

    // ---- refused

    @Test
    void aRefusedRequestIsNotSent() {
        circuit.hold(Hold.open());

        CallNotPermittedException refused =
                catchThrowableOfType(CallNotPermittedException.class, () -> client.send(get(), ofString()));
        CompletableFuture<?> later = client.sendAsync(get(), ofString());
        CompletableFuture<?> withPushes = client.sendAsync(get(), ofString(), (initial, pushed, acceptor) -> {});

        assertThat(refused.circuit()).isEqualTo(circuit.name());
        assertThatThrownBy(later::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CallNotPermittedException.class);
        assertThatThrownBy(withPushes::get).hasCauseInstanceOf(CallNotPermittedException.class);
        assertThat(server.requests()).isZero();
    }

    @Test
    void aRefusalOfAnInnerCircuitIsIgnored() {
        CircuitBreaker inner = counting("classic", ticker).build();
        inner.hold(Hold.open());
        HttpClient twice =
                guarded(GuardedHttpClient.builder(PLAIN).circuit(any -> inner).build());

        assertThatThrownBy(() -> twice.send(get(), ofString()))
                .isInstanceOfSatisfying(
                        CallNotPermittedException.class,
                        e -> assertThat(e.circuit()).isEqualTo(inner.name()));
        assertThatThrownBy(() -> twice.sendAsync(get(), ofString()).get())
                .hasCauseInstanceOf(CallNotPermittedException.class);

        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 2 ignored");
    }

    // ---- probes

    @Test
    void anIdempotentRequestProbesFirst() throws Exception {
        open();
        ticker.advanceSeconds(30);

        assertThatThrownBy(() -> client.send(post(), ofString())).isInstanceOf(CallNotPermittedException.class);
        assertThatThrownBy(() -> client.sendAsync(post(), ofString()).get())
                .hasCauseInstanceOf(CallNotPermittedException.class);
        assertThat(client.send(get(), ofString()).statusCode()).isEqualTo(200);

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(client.send(post(), ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void anyOtherProbesAfterOneMoreWait() throws Exception {
        open();
        ticker.advanceSeconds(60);

        assertThat(client.send(post(), ofString()).statusCode()).isEqualTo(200);

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, true",
        "HEAD, true",
        "OPTIONS, true",
        "TRACE, true",
        "PUT, true",
        "DELETE, true",
        "POST, false",
        "PATCH, false",
        "LOCK, false",
        "get, false"
    })
    void onlyTheseMethodsAreIdempotent(String method, boolean idempotent) {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/"))
                .method(method, BodyPublishers.noBody())
                .build();
        assertThat(GuardedHttpClient.isIdempotent(request)).isEqualTo(idempotent);
    }

    @Test
    void theCallerCanSayWhatIsIdempotent() throws Exception {
        client = GuardedHttpClient.builder(PLAIN)
                .circuit(any -> circuit)
                .idempotent(request ->
                        request.headers().firstValue("Idempotency-Key").isPresent())
                .build();
        settings("wait 30s");
        server.does(visit -> visit.answer(500, ""));
        HttpRequest keyed = HttpRequest.newBuilder(post(), (name, value) -> true)
                .header("Idempotency-Key", "1")
                .build();
        for (int i = 0; i < 5; i++) {
            client.send(keyed, discarding());
        }
        ticker.advanceSeconds(30);

        assertThatThrownBy(() -> client.send(get(), ofString())).isInstanceOf(CallNotPermittedException.class);
        assertThat(client.send(keyed, ofString()).statusCode()).isEqualTo(500);
    }

    // ---- which circuit

    @ParameterizedTest
    @CsvSource({
        "http://b.example/x?y, b.example:80",
        "https://b.example, b.example:443",
        "HTTPS://B.Example:443/, b.example:443",
        "http://b.example:443/, b.example:443",
        "http://user:secret@b.example:8080/, b.example:8080",
        "http://[::1]:8080/, [::1]:8080",
        "http://127.0.0.1/, 127.0.0.1:80",
        "http://under_score:8080/, under_score:8080"
    })
    void theKeyIsHostAndPort(URI uri, String key) {
        assertThat(GuardedHttpClient.hostAndPort(uri)).isEqualTo(key);
    }

    @Test
    void everyHostAndPortHasACircuitOfItsOwn() throws Exception {
        try (BluntServer down = new BluntServer()) {
            GuardedHttpClient hosts = GuardedHttpClient.of(PLAIN);
            HttpRequest toDown = HttpRequest.newBuilder(down.uri("/")).build();
            down.does(visit -> visit.answer(503, ""));
            for (int i = 0; i < 5; i++) {
                assertThat(hosts.send(toDown, discarding()).statusCode()).isEqualTo(503);
            }

            assertThatThrownBy(() -> hosts.send(toDown, discarding()))
                    .hasMessageContaining("'" + down.uri("/").getAuthority() + "' is open");
            assertThat(hosts.send(get(), ofString()).body()).isEqualTo("good");
            assertThat(hosts.circuit(toDown).state()).isEqualTo(CircuitState.OPEN);
            assertThat(hosts.circuit(get()).state()).isEqualTo(CircuitState.CLOSED);
        }
    }

    @Test
    void theCallerCanSayWhichRequestsShareACircuitWithWhichSettingsAndWhereTheyAreKept() throws Exception {
        CircuitBreakerRegistry<String> registry = CircuitBreakerRegistry.<String>builder()
                .settings("/orders", CircuitSettings.parse("trip 1 consecutive"))
                .build();
        HttpClient paths = GuardedHttpClient.builder(PLAIN)
                .circuits(registry)
                .key(request -> request.uri().getPath())
                .build();
        server.does(visit -> visit.answer(500, ""));

        paths.send(HttpRequest.newBuilder(server.uri("/orders")).build(), discarding());
        paths.send(HttpRequest.newBuilder(server.uri("/stock")).build(), discarding());

        assertThat(registry.find("/orders").orElseThrow().state()).isEqualTo(CircuitState.OPEN);
        assertThat(registry.find("/stock").orElseThrow().state()).isEqualTo(CircuitState.CLOSED);
        GuardedHttpClient tuned = GuardedHttpClient.builder(PLAIN)
                .settings(CircuitSettings.parse("trip 3 consecutive"))
                .build();
        assertThat(tuned.circuit(get()).settings())
                .hasToString(CircuitSettings.parse("trip 3 consecutive").toString());
    }

    @Test
    void contradictionsAreErrorsThatNameBothSides() {
        CircuitBreakerRegistry<String> registry =
                CircuitBreakerRegistry.<String>builder().build();
        CircuitSettings settings = CircuitSettings.classic();

        assertThatThrownBy(() ->
                        GuardedHttpClient.builder(PLAIN).settings(settings).circuits(registry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("circuits(registry)")
                .hasMessageContaining("settings(…)");
        assertThatThrownBy(() ->
                        GuardedHttpClient.builder(PLAIN).circuit(any -> circuit).settings(settings))
                .hasMessageContaining("circuit(function)")
                .hasMessageContaining("settings(…)");
        assertThatThrownBy(() -> GuardedHttpClient.builder(PLAIN).key(any -> "").circuit(any -> circuit))
                .hasMessageContaining("circuit(function)")
                .hasMessageContaining("key(function)");
        assertThatThrownBy(() ->
                        GuardedHttpClient.builder(PLAIN).circuit(any -> circuit).circuits(registry))
                .hasMessageContaining("circuit(function)")
                .hasMessageContaining("circuits(registry)");
    }

    @Test
    void aFunctionThatFindsNoCircuitIsTold() {
        HttpClient none = GuardedHttpClient.builder(PLAIN).circuit(any -> null).build();
        HttpClient noKey = GuardedHttpClient.builder(PLAIN).key(any -> null).build();

        assertThatThrownBy(() -> none.send(get(), ofString()))
                .hasMessageContaining("There is no circuit for " + server.uri("/"));
        assertThatThrownBy(() -> noKey.sendAsync(get(), ofString()))
                .hasMessageContaining("There is no key for " + server.uri("/"));
        assertThat(server.requests()).isZero();
    }

    // ---- what the caller gets

    /** A client that answers from memory asks nobody for a body; its response counts all the same, and is handed on as it is. */
    @Test
    void theCallerGetsTheVeryResponse() throws Exception {
        server.does(visit -> visit.answer(503, "bad"));
        HttpResponse<String> stored = PLAIN.send(get(), ofString());
        HttpClient cache = new AskedClient(PLAIN, () -> {}) {
            @Override
            @SuppressWarnings("unchecked")
            public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
                return (HttpResponse<T>) stored;
            }

            @Override
            public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                    HttpRequest request, BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushHandler) {
                return CompletableFuture.completedFuture(send(request, handler));
            }
        };

        assertThat(guarded(cache).send(get(), ofString())).isSameAs(stored);
        assertThat(guarded(cache).sendAsync(get(), ofString()).get()).isSameAs(stored);

        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    /** As clients do that are made up for tests. */
    @Test
    void aClientThatReturnsNullIsToldAndLosesNoPermit() {
        settings("limit 1");
        HttpClient made = guarded(new AskedClient(PLAIN, () -> {}) {
            @Override
            public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
                return null;
            }

            @Override
            public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                    HttpRequest request, BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushHandler) {
                return null;
            }
        });

        assertThatThrownBy(() -> made.send(get(), ofString())).hasMessageContaining("returned null");
        assertThatThrownBy(() -> made.sendAsync(get(), ofString())).hasMessageContaining("returned null");

        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 2 ignored");
    }

    @Test
    void everythingElseIsThatOfTheClient() {
        GuardedHttpClient guarded = guarded(PLAIN);

        assertThat(guarded.cookieHandler()).isEqualTo(PLAIN.cookieHandler());
        assertThat(guarded.connectTimeout()).isEqualTo(PLAIN.connectTimeout());
        assertThat(guarded.followRedirects()).isEqualTo(PLAIN.followRedirects());
        assertThat(guarded.proxy()).isEqualTo(PLAIN.proxy());
        assertThat(guarded.sslContext()).isSameAs(PLAIN.sslContext());
        assertThat(guarded.sslParameters().getProtocols())
                .isEqualTo(PLAIN.sslParameters().getProtocols());
        assertThat(guarded.authenticator()).isEqualTo(PLAIN.authenticator());
        assertThat(guarded.version()).isEqualTo(PLAIN.version());
        assertThat(guarded.executor()).isEqualTo(PLAIN.executor());
        assertThat(guarded.newWebSocketBuilder()).hasSameClassAs(PLAIN.newWebSocketBuilder());
        assertThat(guarded).hasToString("GuardedHttpClient of " + PLAIN);
    }

    /** What a client has that differs from the defaults, lest a getter of ours answers for itself. */
    @Test
    void everySettingOfTheClientIsSeen() {
        AtomicInteger run = new AtomicInteger();
        HttpClient rich = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .cookieHandler(new CookieManager())
                .proxy(HttpClient.Builder.NO_PROXY)
                .authenticator(new Authenticator() {})
                .executor(task -> run.incrementAndGet())
                .build();
        GuardedHttpClient guarded = guarded(rich);

        assertThat(guarded.connectTimeout()).contains(Duration.ofSeconds(3));
        assertThat(List.of(guarded.cookieHandler(), guarded.proxy(), guarded.authenticator(), guarded.executor()))
                .isEqualTo(List.of(rich.cookieHandler(), rich.proxy(), rich.authenticator(), rich.executor()))
                .doesNotContain(Optional.empty());
    }
}
