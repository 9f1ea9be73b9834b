package dev.cutout.lab.simulate;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;

/** What guards are told of attempts that failed: one exception a kind for the whole run, without a stack trace, since nobody reads it. */
final class Failures {
    final SocketTimeoutException timedOut = bare(new SocketTimeoutException("timed out"));
    final ConnectException refused = bare(new ConnectException("refused"));
    final IOException error = bare(new IOException("failed"));
    final IOException limited = bare(new IOException("over the rate limit"));

    static <T extends Throwable> T bare(T failure) {
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }
}
