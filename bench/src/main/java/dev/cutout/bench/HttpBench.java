package dev.cutout.bench;

import dev.cutout.http.GuardedHttpClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A GET by the JDK's client over loopback, and by one that has no network; each bare, and guarded as it is by default. */
@State(Scope.Benchmark)
public class HttpBench {
    private final LoopbackServer server = new LoopbackServer();
    private final HttpRequest request = HttpRequest.newBuilder(server.uri()).build();

    private final HttpClient loopback =
            HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    private final HttpClient guardedLoopback = GuardedHttpClient.of(loopback);
    private final HttpClient instant = new InstantHttpClient(LoopbackServer.BODY);
    private final HttpClient guardedInstant = GuardedHttpClient.of(instant);

    @TearDown
    public void close() throws IOException {
        server.close();
    }

    @Benchmark
    public HttpResponse<Void> bareDiscarding() throws IOException, InterruptedException {
        return loopback.send(request, BodyHandlers.discarding());
    }

    @Benchmark
    public HttpResponse<Void> guardedDiscarding() throws IOException, InterruptedException {
        return guardedLoopback.send(request, BodyHandlers.discarding());
    }

    @Benchmark
    public HttpResponse<String> bareString() throws IOException, InterruptedException {
        return loopback.send(request, BodyHandlers.ofString());
    }

    @Benchmark
    public HttpResponse<String> guardedString() throws IOException, InterruptedException {
        return guardedLoopback.send(request, BodyHandlers.ofString());
    }

    @Benchmark
    public HttpResponse<String> bareInstant() throws IOException, InterruptedException {
        return instant.send(request, BodyHandlers.ofString());
    }

    @Benchmark
    public HttpResponse<String> guardedInstant() throws IOException, InterruptedException {
        return guardedInstant.send(request, BodyHandlers.ofString());
    }
}
