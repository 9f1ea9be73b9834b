package dev.cutout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the events of one breaker to its listeners: each once, in order, after the transition is visible, outside any
 * lock.
 *
 * <p>Whoever made a transition delivers what is pending, unless someone already does: then that thread delivers this one too. A listener
 * may call the breaker; the events that this causes are delivered after the one it was called for.
 */
final class Announcer {
    private final List<Consumer<? super CircuitEvent>> listeners = new CopyOnWriteArrayList<>();
    /** Calls of {@link #deliver} that are not served yet. Whoever raises it from 0 delivers until it is 0 again. */
    private final AtomicInteger wanted;
    /** The index of the last event delivered. Only touched by the thread that delivers; {@link #wanted} orders these threads. */
    private long delivered;
    /** Likewise: a listener that throws is logged once, not at every event. */
    private boolean complained;

    private Announcer(int wanted) {
        this.wanted = new AtomicInteger(wanted);
    }

    /** For a breaker that is told of all that ever happens to it. */
    static Announcer to(List<Consumer<? super CircuitEvent>> listeners) {
        Announcer announcer = new Announcer(0);
        listeners.forEach(announcer::add);
        return announcer;
    }

    /** For a breaker to which something may have happened already; delivers nothing before {@link #beginAfter}. */
    static Announcer busy() {
        return new Announcer(1);
    }

    /**
     * Begins with what happens after this, on the thread that made it {@link #busy} and put it where others find it.
     *
     * @return as {@link #deliver}
     */
    long beginAfter(Supplier<@Nullable Announcement> newest) {
        Announcement last = newest.get();
        if (last != null) {
            delivered = last.index;
            last.cut();
        }
        return serve(newest, wanted.addAndGet(-1));
    }

    /** Adds a listener for the events delivered from now on. The result removes it. */
    Runnable add(Consumer<? super CircuitEvent> listener) {
        // A wrapper of its own for each registration, so that removing one never removes another of the same listener.
        Consumer<CircuitEvent> registration = listener::accept;
        listeners.add(registration);
        return () -> listeners.remove(registration);
    }

    /**
     * Delivers everything that is pending.
     *
     * @param newest gives the end of the chain of events
     * @return how many events were dropped, because listeners were too slow
     */
    long deliver(Supplier<@Nullable Announcement> newest) {
        return wanted.getAndIncrement() == 0 ? serve(newest, 1) : 0;
    }

    private long serve(Supplier<@Nullable Announcement> newest, int calls) {
        long dropped = 0;
        for (int open = calls; open != 0; open = wanted.addAndGet(-open)) {
            dropped += deliverUpTo(newest.get());
        }
        return dropped;
    }

    private long deliverUpTo(@Nullable Announcement newest) {
        Deque<Announcement> pending = new ArrayDeque<>();
        for (Announcement at = newest; at != null && at.index > delivered; at = at.previous()) {
            pending.push(at);
        }
        long dropped = 0;
        for (Announcement announcement : pending) {
            dropped += announcement.index - delivered - 1;
            delivered = announcement.index;
            announcement.cut();
            tell(announcement.event);
        }
        return dropped;
    }

    private void tell(CircuitEvent event) {
        for (Consumer<? super CircuitEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (Throwable thrown) {
                if (!complained) {
                    complained = true;
                    Log.warn(
                            "A listener of circuit '" + event.circuit() + "' threw at \"" + event
                                    + "\". The circuit is not affected; further exceptions of its listeners are not logged.",
                            thrown);
                }
            }
        }
    }
}
