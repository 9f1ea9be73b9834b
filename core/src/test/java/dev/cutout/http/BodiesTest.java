package dev.cutout.http;

import static dev.cutout.http.Circuits.counted;
import static dev.cutout.http.Circuits.counting;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitState;
import dev.cutout.HandWoundTicker;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a body ends, and what that says about whoever sent it. */
class BodiesTest {
    private static final HttpClient PLAIN =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final BluntServer server = new BluntServer();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private CircuitBreaker circuit = counting("classic", ticker).build();
    private final HttpClient client =
            GuardedHttpClient.builder(PLAIN).circuit(any -> circuit).build();

    /** Where a body is half sent until the test says so. */
    private final CountDownLatch rest = new CountDownLatch(1);

    @TempDir
    static Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(server.uri("/")).build();
    }

    private void settings(String settings) {
        circuit = counting(settings, ticker).build();
    }

    /** Sends half of the body; then waits; then does as told. */
    private void sendsHalf(BluntServer.Conduct then) {
        server.does(visit -> {
            visit.begin(200, 8);
            visit.say("half");
            rest.await();
            then.meet(visit);
        });
    }

    /** Every kind of body handler, each with a way to read all of what it makes. */
    static Stream<Arguments> handlers() {
        return Stream.of(
                kind("ofString", BodyHandlers::ofString, body -> body),
                kind("ofByteArray", BodyHandlers::ofByteArray, body -> new String(body, US_ASCII)),
                kind("discarding", BodyHandlers::discarding, body -> "good"),
                kind("replacing", () -> BodyHandlers.replacing("good"), body -> body),
                kind("ofFile", () -> BodyHandlers.ofFile(folder.resolve("body")), Files::readString),
                kind("ofInputStream", BodyHandlers::ofInputStream, BodiesTest::read),
                kind("ofLines", BodyHandlers::ofLines, lines -> String.join("", lines.toList())),
                kind(
                        "ofPublisher",
                        BodyHandlers::ofPublisher,
                        body -> Collected.of(body).get()),
                kind("buffering", () -> BodyHandlers.buffering(BodyHandlers.ofString(), 3), body -> body),
                kind(
                        "mapping",
                        () -> info -> BodySubscribers.mapping(BodySubscribers.ofString(US_ASCII), text -> text),
                        body -> body),
                kind(
                        "a subscriber of the caller's",
                        () -> BodyHandlers.fromSubscriber(new Collected(), collected -> collected.whole.join()),
                        body -> body));
    }

    private interface Reader<T> {
        String read(T body) throws Exception;
    }

    private static <T> Arguments kind(String name, Supplier<BodyHandler<T>> handler, Reader<T> reader) {
        return Arguments.of(name, handler, reader);
    }

    private static String read(InputStream body) throws IOException {
        try (body) {
            return new String(body.readAllBytes(), US_ASCII);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handlers")
    <T> void aBodyThatIsReadToItsEndIsASuccess(String name, Supplier<BodyHandler<T>> handler, Reader<T> reader)
            throws Exception {
        assertThat(reader.read(client.send(get(), handler.get()).body())).isEqualTo("good");
        assertThat(reader.read(client.sendAsync(get(), handler.get()).get().body()))
                .isEqualTo("good");
        assertThat(counted(circuit)).isEqualTo("2 good, 0 bad, 0 ignored");

        server.does(visit -> visit.answer(204, ""));
        if (!name.equals("ofInputStream") && !name.equals("ofLines")) {
            client.send(get(), handler.get());
        } else {
            reader.read(client.send(get(), handler.get()).body());
        }
        assertThat(counted(circuit)).isEqualTo("3 good, 0 bad, 0 ignored");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handlers")
    <T> void aBodyThatBreaksOffIsAFailure(String name, Supplier<BodyHandler<T>> handler, Reader<T> reader) {
        rest.countDown();
        sendsHalf(BluntServer.Visit::hangUp);

        assertThatThrownBy(() -> reader.read(client.send(get(), handler.get()).body()))
                .satisfies(thrown -> assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored"));
        assertThatThrownBy(() ->
                        reader.read(client.sendAsync(get(), handler.get()).get().body()))
                .satisfies(thrown -> assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored"));
    }

    /** The JDK asks subscribers that are not its own for the body on another thread, which costs more than the circuit does. */
    @Test
    void whatTheJdkCollectsIsNotWrapped() throws Exception {
        List<BodySubscriber<?>> seen = new ArrayList<>();
        HttpClient guarded = GuardedHttpClient.of(new AskedClient(PLAIN, () -> {}) {
            @Override
            public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
                    throws IOException, InterruptedException {
                return super.send(request, info -> {
                    BodySubscriber<T> body = handler.apply(info);
                    seen.add(body);
                    return body;
                });
            }
        });

        guarded.send(get(), BodyHandlers.ofString());
        guarded.send(get(), BodyHandlers.ofByteArray());
        guarded.send(get(), BodyHandlers.discarding());

        assertThat(seen).hasSize(3).doesNotHaveAnyElementsOfTypes(WatchedBody.class);
    }

    @Test
    void chunksThatMakeNoSenseAreAFailure() {
        server.does(visit -> {
            visit.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\nnonsense\r\n");
            visit.hangUp();
        });
        assertThatThrownBy(() -> client.send(get(), BodyHandlers.ofString())).isInstanceOf(IOException.class);
        assertThatThrownBy(() ->
                        read(client.send(get(), BodyHandlers.ofInputStream()).body()))
                .isInstanceOf(IOException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    @Test
    void theCallLastsUntilTheEndOfABodyThatIsReadAsItComes() throws Exception {
        sendsHalf(visit -> visit.say("more"));

        InputStream body = client.send(get(), BodyHandlers.ofInputStream()).body();
        assertThat(new String(body.readNBytes(4), US_ASCII)).isEqualTo("half");
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 0 ignored");
        rest.countDown();
        assertThat(read(body)).isEqualTo("more");

        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    /** Whoever learns of the end of a body finds it counted. */
    @Test
    void aBodyIsCountedBeforeTheCallerSeesItsEnd() throws Exception {
        List<String> seen = new ArrayList<>();
        BodyHandler<String> watching = info -> new Passed<>(BodySubscribers.ofString(US_ASCII)) {
            @Override
            public void onComplete() {
                seen.add(counted(circuit));
                super.onComplete();
            }
        };

        client.send(get(), watching);

        assertThat(seen).containsExactly("1 good, 0 bad, 0 ignored");
    }

    @Test
    void theCallLastsUntilTheEndOfABodyThatIsCollected() throws Exception {
        settings("limit 1");
        sendsHalf(visit -> visit.say("more"));

        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), BodyHandlers.ofString());
        assertThat(circuit.snapshot().callsInFlight()).hasValue(1);
        rest.countDown();

        assertThat(future.get().body()).isEqualTo("halfmore");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void aBodyThatTheCallerClosesEarlyIsASuccess() throws Exception {
        Semaphore gone = new Semaphore(0);
        sendsHalf(visit -> {
            visit.awaitHangUp();
            gone.release();
        });
        rest.countDown();

        try (InputStream body = client.send(get(), BodyHandlers.ofInputStream()).body()) {
            assertThat(body.read()).isEqualTo('h');
        }
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
        gone.acquire();

        try (Stream<String> lines = client.send(get(), BodyHandlers.ofLines()).body()) {
            assertThat(lines).isNotNull();
        }
        gone.acquire(); // it may be closed before the client has subscribed to it, which then cancels
        assertThat(counted(circuit)).isEqualTo("2 good, 0 bad, 0 ignored");
    }

    @Test
    void aBodyThatTheCallersSubscriberCancelsIsASuccess() throws Exception {
        sendsHalf(BluntServer.Visit::awaitHangUp);
        rest.countDown();

        Flow.Publisher<List<ByteBuffer>> body =
                client.send(get(), BodyHandlers.ofPublisher()).body();
        CountDownLatch cancelled = new CountDownLatch(1);
        body.subscribe(new Collected() {
            @Override
            public void onNext(List<ByteBuffer> buffers) {
                subscription.cancel();
                cancelled.countDown();
            }
        });
        cancelled.await();

        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    /** The JDK leaves no time-out for a body: whoever waits too long cancels. The future of the response is done by then. */
    @ParameterizedTest
    @CsvSource({"slow 2s, '0 good, 1 bad, 0 ignored'", "slow 4s, '0 good, 0 bad, 1 ignored'"})
    void aBodyThatStallsIsGivenUpByCancellingWhatIsMadeOfIt(String settings, String count) throws Exception {
        settings(settings);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        sendsHalf(visit -> {
            visit.awaitHangUp();
            gone.countDown();
        });
        rest.countDown();

        CompletableFuture<String> text = client.sendAsync(get(), BodyHandlers.ofInputStream())
                .thenApplyAsync(response -> {
                    try {
                        response.body().readNBytes(4);
                        reading.countDown();
                        return read(response.body());
                    } catch (IOException e) {
                        return "broken";
                    }
                });
        reading.await();
        ticker.advanceSeconds(3);
        text.cancel(true);

        assertThat(counted(circuit)).isEqualTo(count);
        gone.await();
    }

    @Test
    void aCollectedBodyThatStallsIsGivenUpByInterrupting() throws Exception {
        Thread caller = Thread.currentThread();
        sendsHalf(visit -> {
            caller.interrupt();
            visit.awaitHangUp();
        });
        rest.countDown();

        assertThatThrownBy(() -> client.send(get(), BodyHandlers.ofString())).isInstanceOf(InterruptedException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");

        // the same where the body is watched, which then breaks before anybody is told why
        assertThatThrownBy(() -> client.send(get(), BodyHandlers.buffering(BodyHandlers.ofString(), 100)))
                .isInstanceOf(InterruptedException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 2 ignored");
    }

    @Test
    void aCollectedBodyThatStallsIsGivenUpByCancelling() throws Exception {
        CompletableFuture<CompletableFuture<?>> sent = new CompletableFuture<>();
        sendsHalf(visit -> {
            sent.join().cancel(true);
            visit.awaitHangUp();
        });
        rest.countDown();

        CompletableFuture<?> future = client.sendAsync(get(), BodyHandlers.buffering(BodyHandlers.ofString(), 100));
        sent.complete(future);

        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    // ---- a limit on calls in flight

    /** Nobody can make the caller read on, and a place that is lost is lost for good. */
    @Test
    void whereCallsInFlightAreLimitedTheCallEndsWhenTheResponseIsHandedOver() throws Exception {
        settings("limit 1");
        sendsHalf(BluntServer.Visit::awaitHangUp);

        HttpResponse<InputStream> neverRead = client.send(get(), BodyHandlers.ofInputStream());
        HttpResponse<InputStream> norThis =
                client.sendAsync(get(), BodyHandlers.ofInputStream()).get();

        assertThat(List.of(neverRead.statusCode(), norThis.statusCode())).containsExactly(200, 200);
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(counted(circuit)).isEqualTo("2 good, 0 bad, 0 ignored");
    }

    // ---- probes

    private void openAndWait() throws Exception {
        server.does(visit -> visit.answer(500, ""));
        for (int i = 0; i < 5; i++) {
            client.send(get(), BodyHandlers.discarding());
        }
        ticker.advanceSeconds(30);
    }

    @Test
    void aProbeAnswersAtGoodHeaders() throws Exception {
        openAndWait();
        sendsHalf(BluntServer.Visit::hangUp);

        InputStream body = client.send(get(), BodyHandlers.ofInputStream()).body();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        rest.countDown();
        assertThatThrownBy(() -> read(body)).isInstanceOf(IOException.class);

        assertThat(counted(circuit)).isEqualTo("1 good, 5 bad, 0 ignored");
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aProbeWhoseBodyIsCollectedAnswersAtGoodHeadersToo() throws Exception {
        openAndWait();
        circuit.onEvent(event -> {
            if (event instanceof CircuitEvent.Closed) {
                rest.countDown();
            }
        });
        sendsHalf(visit -> visit.say("more"));

        // the server sends the rest when the circuit is closed
        assertThat(client.send(get(), BodyHandlers.ofString()).body()).isEqualTo("halfmore");
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aProbeAnswersAtBadHeadersToo() throws Exception {
        openAndWait();
        client.send(get(), BodyHandlers.ofInputStream());
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(circuit.snapshot().counts().probes()).isEqualTo(1);
    }

    // ---- the caller's own code breaks

    @Test
    void aHandlerThatThrowsSaysNothingAgainstTheServer() {
        IllegalStateException bug = new IllegalStateException("bug");
        BodyHandler<String> broken = info -> {
            throw bug;
        };

        assertThatThrownBy(() -> client.send(get(), broken)).hasRootCause(bug);
        assertThatThrownBy(() -> client.sendAsync(get(), broken).get()).hasRootCause(bug);
        assertThatThrownBy(() -> client.send(get(), info -> null))
                .hasMessageContaining("The body handler returned null.");

        assertThat(counted(circuit)).isEqualTo("3 good, 0 bad, 0 ignored");
    }

    @Test
    void aSubscriberThatThrowsSaysNothingAgainstTheServer() {
        IllegalStateException bug = new IllegalStateException("bug");
        BodyHandler<String> broken = info -> new Passed<>(BodySubscribers.ofString(US_ASCII)) {
            @Override
            public void onNext(List<ByteBuffer> buffers) {
                throw bug;
            }
        };

        assertThatThrownBy(() -> client.send(get(), broken)).hasRootCause(bug);
        assertThatThrownBy(() -> client.sendAsync(get(), broken).get()).hasRootCause(bug);

        assertThat(counted(circuit)).isEqualTo("2 good, 0 bad, 0 ignored");
    }

    @Test
    void aBodyThatCannotBeMadeSenseOfSaysNothingAgainstTheServer() {
        IllegalStateException bug = new IllegalStateException("no JSON");
        BodyHandler<String> broken = info -> BodySubscribers.mapping(BodySubscribers.ofString(US_ASCII), text -> {
            throw bug;
        });

        assertThatThrownBy(() -> client.send(get(), broken)).hasRootCause(bug);
        assertThatThrownBy(() -> client.sendAsync(get(), broken).get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCause(bug);

        assertThat(counted(circuit)).isEqualTo("2 good, 0 bad, 0 ignored");
    }

    /** A subscriber may give up without a word to the server, or before it. */
    @Test
    void aSubscriberThatGivesUpSaysNothingAgainstTheServer() {
        IllegalStateException bug = new IllegalStateException("bug");
        BodyHandler<String> broken = info -> new Passed<>(BodySubscribers.ofString(US_ASCII)) {
            @Override
            public CompletionStage<String> getBody() {
                return CompletableFuture.failedFuture(new IOException(bug));
            }

            @Override
            public void onSubscribe(Flow.Subscription subscription) {}
        };

        assertThatThrownBy(() -> client.send(get(), broken)).hasRootCause(bug);
        assertThatThrownBy(() -> client.sendAsync(get(), broken).get()).hasRootCause(bug);

        assertThat(counted(circuit)).isEqualTo("2 good, 0 bad, 0 ignored");
    }

    @Test
    void aFileThatCannotBeWrittenSaysNothingAgainstTheServer() {
        assertThatThrownBy(() -> client.send(get(), BodyHandlers.ofFile(folder.resolve("no/such/folder"))))
                .isInstanceOf(IOException.class);
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    // ---- what tests read with

    /** A subscriber of the caller's own that collects the body. */
    private static class Collected implements Flow.Subscriber<List<ByteBuffer>> {
        final CompletableFuture<String> whole = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        Flow.Subscription subscription;

        static CompletableFuture<String> of(Flow.Publisher<List<ByteBuffer>> body) {
            Collected collected = new Collected();
            body.subscribe(collected);
            return collected.whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            buffers.forEach(buffer -> text.append(US_ASCII.decode(buffer)));
        }

        @Override
        public void onError(Throwable thrown) {
            whole.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            whole.complete(text.toString());
        }
    }

    /** A body subscriber of the caller's own, around another one. */
    private static class Passed<T> implements BodySubscriber<T> {
        private final BodySubscriber<T> subscriber;

        Passed(BodySubscriber<T> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public CompletionStage<T> getBody() {
            return subscriber.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            subscriber.onNext(buffers);
        }

        @Override
        public void onError(Throwable thrown) {
            subscriber.onError(thrown);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
