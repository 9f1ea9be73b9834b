package dev.cutout.http;

import static dev.cutout.http.Circuits.counted;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.HandWoundTicker;
import dev.cutout.Hold;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The end of a client. The JDK's has one since 21, so what these tests show depends on the JDK that runs them; each shows something on every JDK.
 */
class ShutdownTest {
    private static final boolean KNOWN = Runtime.version().feature() >= 21;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final BluntServer server = new BluntServer();
    private final CircuitBreaker circuit =
            Circuits.counting("classic", new HandWoundTicker()).build();
    private final HttpClient plain =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final GuardedHttpClient client =
            GuardedHttpClient.builder(plain).circuit(any -> circuit).build();
    private final CountDownLatch arrived = new CountDownLatch(1);

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(server.uri("/")).build();
    }

    /** Before JDK 21: the caller is told so, and the client goes on as before. */
    private boolean isRefused(ThrowingCallable end) {
        if (KNOWN) {
            return false;
        }
        assertThatThrownBy(end)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("JDK 21");
        circuit.hold(Hold.open());
        assertThatThrownBy(() -> client.send(get(), ofString())).isInstanceOf(CallNotPermittedException.class);
        return true;
    }

    /** As whoever knows it as an HttpClient calls it. */
    private static Object call(HttpClient client, String method) throws ReflectiveOperationException {
        return HttpClient.class.getMethod(method).invoke(client);
    }

    private CompletableFuture<HttpResponse<String>> sendToAServerThatNeverAnswers() throws InterruptedException {
        server.does(visit -> {
            arrived.countDown();
            visit.awaitHangUp();
        });
        CompletableFuture<HttpResponse<String>> future = client.sendAsync(get(), ofString());
        arrived.await();
        return future;
    }

    @Test
    void whatFailsBecauseTheClientWasShutDownSaysNothingAgainstAnyone() throws Exception {
        if (isRefused(client::shutdownNow)) {
            return;
        }
        CompletableFuture<HttpResponse<String>> underWay = sendToAServerThatNeverAnswers();

        call(client, "shutdownNow");

        assertThatThrownBy(underWay::get).isInstanceOf(ExecutionException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThatThrownBy(() -> client.send(get(), ofString())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.sendAsync(get(), ofString()).get()).hasCauseInstanceOf(IOException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(client.awaitTermination(LONG)).isTrue();
        assertThat(call(client, "isTerminated")).isEqualTo(true);
        assertThat(call(plain, "isTerminated")).isEqualTo(true);
    }

    @Test
    void whatIsUnderWayAtAShutdownCountsAsEver() throws Exception {
        if (isRefused(client::shutdown)) {
            return;
        }
        CountDownLatch shut = new CountDownLatch(1);
        server.does(visit -> {
            arrived.countDown();
            shut.await();
            visit.answer(503, "bad");
        });
        CompletableFuture<HttpResponse<String>> underWay = client.sendAsync(get(), ofString());
        arrived.await();

        call(client, "shutdown");
        assertThat(client.isTerminated()).isFalse();
        shut.countDown();

        assertThat(underWay.get().statusCode()).isEqualTo(503);
        assertThat(client.awaitTermination(LONG)).isTrue();
        assertThat(counted(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void closingWaitsForWhatIsUnderWay() throws Exception {
        if (isRefused(client::close)) {
            return;
        }
        server.does(visit -> {
            arrived.countDown();
            visit.answer(200, "good");
        });
        CompletableFuture<HttpResponse<String>> underWay = client.sendAsync(get(), ofString());
        arrived.await();

        call(client, "close");

        assertThat(call(plain, "isTerminated")).isEqualTo(true);
        assertThat(underWay.get().body()).isEqualTo("good");
        assertThat(counted(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void whoeverIsInterruptedWhileClosingGivesUpWhatIsUnderWay() throws Exception {
        if (isRefused(client::isTerminated)) {
            return;
        }
        CompletableFuture<HttpResponse<String>> underWay = sendToAServerThatNeverAnswers();

        Thread.currentThread().interrupt();
        call(client, "close");

        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(underWay::get).isInstanceOf(ExecutionException.class);
        assertThat(counted(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
    }
}
