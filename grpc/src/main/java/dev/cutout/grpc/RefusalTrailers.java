package dev.cutout.grpc;

import dev.cutout.CallNotPermittedException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How gRPC tells that a circuit refused a call: the status {@code UNAVAILABLE} with these trailers.
 *
 * <p>The client's own refusals have them, and those that a server sends on, see {@link RefusalServerInterceptor}. They are the mark by which a circuit further out knows that the server
 * is well and only refused: it ignores the answer. Thread-safe.
 */
public final class RefusalTrailers {
    /**
     * {@code cutout-circuit}: the name of the circuit that refused, as {@link CallNotPermittedException#circuit()}. On the wire a name of other characters than
     * ASCII's visible ones is encoded as in the query of a URL.
     */
    public static final Metadata.Key<String> CIRCUIT = Metadata.Key.of("cutout-circuit", new NameMarshaller());

    /** {@code cutout-refusal-reason}: the name of a {@link dev.cutout.Refusal.Reason}, such as {@code OPEN}. Always there. */
    public static final Metadata.Key<String> REASON =
            Metadata.Key.of("cutout-refusal-reason", Metadata.ASCII_STRING_MARSHALLER);

    /**
     * {@code cutout-retry-after-ms}: how many milliseconds, at most, until another call may be let through; absent if nobody knows. As
     * {@link CallNotPermittedException#retryAfter()}, rounded up.
     */
    public static final Metadata.Key<String> RETRY_AFTER_MILLIS =
            Metadata.Key.of("cutout-retry-after-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** How many causes to look through: more than anyone nests, and an end for a cause that points back at itself. */
    private static final int DEEPEST_CAUSE = 32;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private RefusalTrailers() {}

    /** Whether these trailers tell of a refusal. Null, as exceptions without trailers have it, does not. */
    public static boolean areIn(@Nullable Metadata trailers) {
        return trailers != null && trailers.containsKey(REASON);
    }

    /**
     * What a refusal is to whoever is called by gRPC: {@code UNAVAILABLE}, the trailers, and the refusal as its cause, which never leaves the process. For servers that map their exceptions
     * themselves instead of using the {@link RefusalServerInterceptor}:
     *
     * <pre>{@code
     * responses.onError(RefusalTrailers.exceptionOf(refusal));
     * }</pre>
     */
    public static StatusRuntimeException exceptionOf(CallNotPermittedException refusal) {
        return statusOf(refusal).asRuntimeException(of(refusal));
    }

    static Status statusOf(CallNotPermittedException refusal) {
        return Status.UNAVAILABLE.withDescription(refusal.getMessage()).withCause(refusal);
    }

    static Metadata of(CallNotPermittedException refusal) {
        Metadata trailers = new Metadata();
        trailers.put(CIRCUIT, refusal.circuit());
        trailers.put(REASON, refusal.reason().name());
        refusal.retryAfter().ifPresent(time -> {
            long millis = (time.toNanos() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
            trailers.put(RETRY_AFTER_MILLIS, Long.toString(millis));
        });
        return trailers;
    }

    /** The trailers of the refusal that this was thrown for, in this process or in one further in; null if it was not. */
    static @Nullable Metadata behind(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            Metadata told = cause instanceof CallNotPermittedException refusal
                    ? of(refusal)
                    : cause instanceof StatusRuntimeException answer
                            ? answer.getTrailers()
                            : cause instanceof StatusException answer ? answer.getTrailers() : null;
            if (areIn(told)) {
                return told;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Copies these trailers, if there, and nothing else; whatever else stands in {@code from} was meant for somebody else. */
    static void copy(Metadata from, Metadata to) {
        copy(CIRCUIT, from, to);
        copy(REASON, from, to);
        copy(RETRY_AFTER_MILLIS, from, to);
    }

    private static void copy(Metadata.Key<String> key, Metadata from, Metadata to) {
        to.discardAll(key);
        String value = from.get(key);
        if (value != null) {
            to.put(key, value);
        }
    }

    /** Headers carry visible ASCII only; anything else would be lost, or break them. */
    private static final class NameMarshaller implements Metadata.AsciiMarshaller<String> {
        @Override
        public String toAsciiString(String name) {
            boolean plain = name.chars().allMatch(c -> c > ' ' && c <= '~' && c != '%' && c != '+');
            return plain ? name : URLEncoder.encode(name, StandardCharsets.UTF_8);
        }

        @Override
        public String parseAsciiString(String value) {
            try {
                return URLDecoder.decode(value, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notOurs) {
                return value;
            }
        }
    }
}
