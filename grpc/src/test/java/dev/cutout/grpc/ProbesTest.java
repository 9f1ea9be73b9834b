package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static dev.cutout.grpc.Circuits.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitState;
import dev.cutout.HandWoundTicker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who finds out that the server is back, and whether they do. */
class ProbesTest {
    private final Backend backend = new Backend();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker circuit = Circuits.circuit("classic", ticker);
    private final Channel guarded = Circuits.guarded(backend.channel(), circuit);

    @AfterEach
    void close() {
        backend.close();
    }

    /** The channel has failed to connect a moment ago and would not look again for a second or more. */
    @Test
    void aServerThatIsBackIsFoundByTheFirstProbe() throws InterruptedException {
        backend.answer(Status.OK, "!");
        made(guarded, Backend.UNARY);
        backend.stop();
        for (int i = 0; i < 5; i++) {
            assertThat(made(guarded, Backend.UNARY).status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        made(guarded, Backend.UNARY);

        backend.restart();
        ticker.advanceSeconds(30);

        assertThat(made(guarded, Backend.UNARY).status().isOk()).isTrue();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(counts(circuit)).isEqualTo("2 good, 5 bad, 0 ignored, refused {OPEN=1}");
    }

    @Test
    void aServerThatIsStillAwayFailsTheProbe() throws InterruptedException {
        backend.stop();
        for (int i = 0; i < 5; i++) {
            made(guarded, Backend.UNARY);
        }
        ticker.advanceSeconds(30);

        made(guarded, Backend.UNARY);

        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(counts(circuit)).isEqualTo("0 good, 6 bad, 0 ignored");
    }

    /** It waits for the connection, and in vain. */
    @Test
    void waitingForReadyInVainIsAFailure() throws InterruptedException {
        backend.stop();
        // As in StreamsTest: a deadline that passes before the call begins is another story.
        for (int millis = 100; counts(circuit).equals("0 good, 0 bad, 0 ignored"); millis *= 2) {
            Heard heard = new Heard();
            CallOptions waiting =
                    CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
            Circuits.begin(guarded, Backend.UNARY, waiting, heard);

            assertThat(heard.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    /** Channels of others need not tell their state. */
    @Test
    void aChannelThatDoesNotTellItsStateCanBeProbed() throws InterruptedException {
        openAndWait();
        backend.answer(Status.OK, "!");

        made(Circuits.guarded(new Untold(backend.channel()), circuit), Backend.UNARY);

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    private void openAndWait() {
        for (int i = 0; i < 5; i++) {
            circuit.acquire().failure(new IllegalStateException("down"));
        }
        ticker.advanceSeconds(30);
    }

    @Test
    void anyMethodFindsOutUnlessSomebodySaysOtherwise() throws InterruptedException {
        openAndWait();
        backend.answer(Status.OK, "!");

        made(guarded, Backend.UNARY);

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void theOthersFindOutOnlyIfNobodyElseComes() throws InterruptedException {
        MethodDescriptor<String, String> read =
                Backend.UNARY.toBuilder().setSafe(true).build();
        Channel choosy = ClientInterceptors.intercept(
                backend.channel(), CircuitBreakerInterceptor.of(circuit).probingWith(MethodDescriptor::isIdempotent));
        backend.answer(Status.OK, "!");

        openAndWait();
        assertThat(made(choosy, Backend.UNARY).status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(made(choosy, read).status().isOk()).isTrue();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(made(choosy, Backend.UNARY).status().isOk()).isTrue();

        openAndWait();
        ticker.advanceSeconds(30); // as long again
        assertThat(made(choosy, Backend.UNARY).status().isOk()).isTrue();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    /** A channel with nothing but what every channel must have. */
    private static final class Untold extends ManagedChannel {
        private final ManagedChannel channel;

        Untold(ManagedChannel channel) {
            this.channel = channel;
        }

        @Override
        public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
            return channel.newCall(method, options);
        }

        @Override
        public String authority() {
            return channel.authority();
        }

        @Override
        public ManagedChannel shutdown() {
            return channel.shutdown();
        }

        @Override
        public ManagedChannel shutdownNow() {
            return channel.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return channel.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return channel.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return channel.awaitTermination(timeout, unit);
        }
    }
}
