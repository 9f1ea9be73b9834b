package dev.cutout.bench;

import com.google.gson.Gson;
import dev.cutout.CircuitBreakerRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A registry with many breakers. Bytes are the heap after a collection, with the registry less without it, divided by the number of
 * breakers; the keys were there before. No collection runs while breakers are made.
 *
 * @param bytes for each breaker, with its share of the registry
 * @param perSecond how many are made in a second, by one thread
 */
record KeyedBreakers(String whose, int breakers, double bytes, double perSecond) {
    static final String CUTOUT = "Cutout";
    static final String RESILIENCE4J = "Resilience4j";

    private static final int WARM_UPS = 10;

    /** A registry to be: takes a key, and makes its breaker. */
    private interface Registry extends Consumer<String> {}

    /** In a JVM of its own: whose, how many, and the file to write to. */
    public static void main(String[] args) throws IOException {
        int breakers = Integer.parseInt(args[1]);
        IntFunction<Registry> maker = args[0].equals(CUTOUT) ? KeyedBreakers::cutout : KeyedBreakers::resilience4j;
        String[] keys = new String[breakers];
        for (int i = 0; i < breakers; i++) {
            keys[i] = "tenant-" + i;
        }
        for (int i = 0; i < WARM_UPS; i++) {
            fill(maker.apply(breakers), keys, breakers / WARM_UPS);
        }
        long before = usedHeap();
        Registry registry = maker.apply(breakers);
        long start = System.nanoTime();
        fill(registry, keys, breakers);
        double seconds = (System.nanoTime() - start) / 1e9;
        double bytes = (double) (usedHeap() - before) / breakers;
        registry.accept(keys[0]); // it is in use until here
        Files.writeString(
                Path.of(args[2]), new Gson().toJson(new KeyedBreakers(args[0], breakers, bytes, breakers / seconds)));
    }

    private static Registry cutout(int breakers) {
        CircuitBreakerRegistry<String> registry = CircuitBreakerRegistry.<String>builder()
                .settings(Settings.CLASSIC)
                .maximumSize(breakers)
                .build();
        return registry::get;
    }

    private static Registry resilience4j(int breakers) {
        var registry = io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry.of(Resilience4jBench.COUNT);
        return registry::circuitBreaker;
    }

    private static void fill(Registry registry, String[] keys, int number) {
        for (int i = 0; i < number; i++) {
            registry.accept(keys[i]);
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
