package dev.cutout.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSnapshot;
import dev.cutout.HandWoundTicker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After any number of calls that end in any way, no permit is out, and no thread is left. */
class LeakTest {
    private static final int THREADS = 4;
    private static final int CALLS = 10_000;
    private static final Status[] ENDS = {
        Status.OK, Status.OK, Status.OK, Status.UNAVAILABLE, Status.INTERNAL, Status.NOT_FOUND, Status.CANCELLED
    };

    private final Backend backend = new Backend();
    private final HandWoundTicker ticker = new HandWoundTicker();

    @AfterEach
    void close() {
        backend.close();
    }

    /** Answers, answers in part and then never, or never answers. */
    private void answerAtRandom() {
        Random random = new Random(1);
        backend.answer((call, headers) -> {
            call.request(2);
            int chance = random.nextInt(10);
            Status end = ENDS[random.nextInt(ENDS.length)];
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    if (chance < 1) {
                        return;
                    }
                    if (chance < 6) {
                        call.sendHeaders(new Metadata());
                        call.sendMessage("!");
                    }
                    if (chance > 1) {
                        call.close(end.isOk() && chance >= 6 ? Status.ABORTED : end, new Metadata());
                    }
                }
            };
        });
    }

    @Test
    void noPermitIsOutAndNoThreadIsLeft() throws Exception {
        CircuitBreaker circuit = Circuits.circuit("trip 6 consecutive; wait 1s; limit 1000", ticker);
        answerAtRandom();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Queue<Heard> started = new ConcurrentLinkedQueue<>();
        try (Wire wire = new Wire(backend.port());
                Closing through = new Closing(Backend.newChannel(wire.port()))) {
            Channel guarded = Circuits.guarded(through.channel(), circuit);
            inParallel(thread -> {
                Random random = new Random(thread);
                for (int i = 0; i < CALLS / THREADS; i++) {
                    call(guarded, random, started);
                    if (random.nextInt(20) == 0) {
                        ticker.advanceSeconds(1); // a probe is due, or a lease is over
                    }
                    if (random.nextInt(500) == 0) {
                        wire.cut();
                    }
                }
            });

            int refused = 0;
            for (Heard heard : started) {
                Status end = heard.status();
                assertThat(heard.ends()).isEqualTo(1);
                refused += end.getCause() instanceof CallNotPermittedException ? 1 : 0;
            }
            CircuitSnapshot seen = circuit.snapshot();
            assertThat(seen.callsInFlight()).hasValue(0);
            assertThat(seen.counts().refused().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(refused);
            // that the story was as wild as it was meant to be
            assertThat(refused).isPositive();
            assertThat(seen.counts().probes()).isPositive();
            assertThat(seen.counts().failures()).isPositive();
            assertThat(seen.counts().ignored()).isPositive();
            assertThat(seen.counts().late()).isPositive();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .as("threads that are neither gRPC's nor the test's own")
                .allMatch(name -> name.startsWith("grpc-") || name.startsWith("wire-"));
    }

    private static void call(Channel channel, Random random, Queue<Heard> started) {
        MethodDescriptor<String, String> method = Backend.METHODS.get(random.nextInt(Backend.METHODS.size()));
        // Every call ends: by its deadline, if by nothing else.
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(random.nextInt(1, 200), TimeUnit.MILLISECONDS);
        ClientCall<String, String> call = channel.newCall(method, options);
        int fate = random.nextInt(10);
        if (fate == 0) {
            return; // never started
        }
        if (fate == 1) {
            call.cancel("before it began", null);
            return;
        }
        Heard heard = new Heard();
        started.add(heard);
        call.start(heard, new Metadata());
        call.request(2);
        if (fate == 2) {
            call.cancel("right after it began", null);
            return;
        }
        call.sendMessage("?");
        call.halfClose();
        if (fate == 3) {
            call.cancel("while it was under way", null);
        }
    }

    /** Cancelled by one thread while the other hears of the end: each call counts once, whoever is first. */
    @Test
    void eachCallCountsOnce() throws Exception {
        CircuitBreaker circuit = Circuits.circuit("trip 1000000 consecutive; limit 1000", ticker);
        Channel guarded = Circuits.guarded(backend.channel(), circuit);
        AtomicInteger turn = new AtomicInteger();
        backend.answer((call, headers) -> {
            call.request(2);
            Status end = ENDS[turn.getAndIncrement() % ENDS.length];
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    call.sendHeaders(new Metadata());
                    call.sendMessage("!");
                    call.close(end, new Metadata());
                }
            };
        });
        ExecutorService canceller = Executors.newSingleThreadExecutor();
        int calls = 2_000;
        try {
            for (int i = 0; i < calls; i++) {
                MethodDescriptor<String, String> method = Backend.METHODS.get(i % Backend.METHODS.size());
                Heard heard = new Heard();
                CountDownLatch under = new CountDownLatch(1);
                ClientCall<String, String> call = guarded.newCall(method, CallOptions.DEFAULT);
                Future<?> cancelled = canceller.submit(() -> {
                    under.await();
                    call.cancel("enough", null);
                    return null;
                });
                call.start(heard, new Metadata());
                call.request(2);
                call.sendMessage("?");
                call.halfClose();
                under.countDown();
                cancelled.get(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS);
                heard.status();
            }
        } finally {
            canceller.shutdownNow();
        }

        CircuitSnapshot seen = circuit.snapshot();
        assertThat(seen.counts().successes().orElseThrow()
                        + seen.counts().failures()
                        + seen.counts().ignored())
                .isEqualTo(calls);
        assertThat(seen.counts().late()).isZero();
        assertThat(seen.callsInFlight()).hasValue(0);
    }

    private interface Work {
        void of(int thread) throws IOException;
    }

    private static void inParallel(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            all.add(threads.submit(() -> {
                work.of(thread);
                return null;
            }));
        }
        threads.shutdown();
        for (Future<Void> done : all) {
            done.get(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(threads.awaitTermination(Backend.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }
}
