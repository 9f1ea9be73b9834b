package dev.cutout.bench;

import dev.cutout.CircuitBreaker;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a call costs when there is more of something. Growth in threads needs no benchmark of its own: JMH starts them. */
public class GrowthBench {
    /** A window of so many calls. */
    @State(Scope.Benchmark)
    public static class Window {
        @Param("100")
        public int calls;

        private CircuitBreaker circuit = CircuitBreaker.of("bench");

        @Setup
        public void make() {
            circuit = CircuitBreaker.of("bench", Settings.overLast(calls));
        }
    }

    @Benchmark
    public Object windowFailures(Window window, Dependency dependency) {
        try {
            return window.circuit.call(dependency.failingCall);
        } catch (Dependency.Failure failure) {
            return failure;
        }
    }

    /** So many listeners. */
    @State(Scope.Benchmark)
    public static class Listeners {
        @Param("0")
        public int listeners;

        private final CircuitBreaker circuit = CircuitBreaker.of("bench", Settings.COUNT);

        @Setup
        public void add() {
            for (int i = 0; i < listeners; i++) {
                circuit.onEvent(event -> {});
            }
        }
    }

    @Benchmark
    public Object listeners(Listeners listeners, Dependency dependency) {
        return listeners.circuit.call(dependency.call);
    }

    /** So many breakers, used in an order that has nothing to do with where they lie in memory. */
    @State(Scope.Benchmark)
    public static class Breakers {
        @Param("1")
        public int breakers;

        private CircuitBreaker[] circuits = {};
        private int turn;

        @Setup
        public void make() {
            circuits = IntStream.range(0, breakers)
                    .mapToObj(i -> CircuitBreaker.of("bench"))
                    .toArray(CircuitBreaker[]::new);
            Collections.shuffle(Arrays.asList(circuits), new Random(1));
        }

        CircuitBreaker next() {
            turn = turn + 1 == circuits.length ? 0 : turn + 1;
            return circuits[turn];
        }
    }

    @Benchmark
    public Object breakers(Breakers breakers, Dependency dependency) {
        return breakers.next().call(dependency.call);
    }

    /** The same walk over objects that are only read: what memory alone costs. */
    @State(Scope.Benchmark)
    public static class Objects {
        @Param("1")
        public int objects;

        private int[][] values = {};
        private int turn;

        @Setup
        public void make() {
            values = IntStream.range(0, objects).mapToObj(i -> new int[24]).toArray(int[][]::new);
            Collections.shuffle(Arrays.asList(values), new Random(1));
        }
    }

    @Benchmark
    public int objects(Objects objects) {
        objects.turn = objects.turn + 1 == objects.values.length ? 0 : objects.turn + 1;
        return objects.values[objects.turn][0];
    }
}
