package dev.cutout.http;

import dev.cutout.CallNotPermittedException;
import dev.cutout.Calls;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An {@link HttpClient} whose requests are guarded, by one circuit breaker for each host and port unless it is told otherwise.
 *
 * <pre>{@code
 * HttpClient client = GuardedHttpClient.of(HttpClient.newHttpClient()); // keep it in a field
 * HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
 * HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
 * }</pre>
 *
 * It is used as the client inside it: the caller gets the very response, exception or body that this one gives, a 503 too. Only a request that the
 * circuit refuses is not sent: {@code send} throws {@link CallNotPermittedException}, {@code sendAsync} returns a future that has failed with it.
 *
 * <p>What HTTP has to say is known here, so the breaker's own classifier is not asked, but for cancellations:
 *
 * <table>
 *   <caption>What counts as what</caption>
 *   <tr><th>answer</th><th>counts as</th></tr>
 *   <tr><td>5xx but for those below; 429; 408; no status that HTTP knows (600 and above)</td><td>failure</td></tr>
 *   <tr><td>501, 505, 510: the server does not do what this request asks for</td><td>success</td></tr>
 *   <tr><td>all others: 2xx, 3xx, other 4xx; the server is there and answers</td><td>success</td></tr>
 *   <tr><td>no connection, no answer, a time-out of the client or the request, a body that breaks off</td><td>failure</td></tr>
 *   <tr><td>a request that is cancelled or interrupted</td><td>ignored; a failure if it had taken longer than {@code slow}</td></tr>
 *   <tr><td>a body that the caller closes or cancels before its end</td><td>success</td></tr>
 *   <tr><td>an exception that says that the request could not be sent ({@link IllegalArgumentException} and the like)</td><td>ignored</td></tr>
 * </table>
 *
 * A {@code Retry-After} on a failed response, in seconds or as a date beside the response's own {@code Date}, is a floor for the next probe, up to five
 * minutes.
 *
 * <p>A call lasts until the end of its body, also where the body arrives after the response ({@code BodyHandlers.ofInputStream}, {@code ofLines},
 * {@code ofPublisher}), with two exceptions. A probe answers at good headers, so that a long body cannot outlive its lease. Where calls in flight are
 * limited, a call ends when the response is handed over, since nobody can make the caller read on.
 *
 * <p>Idempotent requests find out whether a dependency is back; any other does so only when nobody else came for as long again (see
 * {@link CircuitBreaker#asLastResortProbe()}).
 *
 * <p>What the client does inside one request, redirects, authentication, its own retry, is one call to the circuit of the first host. Pushed responses and web
 * sockets are not guarded. A request without a time-out can hang for ever: set {@link HttpRequest.Builder#timeout} or
 * {@link HttpClient.Builder#connectTimeout}.
 *
 * <p>Thread-safe, if the wrapped client is, as those of the JDK are. Starts no thread.
 */
public final class GuardedHttpClient extends HttpClient {
    /** RFC 9110, section 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /** How long {@link #close} waits before it looks again. */
    private static final Duration A_WHILE = Duration.ofDays(1);

    private final HttpClient client;
    private final Function<? super HttpRequest, CircuitBreaker> circuits;
    private final Predicate<? super HttpRequest> idempotent;
    private final Predicate<? super ResponseInfo> failures;
    /** Set before the client is told, so that what fails because of it is known to. */
    private volatile boolean shutDown;

    private volatile boolean abandoned;

    private GuardedHttpClient(Builder builder) {
        client = builder.client;
        circuits = builder.circuits();
        idempotent = builder.idempotent;
        failures = builder.failures;
    }

    /** Guards a client with the defaults: one circuit for each host and port, with {@linkplain CircuitSettings#classic() classic} settings. */
    public static GuardedHttpClient of(HttpClient client) {
        return builder(client).build();
    }

    /** To say more. */
    public static Builder builder(HttpClient client) {
        return new Builder(client);
    }

    /**
     * The default key and name of a circuit: host and port, as {@code b.example:443}. The host is in lower case; a port that is not written is that of the
     * scheme.
     */
    public static String hostAndPort(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            return String.valueOf(uri.getRawAuthority()); // no client sends to it; the client itself says why
        }
        int port = uri.getPort();
        if (port < 0) {
            port = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        }
        return host.toLowerCase(Locale.ROOT) + ':' + port;
    }

    /** Whether a response is a failure by its status, as the table above says. The default of {@link Builder#failures}. */
    public static boolean isFailure(ResponseInfo response) {
        return switch (response.statusCode()) {
            case 408, 429 -> true;
            case 501, 505, 510 -> false;
            default -> response.statusCode() >= 500;
        };
    }

    /** Whether a request may be sent twice: GET, HEAD, OPTIONS, TRACE, PUT, DELETE. The default of {@link Builder#idempotent}. */
    public static boolean isIdempotent(HttpRequest request) {
        return IDEMPOTENT.contains(request.method());
    }

    /** The circuit that guards this request. */
    public CircuitBreaker circuit(HttpRequest request) {
        return Objects.requireNonNull(
                circuits.apply(request),
                () -> "There is no circuit for " + request + ": the function that finds it returned null.");
    }

    /**
     * Sends a request if its circuit permits it. As {@link HttpClient#send}, and
     *
     * @throws CallNotPermittedException if the request is refused
     */
    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        if (shutDown) {
            return client.send(request, handler); // it says so itself, and no dependency has anything to do with it
        }
        Exchange<T> exchange = begin(request, handler);
        HttpResponse<T> response;
        try {
            response = there(client.send(request, exchange));
        } catch (Throwable thrown) {
            exchange.threw(thrown);
            throw thrown;
        }
        exchange.handedOver(response);
        return response;
    }

    /**
     * Sends a request if its circuit permits it. As {@link HttpClient#sendAsync(HttpRequest, BodyHandler)}; a refusal comes as a future that has failed with a
     * {@link CallNotPermittedException}. Cancelling the future, or one derived from it, reaches the request; {@code orTimeout} on one of them is a failure at that
     * moment, if the response or its body is still under way; so is giving it a value by hand, as {@code completeOnTimeout} does.
     */
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return sendAsync(request, handler, null);
    }

    /** As {@link #sendAsync(HttpRequest, BodyHandler)}. Pushed responses go to their handler as they come; they are not guarded. */
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushHandler) {
        if (shutDown) {
            return client.sendAsync(request, handler, pushHandler);
        }
        Exchange<T> exchange;
        try {
            exchange = begin(request, handler);
        } catch (CallNotPermittedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<HttpResponse<T>> source;
        try {
            source = there(client.sendAsync(request, exchange, pushHandler));
        } catch (Throwable thrown) {
            exchange.threw(thrown);
            throw thrown;
        }
        return PendingResponse.of(exchange, source);
    }

    private <T> Exchange<T> begin(HttpRequest request, BodyHandler<T> handler) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        CircuitBreaker circuit = circuit(request);
        Calls calls = idempotent.test(request) ? circuit : circuit.asLastResortProbe();
        Permit permit = calls.acquire();
        return new Exchange<>(this, circuit, permit, request, handler);
    }

    /** Clients that are made up for tests tend to answer null. */
    private static <A> A there(A answer) {
        return Objects.requireNonNull(answer, "The client inside returned null instead of a response.");
    }

    /** What the caller's rule says. */
    boolean failed(ResponseInfo response) {
        return failures.test(response);
    }

    /** Whether the caller gave up every request under way. */
    boolean isAbandoned() {
        return abandoned;
    }

    // ---- what is not guarded

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    /** Web sockets are not guarded: they are made by the wrapped client. */
    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return client.newWebSocketBuilder();
    }

    @Override
    public String toString() {
        return "GuardedHttpClient of " + client;
    }

    // ---- what came to HttpClient with JDK 21. Without @Override, so that it compiles for 17, where nothing calls it.

    /**
     * As {@code HttpClient.shutdown} of JDK 21: lets the requests under way finish. What is sent after it is no failure of its dependency.
     *
     * @throws UnsupportedOperationException before JDK 21
     */
    public void shutdown() {
        shutDown = Shutdown.isKnown();
        Shutdown.shutdown(client);
    }

    /**
     * As {@code HttpClient.shutdownNow} of JDK 21: the requests under way fail, which is no failure of their dependencies.
     *
     * @throws UnsupportedOperationException before JDK 21
     */
    public void shutdownNow() {
        shutDown = Shutdown.isKnown();
        abandoned = shutDown;
        Shutdown.shutdownNow(client);
    }

    /**
     * As {@code HttpClient.awaitTermination} of JDK 21.
     *
     * @return whether it ended in time
     * @throws UnsupportedOperationException before JDK 21
     */
    public boolean awaitTermination(Duration time) throws InterruptedException {
        return Shutdown.awaitTermination(client, time);
    }

    /**
     * As {@code HttpClient.isTerminated} of JDK 21.
     *
     * @throws UnsupportedOperationException before JDK 21
     */
    public boolean isTerminated() {
        return Shutdown.isTerminated(client);
    }

    /**
     * As {@code HttpClient.close} of JDK 21: lets the requests under way finish, and waits for them. If the waiting thread is interrupted, they are given up.
     *
     * @throws UnsupportedOperationException before JDK 21
     */
    public void close() {
        shutdown();
        boolean interrupted = false;
        boolean ended = isTerminated();
        while (!ended) { // not the client's own close(), which would give requests up behind the back of shutdownNow()
            try {
                ended = awaitTermination(A_WHILE);
            } catch (InterruptedException e) {
                interrupted = true;
                shutdownNow();
            }
        }
        Shutdown.close(client);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- building

    /** Builds a guarded client. Not thread-safe. */
    public static final class Builder {
        private final HttpClient client;
        private @Nullable CircuitSettings settings;
        private @Nullable CircuitBreakerRegistry<String> registry;
        private @Nullable Function<? super HttpRequest, String> key;
        private @Nullable Function<? super HttpRequest, CircuitBreaker> circuit;
        private Predicate<? super HttpRequest> idempotent = GuardedHttpClient::isIdempotent;
        private Predicate<? super ResponseInfo> failures = GuardedHttpClient::isFailure;

        private Builder(HttpClient client) {
            this.client = Objects.requireNonNull(client, "client");
        }

        /**
         * The settings of every circuit. Default: {@link CircuitSettings#classic()}.
         *
         * @throws IllegalArgumentException if the circuits come from a registry or a function, which have settings of their own
         */
        public Builder settings(CircuitSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return consistent();
        }

        /**
         * Which requests share a circuit, and what it is called. Default: {@link #hostAndPort} of the request's URI. It must never return null.
         *
         * @throws IllegalArgumentException if a function finds the circuits
         */
        public Builder key(Function<? super HttpRequest, String> key) {
            this.key = Objects.requireNonNull(key, "key");
            return consistent();
        }

        /**
         * Where the circuits are kept: settings by name, listeners, a bound, and a way to see them. Default: a registry of its own, of 10,000 at most.
         *
         * @throws IllegalArgumentException if settings were given, or a function finds the circuits
         */
        public Builder circuits(CircuitBreakerRegistry<String> registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
            return consistent();
        }

        /**
         * The circuit of each request, in place of key and registry. It must never return null, and must not make a new circuit for each request.
         *
         * @throws IllegalArgumentException if settings, a key or a registry were given
         */
        public Builder circuit(Function<? super HttpRequest, CircuitBreaker> circuit) {
            this.circuit = Objects.requireNonNull(circuit, "circuit");
            return consistent();
        }

        /** Which requests may be probes as soon as one is due. Default: {@link GuardedHttpClient#isIdempotent}. */
        public Builder idempotent(Predicate<? super HttpRequest> idempotent) {
            this.idempotent = Objects.requireNonNull(idempotent, "idempotent");
            return this;
        }

        /**
         * Which responses are failures, by status and headers. Default: {@link GuardedHttpClient#isFailure}. If it throws, that is a failure of the call, and no
         * concern of the caller.
         */
        public Builder failures(Predicate<? super ResponseInfo> failures) {
            this.failures = Objects.requireNonNull(failures, "failures");
            return this;
        }

        private Builder consistent() {
            if (circuit != null && (registry != null || key != null || settings != null)) {
                String other = registry != null ? "circuits(registry)" : key != null ? "key(function)" : "settings(…)";
                throw new IllegalArgumentException(
                        "circuit(function) already says which circuit a request goes through: drop it, or " + other
                                + ".");
            }
            if (registry != null && settings != null) {
                throw new IllegalArgumentException(
                        "The registry given by circuits(registry) has settings of its own: drop settings(…), and give \""
                                + settings + "\" to the registry.");
            }
            return this;
        }

        private Function<? super HttpRequest, CircuitBreaker> circuits() {
            if (circuit != null) {
                return circuit;
            }
            CircuitBreakerRegistry<String> kept = registry != null
                    ? registry
                    : CircuitBreakerRegistry.<String>builder()
                            .settings(settings == null ? CircuitSettings.classic() : settings)
                            .build();
            Function<? super HttpRequest, String> keyed = key != null ? key : request -> hostAndPort(request.uri());
            return request -> kept.get(Objects.requireNonNull(
                    keyed.apply(request),
                    () -> "There is no key for " + request + ": the function that finds it returned null."));
        }

        /** The guarded client. */
        public GuardedHttpClient build() {
            return new GuardedHttpClient(this);
        }
    }
}
