package dev.cutout.metrics;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Under which name a breaker is shown: the first so many under their own, the rest together as {@code other}.
 *
 * <p>A name that was shown once keeps its place, even when its breaker is evicted: else strangers who make up keys could fill the metrics backend one
 * eviction after the other. Thread-safe. It remembers the names it has given, so share one between all that should agree.
 */
public final class CircuitNames {
    /** The name of all that have none of their own. */
    public static final String OTHER = "other";

    static final int DEFAULT_MAXIMUM = 100;
    private static final int MOST = 100_000;

    private final int maximum;
    private final Function<? super String, ? extends @Nullable String> naming;
    private final Set<String> given = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicBoolean complained = new AtomicBoolean();

    private CircuitNames(int maximum, Function<? super String, ? extends @Nullable String> naming) {
        this.maximum = maximum;
        this.naming = naming;
    }

    /**
     * At most so many names of circuits. Default of this library: 100 for each {@code MeterRegistry}.
     *
     * @param maximum 0 (all are {@code other}) to 100,000
     */
    public static CircuitNames atMost(int maximum) {
        if (maximum < 0 || maximum > MOST) {
            throw new IllegalArgumentException("The number of circuits shown by name must be 0 to " + MOST + ", not "
                    + maximum + ". Each has some forty time series.");
        }
        return new CircuitNames(maximum, name -> name);
    }

    /**
     * At most as many, with names made of those of the circuits: by tenant group, say, or null for {@code other}. One that throws says {@code other}, too.
     *
     * <pre>{@code
     * CircuitNames names = CircuitNames.atMost(20).by(host -> host.endsWith(".internal") ? host : "internet");
     * }</pre>
     */
    public CircuitNames by(Function<? super String, ? extends @Nullable String> naming) {
        return new CircuitNames(maximum, Objects.requireNonNull(naming, "naming"));
    }

    /** Under which name to show this circuit. */
    String of(String circuit) {
        String name = named(circuit);
        if (name == null || name.equals(OTHER)) {
            return OTHER;
        }
        return given.contains(name) || give(name) ? name : OTHER;
    }

    private @Nullable String named(String circuit) {
        try {
            return naming.apply(circuit);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private boolean give(String name) {
        if (places.get() >= maximum || places.getAndIncrement() >= maximum) {
            // The counter may run past the maximum, by as many as ask at once: it only says that there is no place.
            complain();
            return given.contains(name);
        }
        if (!given.add(name)) {
            places.decrementAndGet(); // another thread gave it
        }
        return true;
    }

    private void complain() {
        if (maximum > 0 && complained.compareAndSet(false, true)) {
            System.getLogger("dev.cutout.metrics")
                    .log(
                            Level.WARNING,
                            "More than " + maximum
                                    + " circuits to show by name: the others are shown together as '" + OTHER
                                    + "'. Say which to show, or how many, with CircuitNames.");
        }
    }
}
