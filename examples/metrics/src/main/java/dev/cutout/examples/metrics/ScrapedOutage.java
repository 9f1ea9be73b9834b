package dev.cutout.examples.metrics;

import com.sun.net.httpserver.HttpServer;
import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.metrics.CallTimers;
import dev.cutout.metrics.CircuitBreakerMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A web server goes down and comes back, and its circuit breaker is scraped as Prometheus would do it: seven seconds. */
public final class ScrapedOutage {
    private static final Pattern OF_INTEREST = Pattern.compile(
            "cutout_circuit_(state|calls_total|refusals_total|state_time_seconds_total|call_duration_seconds_count)\\{.*");
    private static final int CALLS_A_PHASE = 20;
    private static final int MILLIS_BETWEEN_CALLS = 100;

    private final HttpClient http = HttpClient.newHttpClient();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    // This is all it takes. The settings are only for the audience: by default 5 failures open a circuit, for 30 s.
    private final CircuitBreaker inventory = CircuitBreaker.builder("inventory")
            .settings(CircuitSettings.parse("trip 3 consecutive; wait 1s"))
            .onAnswer(new CallTimers(meters))
            .build();

    private ScrapedOutage() {
        new CircuitBreakerMetrics(inventory).bindTo(meters);
    }

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        new ScrapedOutage().play();
    }

    private void play() throws Exception {
        HttpServer scraped = serve(0, "/metrics", meters::scrape);
        URI metrics = URI.create("http://127.0.0.1:" + scraped.getAddress().getPort() + "/metrics");
        System.out.println("While this runs: curl " + metrics);

        HttpServer server = serve(0, "/stock", () -> "12 pieces");
        int port = server.getAddress().getPort();
        URI stock = URI.create("http://127.0.0.1:" + port + "/stock");

        call(stock);
        show("The server is well", metrics);
        server.stop(0);
        call(stock);
        show("The server is down", metrics);
        server = serve(port, "/stock", () -> "12 pieces");
        call(stock);
        show("The server is back", metrics);

        server.stop(0);
        scraped.stop(0);
    }

    private void call(URI stock) throws InterruptedException {
        for (int i = 0; i < CALLS_A_PHASE; i++) {
            try {
                inventory.call(() -> get(stock));
            } catch (CallNotPermittedException refused) {
                // answered without the server: an application would show what it knows
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception failed) {
                // the metrics tell
            }
            Thread.sleep(MILLIS_BETWEEN_CALLS);
        }
    }

    private String get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private void show(String title, URI metrics) throws IOException, InterruptedException {
        System.out.println("\n" + title + ":");
        get(metrics)
                .lines()
                .filter(line -> OF_INTEREST.matcher(line).matches() && !line.endsWith(" 0.0"))
                .forEach(line -> System.out.println("  " + line));
    }

    private static HttpServer serve(int port, String path, Supplier<String> text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(path, exchange -> {
            byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }
}
