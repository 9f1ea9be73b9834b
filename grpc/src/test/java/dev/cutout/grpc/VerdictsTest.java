package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static dev.cutout.grpc.Circuits.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.Classifier;
import dev.cutout.HandWoundTicker;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each status says of the server, in each kind of call. */
class VerdictsTest {
    private static final Set<Status.Code> FAILURES = EnumSet.of(
            Status.Code.CANCELLED, // the caller did not cancel
            Status.Code.UNAVAILABLE,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.INTERNAL,
            Status.Code.UNKNOWN,
            Status.Code.DATA_LOSS);

    private final Backend backend = new Backend();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker circuit = Circuits.circuit("classic", ticker);
    private final Channel guarded = Circuits.guarded(backend.channel(), circuit);

    @AfterEach
    void close() {
        backend.close();
    }

    static Stream<Arguments> everyEndOfEveryKind() {
        return Backend.METHODS.stream()
                .flatMap(method ->
                        Stream.of(Status.Code.values()).map(code -> Arguments.of(method.getType(), code, method)));
    }

    @ParameterizedTest(name = "{0} ends with {1}")
    @MethodSource("everyEndOfEveryKind")
    void everyStatusSaysSomething(
            MethodDescriptor.MethodType type, Status.Code code, MethodDescriptor<String, String> method)
            throws InterruptedException {
        backend.answer(
                code.toStatus().withDescription("as told"),
                code == Status.Code.OK ? new String[] {"!"} : new String[0]);

        Heard heard = made(guarded, method);

        assertThat(heard.status().getCode()).isEqualTo(code);
        assertThat(heard.ends()).isEqualTo(1);
        assertThat(counts(circuit))
                .isEqualTo(FAILURES.contains(code) ? "0 good, 1 bad, 0 ignored" : "1 good, 0 bad, 0 ignored");
    }

    @Test
    void aStreamThatFailsAfterMessagesIsAFailure() throws InterruptedException {
        backend.answer(Status.UNAVAILABLE, "one", "two");

        made(guarded, Backend.SERVER_STREAMING);

        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    @Test
    void cancelledByTheServerAfterMessagesIsAFailure() throws InterruptedException {
        backend.answer(Status.CANCELLED, "one", "two");

        made(guarded, Backend.SERVER_STREAMING);

        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    /** The breaker may serve other calls too, with a classifier for those. */
    @Test
    void theClassifierOfTheBreakerPlaysNoPart() throws InterruptedException {
        CircuitBreaker own = CircuitBreaker.builder("with a classifier of its own")
                .classifier(Classifier.standard()
                        .ignoringIf(thrown -> thrown instanceof FailedCallException)
                        .orResult(result -> true))
                .countSuccesses()
                .build();
        Channel channel = Circuits.guarded(backend.channel(), own);

        backend.answer(Status.OK, "!");
        made(channel, Backend.UNARY);
        backend.answer(Status.UNAVAILABLE);
        made(channel, Backend.UNARY);

        assertThat(counts(own)).isEqualTo("1 good, 1 bad, 0 ignored");
    }

    @Test
    void theEventNamesMethodAndStatus() throws InterruptedException {
        List<CircuitEvent> events = new ArrayList<>();
        CircuitBreaker told = CircuitBreaker.builder("told")
                .settings(CircuitSettings.parse("trip 1 consecutive"))
                .onEvent(events::add)
                .build();
        backend.answer(Status.DATA_LOSS.withDescription("half of it is gone"));

        made(Circuits.guarded(backend.channel(), told), Backend.UNARY);

        CircuitEvent.Opened opened = (CircuitEvent.Opened) events.get(0);
        assertThat(opened.failure()).hasValueSatisfying(failure -> {
            assertThat(failure)
                    .isInstanceOf(FailedCallException.class)
                    .hasMessage("test.Backend/UNARY: DATA_LOSS: half of it is gone")
                    .hasNoCause();
            assertThat(failure.getStackTrace()).isEmpty();
            FailedCallException failed = (FailedCallException) failure;
            assertThat(failed.method()).isEqualTo("test.Backend/UNARY");
            assertThat(failed.status().getCode()).isEqualTo(Status.Code.DATA_LOSS);
            assertThat(failed.retryAfter()).isEmpty();
        });
    }

    @Test
    void aFailureWithoutADescriptionHasAMessageToo() {
        assertThat(new FailedCallException(Backend.UNARY, Status.UNKNOWN, new Metadata()))
                .hasMessage("test.Backend/UNARY: UNKNOWN");
    }

    /** It did send its message. */
    @Test
    void aListenerThatThrowsIsNotTheServersFault() throws InterruptedException {
        backend.answer(Status.OK, "!");
        Heard throwing = new Heard();
        var call = guarded.newCall(Backend.UNARY, io.grpc.CallOptions.DEFAULT);
        call.start(
                new io.grpc.ClientCall.Listener<>() {
                    @Override
                    public void onMessage(String message) {
                        throw new IllegalStateException("cannot use it");
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        throwing.onClose(status, trailers);
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage("?");
        call.halfClose();

        assertThat(throwing.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }
}
