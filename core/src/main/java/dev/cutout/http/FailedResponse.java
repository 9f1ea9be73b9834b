package dev.cutout.http;

import dev.cutout.RetryHint;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stands for a response that is a failure, in the event of the opening that it helped to cause. Nobody throws it: the caller has the response. */
final class FailedResponse extends Exception implements RetryHint {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String host;
    private final @Nullable Duration retryAfter;

    FailedResponse(HttpRequest request, ResponseInfo response) {
        super(null, null, false, false);
        status = response.statusCode();
        host = GuardedHttpClient.hostAndPort(request.uri());
        retryAfter = RetryAfter.in(response.headers());
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Neither path nor query: they may hold what does not belong into a log. */
    @Override
    public String getMessage() {
        return "HTTP " + status + " from " + host;
    }
}
