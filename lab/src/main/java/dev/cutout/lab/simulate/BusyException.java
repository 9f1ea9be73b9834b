package dev.cutout.lab.simulate;

import java.io.IOException;
import java.time.Duration;

/** The upstream refused an attempt that is beyond its rate limit, and said when to come back. */
public final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    BusyException(Duration retryAfter) {
        super("over the rate limit");
        this.retryAfter = retryAfter;
        Failures.bare(this);
    }

    /** How long to stay away. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
