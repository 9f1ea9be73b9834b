package dev.cutout.metrics;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSnapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/**
 * The meters of all breakers that are shown under one name: usually one breaker.
 *
 * <p>A counter is what its breakers have counted, and what those had counted that are gone. While one goes, it is for a moment neither here nor there, and
 * core's own readings can lag behind a transition; so a counter shows the highest that it has been. Reading locks nothing; adding and removing lock the
 * panel, and are as rare as breakers are made.
 *
 * <p>Micrometer holds the object that a meter reads by a weak reference, and the function that reads it by a strong one. So each function here
 * also holds its panel, and what a meter shows cannot be collected before the meter.
 */
final class Panel {
    /** How old the sum over several breakers may be, so that a scrape adds them up once and not for each meter. One breaker is read afresh. */
    private static final long SUM_LASTS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Switchboard board;
    /** The breakers shown, each with those who want it shown. Written under the lock. */
    private final Map<CircuitBreaker, Set<Object>> members = new ConcurrentHashMap<>();
    /** Everyone who has ever wanted something shown here, and has not dropped it. Under the lock. */
    private final Set<Object> holders = new HashSet<>();

    private final Count[] counts = Meters.COUNTERS.stream().map(Count::new).toArray(Count[]::new);
    /** What is registered, each at its place in {@link Meters}; null where nothing is. Under the lock. */
    private final @Nullable Meter[] counters = new Meter[Meters.COUNTERS.size()];

    private final @Nullable Meter[] gauges = new Meter[Meters.GAUGES.size()];
    private boolean isTakenAway;
    private boolean showsSuccesses;
    /** Written under the lock. */
    private volatile boolean showsLimits;
    /** The latest sum over several members. */
    private volatile @Nullable Sum sum;

    /** One counter over time. */
    private static final class Count {
        final Meters.Counter counter;
        /** What those have counted that are gone. */
        final DoubleAdder gone = new DoubleAdder();

        private final DoubleAccumulator highest = new DoubleAccumulator(Math::max, 0);

        Count(Meters.Counter counter) {
            this.counter = counter;
        }

        /** Never less than before. */
        double shown(double now) {
            highest.accumulate(now);
            return highest.get();
        }
    }

    /** All meters at one moment, over all members. */
    private static final class Sum {
        /** When, as the registry's clock reads. */
        final long at;

        final double[] counts;
        final double[] levels;

        Sum(long at, double[] counts, double[] levels) {
            this.at = at;
            this.counts = counts;
            this.levels = levels;
        }
    }

    Panel(String name, Switchboard board) {
        this.name = name;
        this.board = board;
    }

    String name() {
        return name;
    }

    // ---- who comes and goes

    /** False if the panel has been taken away, so that it shows nothing any more. */
    synchronized boolean add(CircuitBreaker circuit, Object holder) {
        if (isTakenAway) {
            return false;
        }
        holders.add(holder);
        members.computeIfAbsent(circuit, added -> new HashSet<>()).add(holder);
        CircuitSnapshot seen = circuit.snapshot();
        showsSuccesses |= seen.counts().successes().isPresent();
        showsLimits |= seen.callsInFlight().isPresent();
        register();
        return true;
    }

    /** The breaker is gone from the registry of this holder. Its levels go with it; what it counted stays. */
    void evict(CircuitBreaker circuit, Object holder) {
        if (members.containsKey(circuit) && release(circuit, holder)) {
            CircuitSnapshot.Counts last = circuit.snapshot().counts();
            for (Count count : counts) {
                count.gone.add(count.counter.of().applyAsDouble(last));
            }
        }
    }

    /** Whether nobody wants it shown any more. */
    private synchronized boolean release(CircuitBreaker circuit, Object holder) {
        Set<Object> holding = members.get(circuit);
        if (holding == null || !holding.remove(holder) || !holding.isEmpty()) {
            return false;
        }
        members.remove(circuit);
        if (members.isEmpty()) {
            remove(gauges, 0);
        }
        return true;
    }

    /** The holder wants nothing shown any more. */
    synchronized void drop(Object holder) {
        if (!holders.remove(holder)) {
            return;
        }
        members.values().removeIf(holding -> holding.remove(holder) && holding.isEmpty());
        if (members.isEmpty()) {
            remove(gauges, 0);
        }
        if (holders.isEmpty()) {
            remove(counters, 0);
            isTakenAway = true;
            board.takeAway(this);
        }
    }

    // ---- what is registered

