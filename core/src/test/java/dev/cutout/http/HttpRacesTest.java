package dev.cutout.http;

import static dev.cutout.http.Circuits.counted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import dev.cutout.HandWoundTicker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens at the same time: whoever comes first counts, once, and nothing is lost. */
class HttpRacesTest {
    private static final int ROUNDS = 2_000;

    private static final HttpClient PLAIN =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final BluntServer server = new BluntServer();
    private final CircuitBreaker circuit =
            Circuits.counting("trip 1000000 consecutive", new HandWoundTicker()).build();
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final CyclicBarrier both = new CyclicBarrier(2);

    @AfterEach
    void stop() {
        other.shutdown();
        server.close();
    }

    private HttpClient guarded(HttpClient client) {
        return GuardedHttpClient.builder(client).circuit(any -> circuit).build();
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(server.uri("/")).build();
    }

    /** A client that hands over a response whose body is about to end as the test says. */
    private HttpClient ending(End end) throws Exception {
        HttpResponse<String> head = PLAIN.send(get(), BodyHandlers.ofString());
        return new AskedClient(PLAIN, () -> {}) {
            @Override
            @SuppressWarnings("unchecked")
            public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
                BodySubscriber<T> body = handler.apply(new HttpResponse.ResponseInfo() {
                    @Override
                    public int statusCode() {
                        return head.statusCode();
                    }

                    @Override
                    public HttpHeaders headers() {
                        return head.headers();
                    }

                    @Override
                    public Version version() {
                        return head.version();
                    }
                });
                body.onSubscribe(new Flow.Subscription() {
                    @Override
                    public void request(long count) {}

                    @Override
                    public void cancel() {}
                });
                end.of(body);
                return (HttpResponse<T>) head;
            }
        };
    }

    @FunctionalInterface
    private interface End {
        void of(BodySubscriber<?> body);
    }

    private void together() {
        try {
            both.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Neither side may believe that the other tells. */
    @Test
    void aBodyThatBreaksWhileTheResponseIsHandedOverIsAFailure() throws Exception {
        HttpClient client = guarded(ending(body -> {
            Future<?> unused = other.submit(() -> {
                together();
                body.onError(new IOException("broken"));
                together();
            });
            together();
        }));
        for (int round = 0; round < ROUNDS; round++) {
            client.send(get(), BodyHandlers.ofPublisher());
            together();
        }
        assertThat(counted(circuit)).isEqualTo("0 good, " + ROUNDS + " bad, 0 ignored");
    }

    @Test
    void aBodyThatEndsWhileTheCallerGivesItUpCountsOnce() throws Exception {
        HttpClient client = guarded(ending(body -> {
            Flow.Subscription asTheCallerSeesIt = (Flow.Subscription) body;
            Future<?> unused = other.submit(() -> {
                together();
                body.onError(new IOException("broken"));
                together();
            });
            together();
            asTheCallerSeesIt.cancel();
        }));
        for (int round = 0; round < ROUNDS; round++) {
            client.send(get(), BodyHandlers.ofPublisher());
            together();
        }
        CircuitSnapshot.Counts counts = circuit.snapshot().counts();
        assertThat(counts.successes().orElseThrow() + counts.failures()).isEqualTo(ROUNDS);
    }

    @Test
    void aRequestThatIsCancelledWhileItEndsCountsOnce() throws Exception {
        circuit.reconfigure(CircuitSettings.parse("trip 1000000 consecutive; limit 10"));
        HttpClient client = guarded(PLAIN);
        int rounds = ROUNDS / 4;
        for (int round = 0; round < rounds; round++) {
            CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), BodyHandlers.ofString());
            long spins = ThreadLocalRandom.current().nextLong(20_000);
            while (!future.isDone() && spins-- > 0) {
                Thread.onSpinWait();
            }
            boolean cancelled = future.cancel(true);
            assertThat(cancelled).isEqualTo(future.isCancelled());
        }
        CircuitSnapshot.Counts counts = circuit.snapshot().counts();
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(counts.failures()).isZero();
        assertThat(counts.successes().orElseThrow() + counts.ignored()).isEqualTo(rounds);
    }
}
