package dev.cutout.bench;

import dev.cutout.CircuitBreaker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the machine and the JDK allow: nobody is faster than these. */
@State(Scope.Benchmark)
public class LimitsBench {
    private final AtomicLong shared = new AtomicLong();
    private final LongAdder striped = new LongAdder();
    private final ConcurrentHashMap<String, CircuitBreaker> map = new ConcurrentHashMap<>();

    public LimitsBench() {
        for (String key : Keys.all()) {
            map.put(key, CircuitBreaker.of(key, Settings.COUNT));
        }
    }

    @Benchmark
    public Object raw(Dependency dependency) {
        return dependency.call.call();
    }

    @Benchmark
    public Object rawFailures(Dependency dependency) {
        try {
            return dependency.failingCall.call();
        } catch (Dependency.Failure failure) {
            return failure;
        }
    }

    @Benchmark
    public Object rawDistant(Dependency dependency) {
        return dependency.distantCall.call();
    }

    @Benchmark
    public Object rawMegamorphic(Dependency dependency) {
        return dependency.nextCall().call();
    }

    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }

    @Benchmark
    public long getAndAdd() {
        return shared.getAndAdd(1);
    }

    /** The add waits for the reading before it: together they cost more than each alone. */
    @Benchmark
    public long nanoTimeThenGetAndAdd() {
        long now = System.nanoTime();
        shared.getAndAdd(1);
        return now;
    }

    @Benchmark
    public void stripedIncrement() {
        striped.increment();
    }

    @Benchmark
    public @Nullable Object mapGet(Keys keys) {
        return map.get(keys.next());
    }

    @Benchmark
    public CompletableFuture<Object> bareStagePending(Stages stages) {
        return stages.answer(stages.newPending());
    }

    @Benchmark
    public CompletableFuture<Object> bareStageCompleted(Stages stages) {
        return stages.completed();
    }
}
