package dev.cutout.lab.demo;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The show itself: two services A in this process, each with a B of its own in a child process, one pair with a breaker
 * between them and one without. Callers, faults and recoveries are the same for both, at the same moments.
 */
final class Show implements AutoCloseable {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(20);

    private final Script script;
    private final int rate;
    private final long seed;
    private final LiveReport report;
    private final CircuitBreaker breaker;
    private final Pair with;
    private final Pair without;
    private final ExecutorService stagehands = Executors.newFixedThreadPool(2);
    private volatile long curtain = System.nanoTime(); // the moment the show begins
    private volatile boolean over;
    private volatile boolean closed;

    /** One A with its B. */
    private record Pair(InventoryProcess b, CallerStatistics statistics) {}

    Show(Script script, int rate, long seed, CircuitSettings settings, int httpPort, int grpcPort, LiveReport report) {
        this.script = script;
        this.rate = rate;
        this.seed = seed;
        this.report = report;
        with = new Pair(new InventoryProcess("service B", httpPort, grpcPort), new CallerStatistics());
        without = new Pair(new InventoryProcess("the second service B", 0, 0), new CallerStatistics());
        breaker = CircuitBreaker.builder("inventory")
                .settings(settings)
                .onEvent(this::moved)
                .build();
    }

    /** Starts both services B, and returns when they answer. */
    void prepare() throws IOException, InterruptedException {
        onBoth(pair -> pair.b.start());
    }

    int httpPort() {
        return with.b.httpPort();
    }

    int grpcPort() {
        return with.b.grpcPort();
    }

    /** Plays the whole script; returns the figures of A with the breaker, then without it. */
    List<Figures> play() throws IOException, InterruptedException {
        try (InventoryClient withClient = client(with).guardedBy(breaker);
                InventoryClient withoutClient = client(without);
                Storefront withBreaker = new Storefront(withClient, with.statistics);
                Storefront withoutBreaker = new Storefront(withoutClient, without.statistics)) {
            withClient.warmUp();
            withoutClient.warmUp();
            curtain = System.nanoTime();
            Thread callers = inTheBackground("callers", () -> letCallersIn(withBreaker, withoutBreaker));
            Thread teller = inTheBackground("teller", this::tellEverySecond);
            scenes();
            over = true;
            callers.join();
            teller.join();
            withBreaker.finish(LAST_ANSWERS);
            withoutBreaker.finish(LAST_ANSWERS);
            return List.of(with.statistics.figures(), without.statistics.figures());
        }
    }

    private void scenes() throws IOException, InterruptedException {
        report.scene("all is well");
        TimeUnit.NANOSECONDS.sleep(script.calm().toNanos());
        for (Fault fault : script.faults()) {
            report.scene(fault.title);
            report.story(now(), fault.struck);
            onBoth(pair -> {
                fault.strike(pair.b);
                pair.statistics.troubleBegins(fault, System.nanoTime());
            });
            TimeUnit.NANOSECONDS.sleep(script.trouble().toNanos());
            report.story(now(), fault.mended);
            onBoth(pair -> {
                fault.lift(pair.b);
                pair.statistics.troubleEnds(System.nanoTime());
            });
            report.story(now(), "B is well; now A has to notice");
            TimeUnit.NANOSECONDS.sleep(script.recovery().toNanos());
        }
    }

    /** Each caller goes to both services A at the same moment. */
    private void letCallersIn(Storefront first, Storefront second) {
        Arrivals arrivals = new Arrivals(rate, seed);
        long arrival = curtain + arrivals.next();
        for (int n = 0; isReached(arrival); n++) {
            first.serve(n, arrival);
            second.serve(n, arrival);
            arrival = curtain + arrivals.next();
        }
    }

    private void tellEverySecond() {
        long second = TimeUnit.SECONDS.toNanos(1);
        for (long elapsed = second; isReached(curtain + elapsed); elapsed += second) {
            report.second(elapsed, breaker.state(), with.statistics.moment(), without.statistics.moment());
        }
    }

    /** Waits for the moment; false when the show is over before it. */
    private boolean isReached(long moment) {
        while (!over && System.nanoTime() - moment < 0) {
            LockSupport.parkNanos(moment - System.nanoTime());
        }
        return !over;
    }

    private static Thread inTheBackground(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void moved(CircuitEvent event) {
        if (event instanceof CircuitEvent.Opened opened) {
            String message = opened.failure()
                    .map(Throwable::getMessage)
                    .map(text -> ": " + text)
                    .orElse("");
            report.moved(now(), CircuitState.OPEN, "OPENED: " + opened.evidence() + message);
        } else if (event instanceof CircuitEvent.HalfOpened) {
            report.moved(now(), CircuitState.HALF_OPEN, "HALF_OPEN: a probe is let through");
        } else if (event instanceof CircuitEvent.Closed closed) {
            report.moved(now(), CircuitState.CLOSED, "CLOSED: " + closed.evidence());
        } else {
            report.story(now(), event.toString());
        }
    }

    private InventoryClient client(Pair pair) {
        return new InventoryClient(pair.b.httpPort(), pair.b.grpcPort(), script.timeout());
    }

    private long now() {
        return System.nanoTime() - curtain;
    }

    private interface Task {
        void on(Pair pair) throws IOException, InterruptedException;
    }

    /** Does the same for both pairs at the same time, and returns when both are done. */
    private void onBoth(Task task) throws IOException, InterruptedException {
        List<Callable<Void>> both = new ArrayList<>();
        for (Pair pair : List.of(with, without)) {
            both.add(() -> {
                task.on(pair);
                return null;
            });
        }
        try {
            for (var done : stagehands.invokeAll(both)) {
                done.get();
            }
        } catch (ExecutionException | CancellationException | RejectedExecutionException e) {
            if (closed) {
                throw new IOException("the show is over", e);
            }
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends everything at once, whatever is going on; from any thread. */
    @Override
    public void close() {
        closed = true;
        report.close();
        over = true;
        with.b.close();
        without.b.close();
        stagehands.shutdownNow();
    }
}
