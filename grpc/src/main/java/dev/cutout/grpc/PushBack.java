package dev.cutout.grpc;

import io.grpc.Metadata;
import java.time.Duration;
import java.util.Optional;

/** What the trailers of a failed call say of when to come back. */
final class PushBack {
    /** Of gRPC's retries: how long to wait before the next attempt, or, by anything that is no such number, that there must be none. */
    static final Metadata.Key<String> MILLIS =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** A {@code google.rpc.Status}, in which a {@code google.rpc.RetryInfo} may lie. */
    static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private PushBack() {}

    /**
     * The longer of what both say; empty if neither says anything. "Do not retry" is no time: it speaks of this call, not of the server's next minutes.
     */
    static Optional<Duration> in(Metadata trailers) {
        Duration longer = Duration.ZERO;
        String millis = trailers.get(MILLIS);
        if (millis != null) {
            longer = millis(millis);
        }
        byte[] details = trailers.get(DETAILS);
        if (details != null) {
            Duration delay = StatusDetails.retryDelay(details);
            longer = delay.compareTo(longer) > 0 ? delay : longer;
        }
        return longer.isZero() ? Optional.empty() : Optional.of(longer);
    }

    private static Duration millis(String text) {
        try {
            return Duration.ofMillis(Math.max(0, Integer.parseInt(text))); // an int, as gRPC itself reads it
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
