package dev.cutout.examples.http;

import com.sun.net.httpserver.HttpServer;
import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitSettings;
import dev.cutout.http.GuardedHttpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A web server goes down and comes back, and a client asks it all the time: a real server, a real client, seven seconds. */
public final class Outage {
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(250);
    private static final int STOPS_AT_CALL = 5;
    private static final int IS_BACK_AT_CALL = 18;
    private static final int LAST_CALL = 28;

    private long begun;

    private Outage() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        new Outage().play();
    }

    private void play() throws Exception {
        HttpServer server = start(0);
        int port = server.getAddress().getPort();

        // This is all it takes. The settings are only for the audience: by default 5 failures open a circuit, for 30 s.
        GuardedHttpClient client = GuardedHttpClient.builder(HttpClient.newHttpClient())
                .settings(CircuitSettings.parse("trip 3 consecutive; wait 1s"))
                .build();

        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stock"))
                .timeout(Duration.ofSeconds(1))
                .build();
        client.circuit(request).onEvent(event -> say("          " + event));
        begun = System.nanoTime();
        for (int call = 1; call <= LAST_CALL; call++) {
            if (call == STOPS_AT_CALL) {
                server.stop(0);
                say("          the server stops");
            } else if (call == IS_BACK_AT_CALL) {
                server = start(port);
                say("          the server is back");
            }
            say(answer(client, request));
            Thread.sleep(BETWEEN_CALLS.toMillis());
        }
        server.stop(0);
    }

    private static String answer(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return "answered  " + client.send(request, BodyHandlers.ofString()).body();
        } catch (CallNotPermittedException refused) {
            return "refused   " + refused.getMessage();
        } catch (IOException failed) {
            return "failed    " + failed.getClass().getSimpleName();
        }
    }

    private static HttpServer start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/stock", exchange -> {
            byte[] body = "12 pieces".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void say(String text) {
        System.out.printf("%4.1f s  %s%n", (System.nanoTime() - begun) / 1e9, text);
    }
}
