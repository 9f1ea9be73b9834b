package dev.cutout.metrics;

import dev.cutout.CircuitBreaker;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * All circuits that one {@link MeterRegistry} shows, whoever bound them. There is one for each, so that a second binding of a circuit finds the first.
 *
 * <p>It is kept alive by the meters that it registered, not from here: a registry that is garbage takes it along.
 */
final class Switchboard {
    private static final Map<MeterRegistry, WeakReference<Switchboard>> BOARDS = new WeakHashMap<>();

    private final MeterRegistry meters;
    private final CircuitNames names = CircuitNames.atMost(CircuitNames.DEFAULT_MAXIMUM);
    private final Map<String, Panel> panels = new ConcurrentHashMap<>();

    private Switchboard(MeterRegistry meters) {
        this.meters = meters;
    }

    static Switchboard of(MeterRegistry meters) {
        synchronized (BOARDS) {
            WeakReference<Switchboard> known = BOARDS.get(meters);
            Switchboard board = known == null ? null : known.get();
            if (board == null) {
                board = new Switchboard(meters);
                BOARDS.put(meters, new WeakReference<>(board));
            }
            return board;
        }
    }

    /** The names for breakers of registries, where nobody says otherwise. */
    CircuitNames names() {
        return names;
    }

    MeterRegistry meters() {
        return meters;
    }

    /** Shows the circuit under this name, as long as this holder wants. */
    void add(String name, CircuitBreaker circuit, Object holder) {
        while (!panels.computeIfAbsent(name, missing -> new Panel(missing, this))
                .add(circuit, holder)) {
            Thread.onSpinWait(); // the panel is just being taken away: make a new one
        }
    }

    /** The holder's registry has forgotten the circuit: what it counted stays. */
    void evict(CircuitBreaker circuit, Object holder) {
        panels.values().forEach(panel -> panel.evict(circuit, holder));
    }

    /** The holder wants nothing shown any more. */
    void drop(Object holder) {
        panels.values().forEach(panel -> panel.drop(holder));
    }

    /** Registers anew what someone else removed from the registry. */
    void restore() {
        Set<Meter.Id> present = meters.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
        panels.values().forEach(panel -> panel.restore(present));
    }

    void takeAway(Panel panel) {
        panels.remove(panel.name(), panel);
    }
}
