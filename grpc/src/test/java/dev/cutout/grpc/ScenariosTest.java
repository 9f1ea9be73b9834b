package dev.cutout.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.Answer;
import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.Mode;
import dev.cutout.Scenario;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stories of core, told by calls of every kind to a real server: it counts and decides the same.
 *
 * <p>What the dependency returns or throws becomes a status on the wire, by which the caller's side knows it again. Results that are failures, and exceptions that a classifier ignores, have no
 * like here, where the status alone says what a call is.
 */
class ScenariosTest {
    private static Backend backend;
    /** What the server has ready for the next call. */
    private static volatile Answer ready;
    /** What the server does where the answer is that the caller has given up. */
    private static volatile Runnable giveUp;

    @BeforeAll
    static void start() {
        backend = new Backend(new RefusalServerInterceptor());
        backend.answer((call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    serve(call);
                }
            };
        });
    }

    @AfterAll
    static void stop() {
        backend.close();
    }

    private static void serve(ServerCall<String, String> call) {
        try {
            Object unused = ready.give();
            call.sendHeaders(new Metadata());
            call.sendMessage("good");
            call.close(Status.OK, new Metadata());
        } catch (CancellationException | InterruptedException givenUp) {
            giveUp.run();
        } catch (CallNotPermittedException refusal) {
            throw refusal; // the interceptor tells it
        } catch (Throwable thrown) {
            call.close(statusOf(thrown).withDescription("as the story wants it"), new Metadata());
        }
    }

    private static Status statusOf(Object thrown) {
        if (thrown instanceof IOException) {
            return Status.UNAVAILABLE;
        }
        if (thrown instanceof IllegalStateException) {
            return Status.INTERNAL;
        }
        if (thrown instanceof ExecutionException) {
            return Status.RESOURCE_EXHAUSTED;
        }
        if (thrown instanceof Error) {
            return Status.DATA_LOSS;
        }
        if (thrown instanceof CancellationException || thrown instanceof InterruptedException) {
            return Status.CANCELLED;
        }
        return thrown instanceof CallNotPermittedException ? Status.UNAVAILABLE : Status.OK;
    }

    enum GrpcMode implements Mode {
        /** A blocking stub; the one whose thread can be interrupted. */
        BLOCKING("sfuewrnSN") {
            @Override
            Status call(Channel channel) {
                giveUp = Thread.currentThread()::interrupt;
                try {
                    String message = ClientCalls.blockingUnaryCall(channel, Backend.UNARY, CallOptions.DEFAULT, "?");
                    return good(message);
                } catch (StatusRuntimeException e) {
                    boolean interrupted = Thread.interrupted(); // cleared, for the sake of the next call
                    assertThat(interrupted).isEqualTo(ready.content() instanceof InterruptedException);
                    return toldBy(e);
                }
            }
        },
        /** A future stub, whose future is cancelled. */
        FUTURE("sfuewrcSC") {
            @Override
            Status call(Channel channel) throws Exception {
                CompletableFuture<Void> something = new CompletableFuture<>();
                giveUp = () -> something.complete(null);
                var future = ClientCalls.futureUnaryCall(channel.newCall(Backend.UNARY, CallOptions.DEFAULT), "?");
                future.addListener(() -> something.complete(null), Runnable::run);
                something.get(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (!future.isDone()) {
                    future.cancel(true);
                    return Status.CANCELLED;
                }
                try {
                    return good(future.get());
                } catch (ExecutionException e) {
                    return toldBy((StatusRuntimeException) e.getCause());
                }
            }
        },
        /** A stream of responses, read by an iterator, in a context that is cancelled. */
        SERVER_STREAMING("sfuewrcSC") {
            @Override
            Status call(Channel channel) throws Exception {
                try (Context.CancellableContext context = Context.current().withCancellation()) {
                    giveUp = () -> context.cancel(null);
                    return context.call(() -> {
                        try {
                            Iterator<String> messages = ClientCalls.blockingServerStreamingCall(
                                    channel, Backend.SERVER_STREAMING, CallOptions.DEFAULT, "?");
                            Status good = good(messages.next());
                            assertThat(messages.hasNext()).isFalse();
                            return good;
                        } catch (StatusRuntimeException e) {
                            return toldBy(e);
                        }
                    });
                }
            }
        },
        /** A stream of requests, cancelled by its sender. */
        CLIENT_STREAMING("sfuewrcSC") {
            @Override
            Status call(Channel channel) throws Exception {
                return observed(channel, Backend.CLIENT_STREAMING);
            }
        },
        /** Streams both ways. */
        BIDI_STREAMING("sfuewrcSC") {
            @Override
            Status call(Channel channel) throws Exception {
                return observed(channel, Backend.BIDI_STREAMING);
            }
        };

        private final String letters;

        GrpcMode(String letters) {
            this.letters = letters;
        }

        /** Makes one call, and returns how it ended for the caller. */
        abstract Status call(Channel channel) throws Exception;

        @Override
        public Object got(CircuitBreaker circuit, Answer answer) {
            ready = answer;
            Status end;
            try {
                end = call(Circuits.guarded(backend.channel(), circuit));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            if (end.getCause() instanceof CallNotPermittedException refusal) {
                return refusal;
            }
            assertThat(end.getCode()).isEqualTo(statusOf(answer.content()).getCode());
            return answer.content();
        }

        static Status observed(Channel channel, io.grpc.MethodDescriptor<String, String> method) throws Exception {
            ClientCall<String, String> call = channel.newCall(method, CallOptions.DEFAULT);
            Observed responses = new Observed();
            giveUp = () -> responses.end.complete(null);
            StreamObserver<String> requests = method == Backend.CLIENT_STREAMING
                    ? ClientCalls.asyncClientStreamingCall(call, responses)
                    : ClientCalls.asyncBidiStreamingCall(call, responses);
            requests.onNext("?");
            requests.onCompleted();
            Status end = responses.end.get(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (end == null) {
                ((ClientCallStreamObserver<String>) requests).cancel("given up", null);
                return Status.CANCELLED;
            }
            return end.isOk() ? good(responses.message) : end;
        }

        static Status good(String message) {
            assertThat(message).isEqualTo("good");
            return Status.OK;
        }

        static Status toldBy(StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private static final class Observed implements StreamObserver<String> {
        /** Null if the caller has given up. */
        final CompletableFuture<Status> end = new CompletableFuture<>();

        volatile String message;

        @Override
        public void onNext(String value) {
            message = value;
        }

        @Override
        public void onError(Throwable thrown) {
            end.complete(GrpcMode.toldBy((StatusRuntimeException) thrown));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    static Stream<Arguments> scenarios() {
        return Stream.of(GrpcMode.values())
                .flatMap(mode -> Scenario.madeOf(mode.letters).stream()
                        .map(scenario -> Arguments.of(scenario.name(), mode, scenario)));
    }

    @ParameterizedTest(name = "{0}, by {1}")
    @MethodSource("scenarios")
    void everyKindOfCallTellsTheSameStory(String name, GrpcMode mode, Scenario scenario) {
        scenario.play(mode);
    }

    /** So that a change of the letters does not quietly leave nothing to play. */
    @org.junit.jupiter.api.Test
    void mostStoriesCanBeTold() {
        assertThat(scenarios().count()).isGreaterThanOrEqualTo(50);
    }
}
