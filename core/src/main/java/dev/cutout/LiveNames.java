package dev.cutout;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices a second live breaker of the same name, which is nearly always a mistake: a breaker made for each call never sees
 * a second failure. Warns once for each name. Never keeps a breaker alive.
 */
final class LiveNames {
    /** The breakers that were made one by one; a registry minds its own. */
    static final LiveNames STANDALONE =
            new LiveNames("Keep one in a field, or ask a CircuitBreakerRegistry for it each time.");

    /** Names that are warned about one by one; strangers may be choosing them, so the log must not grow without end. */
    private static final int MOST_WARNINGS = 100;

    private final String advice;
    private final Map<String, Name> live = new ConcurrentHashMap<>();
    private final ReferenceQueue<CircuitBreaker> dead = new ReferenceQueue<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    LiveNames(String advice) {
        this.advice = advice;
    }

    /** The name of a breaker that may be gone. */
    private static final class Name extends WeakReference<CircuitBreaker> {
        final String text;

        Name(String text, CircuitBreaker circuit, ReferenceQueue<CircuitBreaker> dead) {
            super(circuit, dead);
            this.text = text;
        }
    }

    /** Notes that the breaker goes by this name, and warns if another live one does. */
    void claim(String name, CircuitBreaker circuit) {
        warnIfLive(name);
        note(name, circuit);
    }

    /** Notes that the breaker goes by this name, while it is live. */
    void note(String name, CircuitBreaker circuit) {
        forgetDead();
        live.put(name, new Name(name, circuit, dead));
    }

    /** Warns if a live breaker goes by this name. */
    void warnIfLive(String name) {
        Name earlier = live.get(name);
        if (earlier != null && !earlier.refersTo(null)) {
            warn(name);
        }
    }

    private void warn(String name) {
        if (warned.size() < MOST_WARNINGS && warned.add(name)) {
            Log.warn("A second live circuit breaker is called '" + name
                    + "'. They know nothing of each other's failures. " + advice);
        }
    }

    private void forgetDead() {
        for (Reference<? extends CircuitBreaker> gone = dead.poll(); gone != null; gone = dead.poll()) {
            if (gone instanceof Name name) {
                live.remove(name.text, name);
            }
        }
    }
}
