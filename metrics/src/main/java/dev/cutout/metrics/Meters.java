package dev.cutout.metrics;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSnapshot;
import dev.cutout.CircuitSnapshot.Counts;
import dev.cutout.CircuitSnapshot.Transition;
import dev.cutout.CircuitState;
import dev.cutout.Hold;
import dev.cutout.Refusal;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What there is to see of a circuit: the names, tags and meanings of all its meters but the timer, in one table. */
final class Meters {
    /** The tag of every meter: which circuit. */
    static final String CIRCUIT = "circuit";

    static final String OUTCOME = "outcome";
    private static final String PREFIX = "cutout.circuit.";
    private static final String STATE = "state";
    private static final double NANOS_PER_SECOND = 1e9;

    /** The transitions that can happen; so that each is there with 0 before it does, and a rate sees its first time. */
    private static final List<Transition> TRANSITIONS = List.of(
            new Transition(CircuitState.CLOSED, CircuitState.OPEN),
            new Transition(CircuitState.CLOSED, CircuitState.HALF_OPEN),
            new Transition(CircuitState.CLOSED, CircuitState.CLOSED),
            new Transition(CircuitState.OPEN, CircuitState.HALF_OPEN),
            new Transition(CircuitState.OPEN, CircuitState.CLOSED),
            new Transition(CircuitState.HALF_OPEN, CircuitState.OPEN),
            new Transition(CircuitState.HALF_OPEN, CircuitState.CLOSED));

    /** Counts that only grow, and are added up over breakers. */
    static final List<Counter> COUNTERS = counters();
    /** The last of them, which not every breaker keeps. */
    static final int SUCCESSES = COUNTERS.size() - 1;
    /** What is so at the moment. */
    static final List<Gauge> GAUGES = gauges();
    /** The first of them that is there only for breakers that limit their calls in flight, as those after it are. */
    static final int LIMITS = GAUGES.size() - 2;

    private Meters() {}

    /**
     * A count that only grows.
     *
     * @param unit the base unit, if it is more than a number
     */
    record Counter(String name, Tags tags, @Nullable String unit, String description, ToDoubleFunction<Counts> of) {}

    /**
     * A level.
     *
     * @param isTime whether it is in nanoseconds, to be shown in the registry's unit of time
     * @param together how several breakers are shown as one
     */
    record Gauge(String name, Tags tags, boolean isTime, String description, Look of, DoubleBinaryOperator together) {}

    /** A look at one breaker. */
    @FunctionalInterface
    interface Look {
        double at(CircuitBreaker circuit, CircuitSnapshot seen);
    }

    private static List<Counter> counters() {
        List<Counter> all = new ArrayList<>();
        String answers = "Answers, by what was made of them";
        all.add(new Counter(PREFIX + "calls", Tags.of(OUTCOME, "failure"), null, answers, Counts::failures));
        all.add(new Counter(PREFIX + "calls", Tags.of(OUTCOME, "ignored"), null, answers, Counts::ignored));
        all.add(new Counter(PREFIX + "calls", Tags.of(OUTCOME, CallTimers.LATE), null, answers, Counts::late));
        all.add(new Counter(PREFIX + "calls", Tags.of(OUTCOME, "shadowed"), null, answers, Counts::shadowed));
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            all.add(new Counter(
                    PREFIX + "refusals",
                    Tags.of("reason", tag(reason)),
                    null,
                    "Calls that were not permitted, by reason",
                    counts -> counts.refused().getOrDefault(reason, 0L)));
        }
        all.add(new Counter(
                PREFIX + "slow.calls",
                Tags.empty(),
                null,
                "Successes and failures that took longer than the settings' slow",
                Counts::slow));
        all.add(new Counter(
                PREFIX + "probes",
                Tags.empty(),
                null,
                "Calls admitted to find out whether the dependency is back",
                Counts::probes));
        for (Transition transition : TRANSITIONS) {
            all.add(new Counter(
                    PREFIX + "transitions",
                    Tags.of("from", tag(transition.from()), "to", tag(transition.to())),
                    null,
                    "Transitions, by the states before and after",
                    counts -> counts.transitions().getOrDefault(transition, 0L)));
        }
        for (CircuitState state : CircuitState.values()) {
            all.add(new Counter(
                    PREFIX + "state.time",
                    Tags.of(STATE, tag(state)),
                    "seconds",
                    "Time spent in each state",
                    counts -> nanos(counts.timeIn().getOrDefault(state, Duration.ZERO)) / NANOS_PER_SECOND));
        }
        all.add(new Counter(
                PREFIX + "lost.events",
                Tags.empty(),
                null,
                "Events dropped because listeners were too slow",
                Counts::lostEvents));
        all.add(new Counter(
                PREFIX + "calls",
                Tags.of(OUTCOME, "success"),
                null,
                answers,
                counts -> counts.successes().orElse(0)));
        return List.copyOf(all);
    }

    private static List<Gauge> gauges() {
        List<Gauge> all = new ArrayList<>();
        for (CircuitState state : CircuitState.values()) {
            all.add(new Gauge(
                    PREFIX + "state",
                    Tags.of(STATE, tag(state)),
                    false,
                    "1 in the state of the circuit, 0 in the others; of several circuits, how many are in it",
                    (circuit, seen) -> seen.state() == state ? 1 : 0,
                    Double::sum));
        }
        all.add(new Gauge(
                PREFIX + "state.age",
                Tags.empty(),
                true,
                "How long the circuit has been in its state; of several circuits, the latest to have changed",
                (circuit, seen) -> nanos(seen.inState()),
                Math::min));
        for (Hold.Kind kind : Hold.Kind.values()) {
            all.add(new Gauge(
                    PREFIX + "hold",
                    Tags.of("kind", tag(kind)),
                    false,
                    "1 while a person holds the circuit so; of several circuits, how many are held",
                    (circuit, seen) -> seen.hold().map(Hold::kind).orElse(null) == kind ? 1 : 0,
                    Double::sum));
        }
        all.add(new Gauge(
                PREFIX + "probes.under.way",
                Tags.empty(),
                false,
                "Probes admitted and not answered",
                (circuit, seen) -> seen.probesUnderWay(),
                Double::sum));
        all.add(new Gauge(
                PREFIX + "suspicion",
                Tags.empty(),
                false,
                "How near the circuit is to opening, 0 to 1; of several circuits, the nearest",
                (circuit, seen) -> circuit.suspicion(),
                Math::max));
        all.add(new Gauge(
                PREFIX + "calls.in.flight",
                Tags.empty(),
                false,
                "Calls admitted while closed and not answered, where they are limited",
                (circuit, seen) -> seen.callsInFlight().orElse(0),
                Double::sum));
        all.add(new Gauge(
                PREFIX + "calls.limit",
                Tags.empty(),
                false,
                "How many calls in flight the settings allow",
                (circuit, seen) -> seen.settings().limit().orElse(0),
                Double::sum));
        return List.copyOf(all);
    }

    private static String tag(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static double nanos(Duration time) {
        return time.getSeconds() * NANOS_PER_SECOND + time.getNano();
    }
}
