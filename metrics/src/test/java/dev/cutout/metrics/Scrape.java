package dev.cutout.metrics;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a Prometheus gets: the text that a real server serves, fetched by HTTP and read back. */
final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    private final String text;
    /** By the name and, in order, the labels: {@code cutout_circuit_state{circuit="inventory",state="open"}}. */
    private final Map<String, Double> samples = new TreeMap<>();

    private final Map<String, Set<String>> labels = new TreeMap<>();

    private Scrape(String text) {
        this.text = text;
        text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(this::read);
    }

    static Scrape of(PrometheusMeterRegistry meters) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = meters.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/metrics");
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("The scrape was answered with " + response);
            }
            return new Scrape(response.body());
        } finally {
            server.stop(0);
        }
    }

    private void read(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("No line of Prometheus: " + line);
        }
        Map<String, String> tags = new TreeMap<>();
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
            tags.put(label.group(1), label.group(2));
        }
        String key = sample.group(1)
                + tags.entrySet().stream()
                        .map(tag -> tag.getKey() + "=\"" + tag.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
        if (samples.put(key, number(sample.group(3))) != null) {
            throw new IllegalArgumentException("Twice in one scrape: " + key);
        }
        labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>()).addAll(tags.keySet());
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    /** The value of one time series; labels in alphabetical order. */
    double value(String series) {
        Double value = samples.get(series);
        if (value == null) {
            throw new AssertionError("No " + series + " in\n" + String.join("\n", samples.keySet()));
        }
        return value;
    }

    /** Every time series and its value. */
    Map<String, Double> samples() {
        return samples;
    }

    /** The names of all metrics, each with the labels that it has in any series. */
    Map<String, Set<String>> labels() {
        return labels;
    }

    @Override
    public String toString() {
        return text;
    }
}
