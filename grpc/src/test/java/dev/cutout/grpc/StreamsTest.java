package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitState;
import dev.cutout.HandWoundTicker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a call's permit answers, and what: at the end, or as a probe at the first message; by cancellation, deadlines and broken connections. */
class StreamsTest {
    private static final String SETTINGS = "trip 1 consecutive; wait 30s; slow 2s; limit 1";

    private final Backend backend = new Backend();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker circuit = Circuits.circuit(SETTINGS, ticker);
    private final Channel guarded = Circuits.guarded(backend.channel(), circuit);
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        backend.close();
    }

    static List<MethodDescriptor<String, String>> everyKind() {
        return Backend.METHODS;
    }

    static List<MethodDescriptor<String, String>> kindsWithManyResponses() {
        return List.of(Backend.SERVER_STREAMING, Backend.BIDI_STREAMING);
    }

    static List<MethodDescriptor<String, String>> kindsWithOneResponse() {
        return List.of(Backend.UNARY, Backend.CLIENT_STREAMING);
    }

    private void openAndWait() {
        circuit.acquire().failure(new IllegalStateException("down"));
        ticker.advanceSeconds(30);
    }

    // ---- at its end

    @ParameterizedTest
    @MethodSource("kindsWithManyResponses")
    void aStreamAnswersAtItsEnd(MethodDescriptor<String, String> method) throws InterruptedException {
        Circuits.begin(guarded, method, heard);
        ServerCall<String, String> served = backend.next();
        served.sendMessage("one");
        served.sendMessage("two");
        heard.message();
        heard.message();

        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 0 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(1);

        served.close(Status.OK, new Metadata());
        heard.status();

        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    /** The listener asks for one message at a time; the server writes more than the connection holds. */
    @Test
    void flowControlReachesTheServer() throws InterruptedException {
        ClientCall<String, String> call = guarded.newCall(Backend.BIDI_STREAMING, CallOptions.DEFAULT);
        call.start(heard, new Metadata());
        ServerCall<String, String> served = backend.next();
        String large = "x".repeat(1 << 16);
        int sent = 0;
        while (served.isReady()) {
            served.sendMessage(large);
            sent++;
        }
        assertThat(heard.messagesWaiting()).as("nothing was asked for").isZero();

        for (int i = 0; i < sent; i++) {
            call.request(1);
            assertThat(heard.message()).hasSameSizeAs(large);
        }
        assertThat(heard.messagesWaiting()).isZero();
        assertThat(circuit.snapshot().callsInFlight()).hasValue(1);

        served.close(Status.OK, new Metadata());
        heard.status();
        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    /** An answer that nobody takes is not over. */
    @Test
    void aStreamThatIsNotReadIsStillInFlight() throws InterruptedException {
        ClientCall<String, String> call = guarded.newCall(Backend.BIDI_STREAMING, CallOptions.DEFAULT);
        call.start(heard, new Metadata());
        ServerCall<String, String> served = backend.next();
        served.sendMessage("one");
        served.close(Status.OK, new Metadata());

        assertThat(circuit.snapshot().callsInFlight()).hasValue(1);

        call.request(1);
        heard.status();
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    // ---- as a probe

    @ParameterizedTest
    @MethodSource("kindsWithManyResponses")
    void aStreamAsAProbeAnswersAtItsFirstMessage(MethodDescriptor<String, String> method) throws InterruptedException {
        openAndWait();
        Circuits.begin(guarded, method, heard);
        ServerCall<String, String> served = backend.next();
        assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);

        served.sendMessage("one");
        heard.message();

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(counts(circuit)).isEqualTo("1 good, 1 bad, 0 ignored");

        // It goes on for longer than any lease, and how it ends is no news.
        ticker.advance(Duration.ofHours(1));
        served.close(Status.UNAVAILABLE, new Metadata());
        heard.status();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(counts(circuit)).isEqualTo("1 good, 1 bad, 0 ignored");
    }

    @ParameterizedTest
    @MethodSource("kindsWithManyResponses")
    void aStreamAsAProbeAnswersAtItsEndIfNoMessageComes(MethodDescriptor<String, String> method)
            throws InterruptedException {
        openAndWait();
        Circuits.begin(guarded, method, heard);
        backend.next().close(Status.OK, new Metadata());
        heard.status();

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    /** The message alone does not say whether the call succeeded. */
    @ParameterizedTest
    @MethodSource("kindsWithOneResponse")
    void aProbeWithOneResponseAnswersAtItsEnd(MethodDescriptor<String, String> method) throws InterruptedException {
        openAndWait();
        backend.answer(Status.DATA_LOSS, "half of it");

        Circuits.made(guarded, method);

        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void aFailedProbeOpensAgain(MethodDescriptor<String, String> method) throws InterruptedException {
        openAndWait();
        backend.answer(Status.UNAVAILABLE);

        Circuits.made(guarded, method);

        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(counts(circuit)).isEqualTo("0 good, 2 bad, 0 ignored");
    }

    /** The probe of a silent stream lapses, as any probe that is not answered; what comes then is late. */
    @Test
    void aSilentStreamCannotKeepTheProbe() throws InterruptedException {
        openAndWait();
        Circuits.begin(guarded, Backend.SERVER_STREAMING, heard);
        ServerCall<String, String> served = backend.next();
        ticker.advanceSeconds(31);
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);

        served.sendMessage("at last");
        heard.message();

        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
    }

    // ---- cancelled

    @ParameterizedTest
    @MethodSource("everyKind")
    void cancelledBeforeTheFirstMessageIsIgnored(MethodDescriptor<String, String> method) throws InterruptedException {
        ClientCall<String, String> call = Circuits.begin(guarded, method, heard);
        backend.next();

        call.cancel("not needed any more", null);

        assertThat(counts(circuit)).as("at once").isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(heard.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(counts(circuit)).as("and only once").isEqualTo("0 good, 0 bad, 1 ignored");
    }

    /** That is how a caller's own time-out looks. */
    @ParameterizedTest
    @MethodSource("everyKind")
    void cancelledAfterLongerThanSlowIsAFailure(MethodDescriptor<String, String> method) throws InterruptedException {
        ClientCall<String, String> call = Circuits.begin(guarded, method, heard);
        backend.next();
        ticker.advance(Duration.ofMillis(2_001));

        call.cancel("took too long", null);
        heard.status();

        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    /** That is how many streams end: the caller has heard enough. */
    @ParameterizedTest
    @MethodSource("kindsWithManyResponses")
    void cancelledAfterMessagesIsASuccess(MethodDescriptor<String, String> method) throws InterruptedException {
        ClientCall<String, String> call = Circuits.begin(guarded, method, heard);
        backend.next().sendMessage("one");
        heard.message();
        ticker.advance(Duration.ofHours(1));

        call.cancel("heard enough", null);
        heard.status();

        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void aCancelledContextIsACancelledCall(MethodDescriptor<String, String> method) throws InterruptedException {
        for (Throwable cause : new Throwable[] {new IllegalStateException("the user has gone"), null}) {
            Context.CancellableContext context = Context.current().withCancellation();
            Heard cancelled = new Heard();
            context.run(() -> Circuits.begin(guarded, method, cancelled));
            backend.next();

            context.cancel(cause);

            assertThat(cancelled.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        }
        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 2 ignored");
    }

    /** This kind of stub hears of the end only when it reads again, which whoever has cancelled need not. */
    @Test
    void aCancelledBlockingStubNeedNotReadTheEnd() throws Exception {
        BlockingClientCall<String, String> call =
                ClientCalls.blockingBidiStreamingCall(guarded, Backend.BIDI_STREAMING, CallOptions.DEFAULT);
        backend.next();

        call.cancel("not needed any more", new IllegalStateException("the user has gone"));

        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    @Test
    void aCancelledProbeIsGivenBack() throws InterruptedException {
        openAndWait();
        ClientCall<String, String> call = Circuits.begin(guarded, Backend.SERVER_STREAMING, heard);
        backend.next();
        call.cancel("not needed any more", null);
        heard.status();

        backend.answer(Status.OK, "!");
        Circuits.made(guarded, Backend.UNARY);

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(circuit.snapshot().counts().probes()).isEqualTo(2);
    }

    // ---- too late

    @ParameterizedTest
    @MethodSource("everyKind")
    void aDeadlineThatPassesIsAFailure(MethodDescriptor<String, String> method) throws InterruptedException {
        // On a slow machine a short deadline may pass before the call begins, which is another story: then a longer
        // one.
        for (int millis = 50; counts(circuit).equals("0 good, 0 bad, 0 ignored"); millis *= 2) {
            Heard late = new Heard();
            Circuits.begin(guarded, method, CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS), late);

            assertThat(late.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    @Test
    void aDeadlineOfTheContextThatPassesIsAFailure() throws InterruptedException {
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> Circuits.begin(guarded, Backend.SERVER_STREAMING, heard));
        backend.next();

        context.cancel(new TimeoutException("as the context's own timer does it"));

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    // ---- broken

    @ParameterizedTest
    @MethodSource("everyKind")
    void aServerThatStopsIsAFailure(MethodDescriptor<String, String> method) throws InterruptedException {
        Circuits.begin(guarded, method, heard);
        backend.next();

        backend.stop(); // breaks off its streams, which the caller sees as cancelled, or its connections, whichever is
        // first

        assertThat(heard.status().getCode()).isIn(Status.Code.CANCELLED, Status.Code.UNAVAILABLE);
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @ParameterizedTest
    @MethodSource("kindsWithManyResponses")
    void aConnectionThatBreaksInMidStreamIsAFailure(MethodDescriptor<String, String> method)
            throws InterruptedException, IOException {
        try (Wire wire = new Wire(backend.port());
                Closing through = new Closing(Backend.newChannel(wire.port()))) {
            Circuits.begin(Circuits.guarded(through.channel(), circuit), method, heard);
            backend.next().sendMessage("one");
            heard.message();

            wire.cut();

            assertThat(heard.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(heard.ends()).isEqualTo(1);
            assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
        }
    }

    @Test
    void afterAProbesFirstMessageABrokenConnectionIsNoNews() throws InterruptedException, IOException {
        openAndWait();
        try (Wire wire = new Wire(backend.port());
                Closing through = new Closing(Backend.newChannel(wire.port()))) {
            Circuits.begin(Circuits.guarded(through.channel(), circuit), Backend.SERVER_STREAMING, heard);
            backend.next().sendMessage("one");
            heard.message();

            wire.cut();
            heard.status();

            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            assertThat(counts(circuit)).isEqualTo("1 good, 1 bad, 0 ignored");
        }
    }
}
