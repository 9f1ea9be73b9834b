package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static dev.cutout.grpc.Circuits.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.HandWoundTicker;
import dev.cutout.Hold;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller gets whose call is refused, whichever way it is made. */
class RefusalsTest {
    private final Backend backend = new Backend();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker circuit = Circuits.circuit("trip 1 consecutive; wait 30s", ticker);
    private final Channel guarded = Circuits.guarded(backend.channel(), circuit);

    @AfterEach
    void close() {
        backend.close();
    }

    static List<MethodDescriptor<String, String>> everyKind() {
        return Backend.METHODS;
    }

    private void open() {
        circuit.acquire().failure(new IllegalStateException("down"));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void aRefusalSaysWhoAndWhyAndHowLong(MethodDescriptor<String, String> method) throws InterruptedException {
        open();
        ticker.advance(Duration.ofMillis(12_345).plusNanos(1));

        Heard heard = made(guarded, method);

        Status status = heard.status();
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).startsWith("Circuit '" + circuit.name() + "' is open (opened 12.3 s ago");
        assertThat(status.getCause())
                .isInstanceOfSatisfying(
                        CallNotPermittedException.class,
                        refusal -> assertThat(refusal.circuit()).isEqualTo(circuit.name()));
        assertThat(heard.trailers().get(RefusalTrailers.CIRCUIT)).isEqualTo(circuit.name());
        assertThat(heard.trailers().get(RefusalTrailers.REASON)).isEqualTo("OPEN");
        assertThat(heard.trailers().get(RefusalTrailers.RETRY_AFTER_MILLIS)).isEqualTo("17655");
        assertThat(heard.ends()).isEqualTo(1);
        assertThat(backend.isUnasked()).isTrue();
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored, refused {OPEN=1}");
    }

    @Test
    void aRefusalOfUnknownLengthNamesNoTime() throws InterruptedException {
        circuit.hold(Hold.open());

        Metadata trailers = made(guarded, Backend.UNARY).trailers();

        assertThat(trailers.get(RefusalTrailers.REASON)).isEqualTo("HELD");
        assertThat(trailers.containsKey(RefusalTrailers.RETRY_AFTER_MILLIS)).isFalse();
    }

    @Test
    void everyKindOfStubTellsItsCaller() throws InterruptedException {
        open();

        StatusRuntimeException blocking = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(guarded, Backend.UNARY, CallOptions.DEFAULT, "?"));
        assertThat(blocking.getStatus().getCause()).isInstanceOf(CallNotPermittedException.class);
        assertThat(RefusalTrailers.areIn(blocking.getTrailers())).isTrue();

        assertThatThrownBy(() -> ClientCalls.futureUnaryCall(guarded.newCall(Backend.UNARY, CallOptions.DEFAULT), "?")
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(CallNotPermittedException.class);

        Iterator<String> answers =
                ClientCalls.blockingServerStreamingCall(guarded, Backend.SERVER_STREAMING, CallOptions.DEFAULT, "?");
        assertThatThrownBy(answers::hasNext).hasRootCauseInstanceOf(CallNotPermittedException.class);

        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        StreamObserver<String> requests = ClientCalls.asyncBidiStreamingCall(
                guarded.newCall(Backend.BIDI_STREAMING, CallOptions.DEFAULT), new Failing(failed));
        requests.onNext("?");
        requests.onNext("?");
        requests.onCompleted();
        assertThat(failed.join()).hasCauseInstanceOf(CallNotPermittedException.class);

        BlockingClientCall<String, String> newer =
                ClientCalls.blockingBidiStreamingCall(guarded, Backend.BIDI_STREAMING, CallOptions.DEFAULT);
        assertThatThrownBy(newer::read).hasRootCauseInstanceOf(CallNotPermittedException.class);

        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored, refused {OPEN=5}");
    }

    @Test
    void whateverIsDoneToARefusedCallIsHarmless() throws InterruptedException {
        open();
        Heard heard = new Heard();
        ClientCall<String, String> call = guarded.newCall(Backend.BIDI_STREAMING, CallOptions.DEFAULT);
        call.start(heard, new Metadata());

        assertThat(heard.isOver()).as("told before start returns").isTrue();
        call.request(1);
        call.setMessageCompression(true);
        call.sendMessage("?");
        call.halfClose();
        call.halfClose();
        call.cancel("enough", null);
        call.cancel(null, null);
        assertThat(call.isReady()).isFalse();
        assertThat(call.getAttributes()).isEqualTo(Attributes.EMPTY);
        assertThatThrownBy(() -> call.start(heard, new Metadata()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Make a new one");
        assertThat(heard.ends()).isEqualTo(1);
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored, refused {OPEN=1}");
    }

    /** Interceptors further down may hold something for a call from when it is made, a span say. */
    @Test
    void whatLiesBelowLearnsThatTheCallDoesNotCome() throws InterruptedException {
        open();
        List<String> seen = new ArrayList<>();
        ClientInterceptor below = new ClientInterceptor() {
            @Override
            public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions o, Channel next) {
                seen.add("made");
                return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, o)) {
                    @Override
                    public void start(Listener<B> listener, Metadata headers) {
                        seen.add("started");
                        super.start(listener, headers);
                    }

                    @Override
                    public void cancel(String message, Throwable cause) {
                        seen.add("cancelled");
                        super.cancel(message, cause);
                    }
                };
            }
        };

        made(Circuits.guarded(ClientInterceptors.intercept(backend.channel(), below), circuit), Backend.UNARY);

        assertThat(seen).containsExactly("made", "cancelled");
    }

    @Test
    void aNameOfAnyCharactersSurvivesTheHeaders() {
        for (String name :
                List.of("plain", "b.example:443/x", "mit Leerzeichen", "Größe", "100%", "a+b", "在庫", "%zz", "a\nb")) {
            CircuitBreaker odd = CircuitBreaker.of(name);
            odd.hold(Hold.open());
            CallNotPermittedException refusal = catchThrowableOfType(CallNotPermittedException.class, odd::acquire);

            Metadata trailers = RefusalTrailers.exceptionOf(refusal).getTrailers();

            assertThat(trailers.get(RefusalTrailers.CIRCUIT)).isEqualTo(name);
            assertThat(trailers.get(onTheWire("cutout-circuit"))).matches("[!-~]+");
        }
        Metadata foreign = new Metadata();
        foreign.put(onTheWire("cutout-circuit"), "%zz");
        assertThat(foreign.get(RefusalTrailers.CIRCUIT)).isEqualTo("%zz");
        assertThat(RefusalTrailers.areIn(foreign)).isFalse();
        assertThat(RefusalTrailers.areIn(null)).isFalse();
    }

    private static Metadata.Key<String> onTheWire(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Waits for the failure. */
    private record Failing(CompletableFuture<Throwable> failure) implements StreamObserver<String> {
        @Override
        public void onNext(String value) {}

        @Override
        public void onError(Throwable thrown) {
            failure.complete(thrown);
        }

        @Override
        public void onCompleted() {
            failure.completeExceptionally(new AssertionError("It was not refused."));
        }
    }
}
