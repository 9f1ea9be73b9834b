package dev.cutout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Some threads that begin the same thing at the same moment. */
final class Crowd implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final int size;
    private final ExecutorService threads;
    private final CyclicBarrier start;

    /** What one of the crowd does. */
    @FunctionalInterface
    interface Deed {
        void doIt(int member) throws Exception;
    }

    /** What one of the crowd does at a place where all of them meet. */
    @FunctionalInterface
    interface Visit<T> {
        void visit(int member, T place) throws Exception;
    }

    Crowd(int size) {
        this.size = size;
        this.threads = Executors.newFixedThreadPool(size);
        this.start = new CyclicBarrier(size);
    }

    /** Everyone does it, all beginning at once; returns when all are done, and throws what one of them threw. */
    void doAtOnce(Deed deed) throws Exception {
        List<Future<?>> deeds = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int member = i;
            deeds.add(threads.submit(() -> {
                start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                deed.doIt(member);
                return null;
            }));
        }
        for (Future<?> done : deeds) {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Everyone does it to each of these in turn, all waiting for each other before each one, so that they really meet. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // yields only so that they meet sooner; that they meet does not depend on it
    <T> void meetAt(List<T> places, Visit<T> visit) throws Exception {
        AtomicIntegerArray arrived = new AtomicIntegerArray(places.size());
        doAtOnce(member -> {
            for (int i = 0; i < places.size(); i++) {
                arrived.incrementAndGet(i);
                for (int looks = 1; arrived.get(i) < size; looks++) {
                    if (looks % 1_000 == 0) {
                        Thread.yield(); // there may be fewer processors than members
                    } else {
                        Thread.onSpinWait();
                    }
                }
                visit.visit(member, places.get(i));
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
