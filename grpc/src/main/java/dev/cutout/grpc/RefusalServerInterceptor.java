package dev.cutout.grpc;

import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * For servers that call others through circuit breakers: keeps a refusal of theirs from opening the circuits of those who call the server.
 *
 * <pre>{@code
 * ServerBuilder.forPort(8080).addService(service).intercept(new RefusalServerInterceptor());
 * }</pre>
 *
 * <p>A handler that throws a {@link dev.cutout.CallNotPermittedException}, or gives it to {@code onError}, itself or as a cause, ends its call with {@code UNKNOWN}, or with whatever it is mapped to:
 * to the client a failure of this server, though this server is well. With this interceptor such a call ends with {@link RefusalTrailers}, which a circuit
 * further out recognises and ignores; {@code UNKNOWN} becomes {@code UNAVAILABLE}, any other code stays; and with the push-back that forbids gRPC's own retries, since they could
 * only be refused again. Refusals that a server further in sent are passed on likewise.
 *
 * <p>The name of the circuit reaches the client. Thread-safe.
 */
public final class RefusalServerInterceptor implements ServerInterceptor {
    /** A number below zero: "do not retry". */
    private static final String DO_NOT_RETRY = "-1";

    /** A new one. It keeps nothing, so one serves any number of servers. */
    public RefusalServerInterceptor() {}

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        MarkingCall<ReqT, RespT> marking = new MarkingCall<>(call);
        ServerCall.Listener<ReqT> handler;
        try {
            handler = next.startCall(marking, headers);
        } catch (RuntimeException thrown) {
            marking.closeIfRefused(thrown);
            return new ServerCall.Listener<>() {};
        }
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(handler) {
            @Override
            public void onMessage(ReqT message) {
                try {
                    super.onMessage(message);
                } catch (RuntimeException thrown) {
                    marking.closeIfRefused(thrown);
                }
            }

            @Override
            public void onHalfClose() {
                try {
                    super.onHalfClose();
                } catch (RuntimeException thrown) {
                    marking.closeIfRefused(thrown);
                }
            }

            @Override
            public void onReady() {
                try {
                    super.onReady();
                } catch (RuntimeException thrown) {
                    marking.closeIfRefused(thrown);
                }
            }
        };
    }

    /** Looks at how the call is closed. */
    private static final class MarkingCall<ReqT, RespT>
            extends ForwardingServerCall.SimpleForwardingServerCall<ReqT, RespT> {
        private volatile boolean closed;

        MarkingCall(ServerCall<ReqT, RespT> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            Metadata refusal = status.isOk() ? null : RefusalTrailers.behind(status.getCause());
            if (refusal == null) {
                super.close(status, trailers);
                return;
            }
            Metadata marked = new Metadata(); // a new one: an exception that is thrown again may hold the other
            marked.merge(trailers);
            RefusalTrailers.copy(refusal, marked);
            marked.discardAll(PushBack.MILLIS);
            marked.put(PushBack.MILLIS, DO_NOT_RETRY);
            boolean unmapped = status.getCode() == Status.Code.UNKNOWN;
            super.close(unmapped ? unavailable(status) : status, marked);
        }

        private static Status unavailable(Status status) {
            Throwable cause = status.getCause();
            String description = status.getDescription();
            return Status.UNAVAILABLE
                    .withDescription(description == null && cause != null ? cause.getMessage() : description)
                    .withCause(cause);
        }

        /** Closes the call if it was refused; throws on what has nothing to do with a refusal, or comes after the end. */
        void closeIfRefused(RuntimeException thrown) {
            if (closed || RefusalTrailers.behind(thrown) == null) {
                throw thrown;
            }
            close(Status.fromThrowable(thrown).withCause(thrown), new Metadata());
        }
    }
}
