package dev.cutout.grpc;

import dev.cutout.RetryHint;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;

/**
 * A call that its circuit counted as a failure, as the circuit's events show it. Nobody throws it: the caller gets what gRPC gives.
 *
 * <p>It has no stack trace, since it is made for every failure and where gRPC reports one says nothing about it. Immutable and thread-safe.
 */
public final class FailedCallException extends RuntimeException implements RetryHint {
    private static final long serialVersionUID = 1L;

    private final String method;
    private final transient Status status;
    private final transient Optional<Duration> retryAfter;

    FailedCallException(MethodDescriptor<?, ?> method, Status status, Metadata trailers) {
        super(null, status.getCause(), false, false);
        this.method = method.getFullMethodName();
        this.status = status;
        this.retryAfter = PushBack.in(trailers);
    }

    /** The full name of the method, such as {@code inventory.Inventory/FetchStock}. */
    public String method() {
        return method;
    }

    /** How the call ended. */
    public Status status() {
        return status;
    }

    /** When the server said to come back: the later of gRPC's push-back and the status detail {@code google.rpc.RetryInfo}. */
    @Override
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    @Override
    public String getMessage() {
        String description = status.getDescription();
        return method + ": " + status.getCode() + (description == null ? "" : ": " + description);
    }
}
