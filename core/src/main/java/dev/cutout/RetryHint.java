package dev.cutout;

import java.time.Duration;
import java.util.Optional;

/**
 * A failure, an exception or a result, that knows when to come back, as a server says it in HTTP's {@code Retry-After}. Where it opens the circuit, or was a
 * probe, the next probe waits at least as long, up to five minutes.
 */
public interface RetryHint {
    /** How long to wait; empty if it does not know. */
    Optional<Duration> retryAfter();
}