    /** What should be there and is not. */
    private void register() {
        int totals = showsSuccesses ? Meters.COUNTERS.size() : Meters.SUCCESSES;
        for (int i = 0; i < totals; i++) {
            if (counters[i] == null) {
                counters[i] = counter(i);
            }
        }
        int levels = members.isEmpty() ? 0 : showsLimits ? Meters.GAUGES.size() : Meters.LIMITS;
        for (int i = 0; i < levels; i++) {
            if (gauges[i] == null) {
                gauges[i] = gauge(i);
            }
        }
    }

    /** Registers again what someone else removed. */
    synchronized void restore(Set<Meter.Id> present) {
        if (!isTakenAway) {
            forgetAllBut(present, counters);
            forgetAllBut(present, gauges);
            register();
        }
    }

    private static void forgetAllBut(Set<Meter.Id> present, @Nullable Meter[] registered) {
        for (int i = 0; i < registered.length; i++) {
            Meter meter = registered[i];
            if (meter != null && !present.contains(meter.getId())) {
                registered[i] = null;
            }
        }
    }

    private Meter counter(int place) {
        Meters.Counter counter = Meters.COUNTERS.get(place);
        return FunctionCounter.builder(counter.name(), this, panel -> count(place))
                .tags(tagged(counter.tags()))
                .description(counter.description())
                .baseUnit(counter.unit())
                .register(board.meters());
    }

    private Meter gauge(int place) {
        Meters.Gauge gauge = Meters.GAUGES.get(place);
        MeterRegistry meters = board.meters();
        return gauge.isTime()
                ? TimeGauge.builder(gauge.name(), this, TimeUnit.NANOSECONDS, panel -> level(place))
                        .tags(tagged(gauge.tags()))
                        .description(gauge.description())
                        .register(meters)
                : Gauge.builder(gauge.name(), this, panel -> level(place))
                        .tags(tagged(gauge.tags()))
                        .description(gauge.description())
                        .register(meters);
    }

    private Tags tagged(Tags tags) {
        return tags.and(Meters.CIRCUIT, name);
    }

    private void remove(@Nullable Meter[] registered, int from) {
        for (int i = from; i < registered.length; i++) {
            Meter meter = registered[i];
            if (meter != null) {
                board.meters().remove(meter);
                registered[i] = null;
            }
        }
    }

    // ---- what they show

    private double count(int place) {
        Count count = counts[place];
        double gone =
                count.gone
                        .sum(); // before the members: one that goes now is missing for a moment, and never there twice
        CircuitBreaker only = onlyMember();
        if (only != null) {
            return count.shown(
                    gone + count.counter.of().applyAsDouble(only.snapshot().counts()));
        }
        return count.shown(members.isEmpty() ? gone : sum().counts[place]);
    }

    private double level(int place) {
        CircuitBreaker only = onlyMember();
        if (only == null) {
            return sum().levels[place];
        }
        CircuitSnapshot seen = only.snapshot();
        showLimits(seen.callsInFlight().isPresent());
        return Meters.GAUGES.get(place).of().at(only, seen);
    }

    /** A limit may come and go by a change of settings: the scrape that finds it so is the last without its meters, or with them. */
    private void showLimits(boolean limited) {
        if (limited != showsLimits) {
            synchronized (this) {
                showsLimits = limited;
                if (!limited) {
                    remove(gauges, Meters.LIMITS);
                } else if (!isTakenAway) {
                    register();
                }
            }
        }
    }

    /** The one breaker shown; null if there are none or several. */
    private @Nullable CircuitBreaker onlyMember() {
        Iterator<CircuitBreaker> each = members.keySet().iterator();
        CircuitBreaker first = each.hasNext() ? each.next() : null;
        return each.hasNext() ? null : first;
    }

    private Sum sum() {
        Sum present = sum;
        long now = board.meters().config().clock().monotonicTime();
        if (present == null || now - present.at >= SUM_LASTS) {
            present = sumAt(now);
            sum = present;
        }
        return present;
    }

    private Sum sumAt(long now) {
        double[] totals = new double[counts.length];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = counts[i].gone.sum();
        }
        double[] levels = new double[Meters.GAUGES.size()];
        boolean first = true;
        boolean limited = false;
        for (CircuitBreaker circuit : members.keySet()) {
            CircuitSnapshot seen = circuit.snapshot();
            limited |= seen.callsInFlight().isPresent();
            for (int i = 0; i < totals.length; i++) {
                totals[i] += counts[i].counter.of().applyAsDouble(seen.counts());
            }
            for (int i = 0; i < levels.length; i++) {
                Meters.Gauge gauge = Meters.GAUGES.get(i);
                double level = gauge.of().at(circuit, seen);
                levels[i] = first ? level : gauge.together().applyAsDouble(levels[i], level);
            }
            first = false;
        }
        showLimits(limited);
        return new Sum(now, totals, levels);
    }
}
