package dev.cutout.lab.demo;

import dev.cutout.CallNotPermittedException;
import dev.cutout.lab.demo.CallerStatistics.Answer;
import dev.cutout.lab.demo.CallerStatistics.Call;
import dev.cutout.lab.demo.InventoryClient.Door;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Service A: a shop that asks B what is in stock, once for each of its callers. An ordinary service: each caller holds
 * one thread of a bounded pool until it has its answer, and a call that fails is tried again.
 */
final class Storefront implements AutoCloseable {
    /** As many as Tomcat has when nobody says otherwise. */
    static final int THREADS = 200;

    /** As many as Spring Retry and Resilience4j make when nobody says otherwise. */
    static final int ATTEMPTS = 3;

    static final Duration PAUSE = Duration.ofMillis(100);

    private final InventoryClient client;
    private final CallerStatistics statistics;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    Storefront(InventoryClient client, CallerStatistics statistics) {
        this.client = client;
        this.statistics = statistics;
    }

    /** The n-th caller comes; {@code arrived} is when it should have come, on the clock of {@link System#nanoTime}. */
    void serve(int n, long arrived) {
        statistics.arrived();
        threads.execute(() -> {
            statistics.threadTaken();
            try {
                Answer answer = answer("sku-" + (1 + n % InventoryDatabase.ARTICLES), Door.ofTurn(n));
                statistics.answered(arrived, System.nanoTime(), answer);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the show is over; this caller stays without an answer
            } finally {
                statistics.threadFreed();
            }
        });
    }

    /** Tries again while there is hope: after a failure, but not after a refusal, which means "not now". */
    private Answer answer(String sku, Door door) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                ask(sku, door);
                return Answer.FROM_B;
            } catch (CallNotPermittedException refusal) {
                return Answer.FALLBACK;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (attempt == ATTEMPTS) {
                    return Answer.ERROR;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private void ask(String sku, Door door) throws Exception {
        Call call = statistics.sent();
        try {
            client.fetchStock(sku, door);
        } catch (CallNotPermittedException refusal) {
            statistics.refused(call);
            throw refusal;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            statistics.failed();
            throw e;
        }
    }

    /** Lets the callers who are in get their answers, for a while. */
    void finish(Duration patience) throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            threads.shutdownNow();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
