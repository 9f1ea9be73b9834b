package dev.cutout.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/** A request that the JDK's client refuses to send, with an IllegalArgumentException: its method is none. */
final class UnsendableRequest extends HttpRequest {
    private final HttpRequest request;

    UnsendableRequest(HttpRequest request) {
        this.request = request;
    }

    @Override
    public String method() {
        return "NO METHOD";
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
        return request.bodyPublisher();
    }

    @Override
    public Optional<Duration> timeout() {
        return request.timeout();
    }

    @Override
    public boolean expectContinue() {
        return request.expectContinue();
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public Optional<HttpClient.Version> version() {
        return request.version();
    }

    @Override
    public HttpHeaders headers() {
        return request.headers();
    }
}
