package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Very many threads inside one breaker at the same time, on very few processors: virtual ones where the JDK has them. A breaker that held its
 * carrier thread while a call waits, or made one call wait for another, would not come to an end here.
 */
class LivenessTest {
    private static final int VIRTUAL_THREADS = 10_000;
    /** Where there are no virtual ones: each of these takes a stack of its own. */
    private static final int PLATFORM_THREADS = 1_000;

    @Test
    void asManyCallsAsThereAreThreadsCanBeInFlightAtOnceAndAllAreAnswered() throws Exception {
        boolean virtual = Runtime.version().feature() >= 21;
        int threads = virtual ? VIRTUAL_THREADS : PLATFORM_THREADS;
        CircuitBreaker circuit = CircuitBreaker.builder("crowded")
                .settings(CircuitSettings.parse("trip 50% of last 100 calls, at least 20; wait 1h; limit 1000000"))
                .countSuccesses()
                .buildUnannounced();
        CountDownLatch inside = new CountDownLatch(threads);
        List<FutureTask<?>> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            boolean good = i % 2 == 0;
            FutureTask<?> call = new FutureTask<>(() -> call(circuit, inside, good), null);
            calls.add(call);
            start(call, virtual);
        }
        for (FutureTask<?> call : calls) {
            call.get(60, TimeUnit.SECONDS);
        }

        CircuitSnapshot seen = circuit.snapshot();
        CircuitSnapshot.Counts counts = seen.counts();
        assertThat(counts.successes().orElseThrow() + counts.failures() + counts.late())
                .isEqualTo(threads);
        assertThat(seen.callsInFlight()).hasValue(0);
        assertThat(seen.state()).isEqualTo(CircuitState.OPEN); // half of them failed
    }

    /** A call that returns only when all are inside. */
    private static void call(CircuitBreaker circuit, CountDownLatch inside, boolean good) {
        try {
            circuit.run(() -> {
                inside.countDown();
                inside.await();
                if (!good) {
                    throw new PlayedCalls.Outage();
                }
            });
        } catch (PlayedCalls.Outage expected) {
            assertThat(good).isFalse();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void start(Runnable task, boolean virtual) throws ReflectiveOperationException {
        if (virtual) {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class); // not there to compile with
            start.invoke(null, task);
        } else {
            new Thread(task).start();
        }
    }
}
