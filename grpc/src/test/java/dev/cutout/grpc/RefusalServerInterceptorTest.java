package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static dev.cutout.grpc.Circuits.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.HandWoundTicker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A calls B, B calls C, and B's circuit to C refuses: B is well, and A's circuit to B knows. */
class RefusalServerInterceptorTest {
    private static final Metadata.Key<String> OWN = Metadata.Key.of("own", Metadata.ASCII_STRING_MARSHALLER);

    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker toC = Circuits.circuit("trip 1 consecutive; wait 30s", ticker);
    private final CircuitBreaker toB = Circuits.circuit("trip 1 consecutive", ticker);
    private final Backend c = new Backend();
    private final Channel fromBToC = Circuits.guarded(c.channel(), toC);
    private final Backend b = new Backend(new RefusalServerInterceptor());
    private final Channel fromAToB = Circuits.guarded(b.channel(), toB);

    @AfterEach
    void close() {
        b.close();
        c.close();
    }

    private CallNotPermittedException refusal() {
        toC.acquire().failure(new IllegalStateException("C is down"));
        return catchThrowableOfType(CallNotPermittedException.class, toC::acquire);
    }

    private static ServerCallHandler<String, String> onHalfClose(Runnable work) {
        return (call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    work.run();
                }
            };
        };
    }

    static Stream<Arguments> waysToEnd() {
        return Stream.of(
                way("throws it", (call, refusal) -> {
                    throw refusal;
                }),
                way("throws it as a cause", (call, refusal) -> {
                    throw new IllegalStateException("cannot answer", refusal);
                }),
                way("throws what its stub threw", (call, refusal) -> {
                    throw RefusalTrailers.exceptionOf(refusal);
                }),
                way(
                        "gives it to onError",
                        (call, refusal) -> call.close(Status.fromThrowable(refusal), new Metadata())),
                way("gives what its stub threw to onError", (call, refusal) -> {
                    StatusRuntimeException thrown = RefusalTrailers.exceptionOf(refusal);
                    call.close(Status.fromThrowable(thrown), Status.trailersFromThrowable(thrown));
                }));
    }

    private static Arguments way(String name, BiConsumer<ServerCall<String, String>, CallNotPermittedException> way) {
        return Arguments.of(name, way);
    }

    @ParameterizedTest(name = "a handler that {0}")
    @MethodSource("waysToEnd")
    void isNotCountedAgainstTheServerThatTellsIt(
            String name, BiConsumer<ServerCall<String, String>, CallNotPermittedException> way)
            throws InterruptedException {
        CallNotPermittedException refusal = refusal();
        b.answer((call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    way.accept(call, refusal);
                }
            };
        });

        Heard heard = made(fromAToB, Backend.UNARY);

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(heard.status().getDescription()).isNotBlank();
        assertThat(heard.trailers().getAll(RefusalTrailers.CIRCUIT)).containsExactly(toC.name());
        assertThat(heard.trailers().getAll(RefusalTrailers.REASON)).containsExactly("OPEN");
        assertThat(heard.trailers().getAll(RefusalTrailers.RETRY_AFTER_MILLIS)).containsExactly("30000");
        assertThat(heard.trailers().getAll(PushBack.MILLIS)).containsExactly("-1");
        assertThat(counts(toB)).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    /** The handlers of other kinds of calls run in other methods of the listener. */
    @Test
    void isToldFromWhereverAHandlerThrowsIt() throws InterruptedException {
        CallNotPermittedException refusal = refusal();
        b.answer((call, headers) -> {
            throw refusal;
        });
        made(fromAToB, Backend.BIDI_STREAMING);
        b.answer((call, headers) -> {
            call.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(String message) {
                    throw refusal;
                }
            };
        });
        made(fromAToB, Backend.CLIENT_STREAMING);
        b.answer((call, headers) -> new ServerCall.Listener<>() {
            @Override
            public void onReady() {
                throw refusal;
            }
        });
        made(fromAToB, Backend.SERVER_STREAMING);

        assertThat(counts(toB)).isEqualTo("0 good, 0 bad, 3 ignored");
    }

    /** C in turn was refused by D's circuit, and B only passes on what it got: whatever B does with it, A sees the mark. */
    @Test
    void aRefusalFromFurtherInIsPassedOn() throws InterruptedException {
        StatusRuntimeException furtherIn = RefusalTrailers.exceptionOf(refusal());
        c.answer(furtherIn.getStatus(), furtherIn.getTrailers());
        CircuitBreaker fresh = Circuits.circuit("classic", ticker);
        b.answer(onHalfClose(() -> ClientCalls.blockingUnaryCall(
                Circuits.guarded(c.channel(), fresh), Backend.UNARY, CallOptions.DEFAULT, "?")));

        Heard heard = made(fromAToB, Backend.UNARY);

        assertThat(heard.trailers().get(RefusalTrailers.CIRCUIT)).isEqualTo(toC.name());
        assertThat(counts(fresh)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(counts(toB)).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    /** The whole of it, over two sockets: C dies, B's circuit opens, A's stays closed. */
    @Test
    void doesNotCascade() throws InterruptedException {
        b.answer((call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    try {
                        String answer =
                                ClientCalls.blockingUnaryCall(fromBToC, Backend.UNARY, CallOptions.DEFAULT, "?");
                        call.sendHeaders(new Metadata());
                        call.sendMessage(answer);
                        call.close(Status.OK, new Metadata());
                    } catch (StatusRuntimeException e) {
                        if (RefusalTrailers.areIn(e.getTrailers())) {
                            throw e;
                        }
                        call.close(Status.NOT_FOUND, new Metadata()); // B can do without C's answer
                    }
                }
            };
        });
        c.answer(Status.UNAVAILABLE);

        assertThat(made(fromAToB, Backend.UNARY).status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        for (int i = 0; i < 10; i++) {
            assertThat(RefusalTrailers.areIn(made(fromAToB, Backend.UNARY).trailers()))
                    .isTrue();
        }

        assertThat(counts(toC)).isEqualTo("0 good, 1 bad, 0 ignored, refused {OPEN=10}");
        assertThat(counts(toB)).isEqualTo("1 good, 0 bad, 10 ignored");
    }

    @Test
    void whatTheHandlerChoseStays() throws InterruptedException {
        CallNotPermittedException refusal = refusal();
        b.answer((call, headers) -> {
            Metadata own = new Metadata();
            own.put(OWN, "kept");
            call.close(Status.INTERNAL.withDescription("my words").withCause(refusal), own);
            return new ServerCall.Listener<>() {};
        });

        Heard heard = made(fromAToB, Backend.UNARY);

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(heard.status().getDescription()).isEqualTo("my words");
        assertThat(heard.trailers().get(OWN)).isEqualTo("kept");
        assertThat(counts(toB)).isEqualTo("0 good, 0 bad, 1 ignored");
    }

    @Test
    void whatIsNoRefusalIsLeftAlone() throws InterruptedException {
        for (MethodDescriptor<String, String> method : Backend.METHODS) {
            b.answer(Status.OK, "!");
            assertThat(made(fromAToB, method).status().isOk()).isTrue();
        }
        b.answer(onHalfClose(() -> {
            throw new IllegalStateException("a bug");
        }));

        Heard heard = made(fromAToB, Backend.UNARY);

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(RefusalTrailers.areIn(heard.trailers())).isFalse();
        assertThat(counts(toB)).isEqualTo("4 good, 1 bad, 0 ignored");
    }

    /** The answer is out; whatever the handler throws then is for the log. */
    @Test
    void aRefusalAfterTheEndChangesNothing() throws InterruptedException {
        CallNotPermittedException refusal = refusal();
        b.answer((call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    call.sendHeaders(new Metadata());
                    call.sendMessage("!");
                    call.close(Status.OK, new Metadata());
                    throw refusal;
                }
            };
        });

        made(fromAToB, Backend.UNARY);

        assertThat(counts(toB)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    /** What it keeps from happening. */
    @Test
    void withoutItTheServerIsToBlame() throws InterruptedException {
        CallNotPermittedException refusal = refusal();
        try (Backend plain = new Backend()) {
            plain.answer(onHalfClose(() -> {
                throw refusal;
            }));

            made(Circuits.guarded(plain.channel(), toB), Backend.UNARY);
        }
        assertThat(counts(toB)).isEqualTo("0 good, 1 bad, 0 ignored");
    }
}
