package dev.cutout.grpc;

import dev.cutout.CallNotPermittedException;
import dev.cutout.Calls;
import dev.cutout.Permit;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One call that asks for a permit when it starts, and answers it when it ends.
 *
 * <p>Not before it starts: a call that is made and never started would keep its permit for good. As of any call, its methods are called by one thread at a time, except {@code cancel}, which may come
 * at any moment. The end can then be seen from three sides (cancelled, closed, failed to start); a permit answers once, so whoever is first decides, and nobody needs to ask.
 */
final class GuardedCall<ReqT, RespT> extends ForwardingClientCall<ReqT, RespT> {
    private final Calls calls;
    private final MethodDescriptor<ReqT, RespT> method;
    private final CallOptions options;
    private final Channel channel;
    /** That in which the call was made: by this one gRPC goes, wherever it is started. */
    private final Context context = Context.current();

    /** Written by whoever starts the call. A canceller who still sees the call of a moment ago cancels that one, which is as well. */
    private ClientCall<ReqT, RespT> delegate;
    /** Null until the call is permitted. */
    private volatile @Nullable Answering<RespT> answering;

    GuardedCall(Calls calls, MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel channel) {
        this.calls = calls;
        this.method = method;
        this.options = options;
        this.channel = channel;
        this.delegate = channel.newCall(method, options);
    }

    @Override
    protected ClientCall<ReqT, RespT> delegate() {
        return delegate;
    }

    @Override
    public void start(Listener<RespT> listener, Metadata headers) {
        if (answering != null || delegate instanceof RefusedCall || isOverBeforeItBegins()) {
            delegate.start(listener, headers); // which says what is wrong, and asks no server
            return;
        }
        Permit permit;
        try {
            permit = calls.acquire();
        } catch (CallNotPermittedException refusal) {
            refuse(refusal, listener);
            return;
        }
        Answering<RespT> permitted = new Answering<>(permit, method, channel, context, listener);
        answering = permitted;
        try {
            if (permit.isProbe()) {
                forgetFailures(channel);
            }
            delegate.start(permitted, headers);
        } catch (Throwable thrown) {
            permit.ignore(); // it was cancelled before, or something on the way broke: the server was not asked
            throw thrown;
        }
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        // Now, not when the listener is told: its executor may be one that nobody serves any more.
        Answering<RespT> permitted = answering;
        if (permitted != null) {
            permitted.cancelled();
        }
        delegate.cancel(message, cause);
    }

    private void refuse(CallNotPermittedException refusal, Listener<RespT> listener) {
        // Interceptors further down, and a channel that has yet to find the address, may hold something for it.
        delegate.cancel("Refused by a circuit breaker", refusal);
        delegate = new RefusedCall<>();
        listener.onClose(RefusalTrailers.statusOf(refusal), RefusalTrailers.of(refusal));
    }

    private boolean isOverBeforeItBegins() {
        return context.isCancelled() || isExpired(options.getDeadline()) || isExpired(context.getDeadline());
    }

    private static boolean isExpired(@Nullable Deadline deadline) {
        return deadline != null && deadline.isExpired();
    }

    /**
     * A channel that could not connect answers from memory, for a second first and in the end for two minutes, without looking whether the server is back. The circuit has
     * waited already, and by better reasons.
     */
    private static void forgetFailures(Channel channel) {
        if (channel instanceof ManagedChannel managed && stateOf(managed) == ConnectivityState.TRANSIENT_FAILURE) {
            managed.enterIdle();
        }
    }

    private static @Nullable ConnectivityState stateOf(ManagedChannel channel) {
        try {
            return channel.getState(false);
        } catch (UnsupportedOperationException notTold) {
            return null;
        }
    }

    /** Hears what comes of a permitted call, and answers its permit. */
    private static final class Answering<RespT>
            extends ForwardingClientCallListener.SimpleForwardingClientCallListener<RespT> {
        private final Permit permit;
        private final MethodDescriptor<?, RespT> method;
        private final Channel channel;
        private final Context context;
        private volatile boolean heard;

        Answering(
                Permit permit,
                MethodDescriptor<?, RespT> method,
                Channel channel,
                Context context,
                Listener<RespT> listener) {
            super(listener);
            this.permit = permit;
            this.method = method;
            this.channel = channel;
            this.context = context;
        }

        @Override
        public void onMessage(RespT message) {
            if (!heard) {
                heard = true;
                // Where one message is all that comes, the end comes with it, and knows more.
                if (permit.isProbe() && !method.getType().serverSendsOneMessage()) {
                    permit.success();
                }
            }
            super.onMessage(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            switch (status.getCode()) {
                case CANCELLED -> {
                    if (isOurDoing(status)) {
                        cancelled();
                    } else {
                        failed(status, trailers);
                    }
                }
                case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNKNOWN, DATA_LOSS ->
                    failed(status, trailers);
                case OK,
                        INVALID_ARGUMENT,
                        NOT_FOUND,
                        ALREADY_EXISTS,
                        PERMISSION_DENIED,
                        FAILED_PRECONDITION,
                        ABORTED,
                        OUT_OF_RANGE,
                        UNIMPLEMENTED,
                        UNAUTHENTICATED -> permit.success();
            }
            super.onClose(status, trailers);
        }

        /**
         * Whether this side cancelled. Else the other did: so a server that is shut down breaks off its calls. What comes over the wire has no cause; what has one is a listener or a
         * marshaller that threw.
         */
        private boolean isOurDoing(Status cancelled) {
            return context.isCancelled() || cancelled.getCause() != null;
        }

        private void failed(Status status, Metadata trailers) {
            if (RefusalTrailers.areIn(trailers) || isShutDown(status)) {
                permit.ignore();
            } else {
                permit.failure(new FailedCallException(method, status, trailers));
            }
        }

        /** Whether the call failed because the application is done with the channel. */
        private boolean isShutDown(Status status) {
            return status.getCode() == Status.Code.UNAVAILABLE
                    && channel instanceof ManagedChannel managed
                    && managed.isShutdown();
        }

        /** Through the classifier, since only the circuit knows whether the call had run for longer than slow. */
        void cancelled() {
            if (heard) {
                permit.success();
            } else {
                permit.record(new CancellationException("The call was cancelled before the server answered."));
            }
        }
    }

    /** What is left of a refused call, whose listener knows of it: nothing can happen to it any more. */
    private static final class RefusedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
            throw new IllegalStateException("Already started: the call was refused. Make a new one.");
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(ReqT message) {}

        @Override
        public boolean isReady() {
            return false;
        }
    }
}
