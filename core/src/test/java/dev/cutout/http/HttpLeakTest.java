package dev.cutout.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Thousands of calls that end in every way there is: every permit comes back, and no thread stays behind. */
class HttpLeakTest {
    private static final int CALLERS = 8;
    private static final int CALLS_OF_EACH = 1_250;
    private static final String[] ANSWERS = {"/good", "/good", "/good", "/bad", "/reset", "/half", "/hang"};

    /** The threads of the JDK's own client and pools, of the server here, and of whoever runs the tests. */
    private static final Pattern EXPECTED = Pattern.compile(
            "HttpClient-.*|ForkJoinPool.*|CompletableFutureDelayScheduler|blunt server.*|surefire.*|.*[Ll]incheck.*|Attach.*");

    @Test
    void tenThousandCallsLeaveNothingBehind() throws Exception {
        Set<Thread> before = threads();
        CircuitBreaker circuit = CircuitBreaker.builder("leaks")
                .settings(CircuitSettings.parse("limit 100; trip 3 consecutive; wait 1ms"))
                .countSuccesses()
                .build();
        try (BluntServer server = new BluntServer()) {
            server.does(HttpLeakTest::meet);
            HttpClient client = GuardedHttpClient.builder(HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build())
                    .circuit(any -> circuit)
                    .build();
            ExecutorService callers = Executors.newFixedThreadPool(CALLERS, run -> new Thread(run, "caller"));
            List<Future<Integer>> made = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(caller);
                made.add(callers.submit(() -> {
                    for (int call = 0; call < CALLS_OF_EACH; call++) {
                        make(client, server, random);
                    }
                    return CALLS_OF_EACH;
                }));
            }
            int calls = 0;
            for (Future<Integer> caller : made) {
                calls += caller.get();
            }
            callers.shutdown();
            assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

            CircuitSnapshot after = circuit.snapshot();
            assertThat(after.callsInFlight()).as("calls in flight").hasValue(0);
            assertThat(after.probesUnderWay()).as("probes under way").isZero();
            assertThat(accounted(after.counts()))
                    .as("calls that were answered or refused")
                    .isEqualTo(calls);
            assertThat(after.counts().failures()).isPositive();
            assertThat(after.counts().ignored()).isPositive();
            assertThat(after.counts().probes()).isPositive();
        }
        assertThat(threads().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName)
                        .filter(name -> !EXPECTED.matcher(name).matches()))
                .as("threads that are new")
                .isEmpty();
    }

    private static long accounted(CircuitSnapshot.Counts counts) {
        return counts.successes().orElseThrow()
                + counts.failures()
                + counts.ignored()
                + counts.late()
                + counts.refused().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void meet(BluntServer.Visit visit) throws IOException {
        switch (visit.path()) {
            case "/bad" -> visit.answer(503, "bad", "Retry-After: 0");
            case "/reset" -> visit.reset();
            case "/half" -> {
                visit.begin(200, 8);
                visit.say("half");
                visit.hangUp();
            }
            case "/hang" -> visit.awaitHangUp();
            default -> visit.answer(200, "good");
        }
    }

    private static void make(HttpClient client, BluntServer server, Random random) throws Exception {
        String path = ANSWERS[random.nextInt(ANSWERS.length)];
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
        boolean hangs = path.equals("/hang");
        boolean cancels = random.nextInt(hangs ? 2 : 10) == 0;
        if (hangs && !cancels) {
            request.timeout(Duration.ofMillis(5));
        }
        try {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (cancels) {
                        Thread.currentThread().interrupt();
                    }
                    client.send(request.build(), BodyHandlers.ofString());
                }
                case 1 -> {
                    if (cancels) {
                        Thread.currentThread().interrupt();
                    }
                    use(client.send(request.build(), BodyHandlers.ofInputStream()), random);
                }
                case 2 -> {
                    CompletableFuture<HttpResponse<String>> future =
                            client.sendAsync(request.build(), BodyHandlers.ofString());
                    if (cancels) {
                        future.cancel(true);
                    }
                    future.get();
                }
                default -> {
                    CompletableFuture<HttpResponse<InputStream>> future =
                            client.sendAsync(request.build(), BodyHandlers.ofInputStream());
                    if (cancels) {
                        boolean unused = future.thenApply(HttpResponse::body).cancel(true);
                    }
                    use(future.get(), random);
                }
            }
        } catch (IOException
                | InterruptedException
                | ExecutionException
                | CancellationException
                | CallNotPermittedException e) {
            // this is what it is about
        } finally {
            boolean unused = Thread.interrupted();
        }
    }

    /** Reads all of a body, some, or none. */
    private static void use(HttpResponse<InputStream> response, Random random) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> response.body().readAllBytes();
            case 1 -> response.body().close();
            default -> {}
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }
}
