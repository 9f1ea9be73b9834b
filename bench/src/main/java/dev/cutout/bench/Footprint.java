package dev.cutout.bench;

import com.google.gson.Gson;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.openjdk.jol.info.GraphLayout;

/**
 * The bytes that one more of a thing takes: all objects reachable from 101 of them, less those reachable from the first, divided by
 * 100. What they share, as settings and the name, counts for nobody.
 *
 * @param idle when it is new
 * @param used after {@value #CALLS} successful calls
 */
record Footprint(String of, double idle, double used) {
    static final String CLASSIC = "Cutout, classic";
    static final String COUNT = "Cutout, count window 100";
    static final String TIME = "Cutout, time window 10 s";
    static final String ADAPTIVE = "Cutout, adaptive";
    static final String BARE_STAGE = "a bare stage, pending";
    static final String CALL_ASYNC = "`callAsync`, pending, with its stage";

    static final int CALLS = 150;
    private static final int MANY = 100;
    private static final Object ANSWER = new Object();
    private static final long SLICE = Duration.ofSeconds(1).toNanos();

    private static long now;

    /** In a JVM of its own, since it looks into every object: writes to the file that is named by the argument. */
    public static void main(String[] args) throws IOException {
        CircuitBreaker async = CircuitBreaker.of("bench");
        List<Footprint> footprints = List.of(
                cutout(CLASSIC, Settings.CLASSIC),
                cutout(COUNT, Settings.COUNT),
                of(
                        TIME,
                        () -> CircuitBreaker.builder("bench")
                                .settings(Settings.TIME)
                                .ticker(() -> now)
                                .build(),
                        circuit -> {
                            now += SLICE; // so that in the end every slice has had calls
                            circuit.call(() -> ANSWER);
                        }),
                cutout(ADAPTIVE, CircuitSettings.adaptive()),
                cutout("Cutout, classic with `limit 1000`", Settings.LIMIT),
                of(
                        "Cutout, count window 100, `countSuccesses()`",
                        () -> CircuitBreaker.builder("bench")
                                .settings(Settings.COUNT)
                                .countSuccesses()
                                .build(),
                        circuit -> circuit.call(() -> ANSWER)),
                resilience4j("Resilience4j, count window 100 (default)", Resilience4jBench.COUNT),
                resilience4j("Resilience4j, count window 100, lock-free", Resilience4jBench.COUNT_LOCK_FREE),
                resilience4j("Resilience4j, time window 10 s", Resilience4jBench.TIME),
                of("Failsafe, 50 of 100", FailsafeBench::countOf100, circuit -> {
                    circuit.tryAcquirePermit();
                    circuit.recordSuccess();
                }),
                of(BARE_STAGE, () -> List.of(new CompletableFuture<>()), stage -> {}),
                of(CALL_ASYNC, () -> pending(async), stage -> {}));
        Files.writeString(Path.of(args[0]), new Gson().toJson(footprints));
    }

    private static Footprint cutout(String of, CircuitSettings settings) {
        return of(of, () -> CircuitBreaker.of("bench", settings), circuit -> circuit.call(() -> ANSWER));
    }

    private static Footprint resilience4j(String of, CircuitBreakerConfig config) {
        return of(
                of,
                () -> io.github.resilience4j.circuitbreaker.CircuitBreaker.of("bench", config),
                circuit -> circuit.executeSupplier(() -> ANSWER));
    }

    /** What the client keeps, and what the caller keeps. */
    private static List<Object> pending(CircuitBreaker circuit) {
        CompletableFuture<Object> source = new CompletableFuture<>();
        return List.of(source, circuit.callAsync(() -> source));
    }

    /** A list stands for what is in it. */
    private static <T> Footprint of(String of, Supplier<T> maker, Consumer<T> call) {
        List<T> things = new ArrayList<>();
        for (int i = 0; i <= MANY; i++) {
            things.add(maker.get());
        }
        double idle = exclusive(things);
        for (T thing : things) {
            for (int i = 0; i < CALLS; i++) {
                call.accept(thing);
            }
        }
        return new Footprint(of, idle, exclusive(things));
    }

    private static double exclusive(List<?> things) {
        return (double) (reachable(things) - reachable(things.subList(0, 1))) / MANY;
    }

    private static long reachable(List<?> things) {
        Object[] roots = things.stream()
                .flatMap(thing -> thing instanceof List<?> list ? list.stream() : List.of(thing).stream())
                .toArray();
        return GraphLayout.parseInstance(roots).totalSize();
    }
}
