package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a circuit does, as plainly as it can be said: one thread, a time that makes what is due happen as it passes, and
 * lists that are never cut. Written from the documentation, as the other opinion in {@link ModelTest}.
 */
final class Model {
    /** One call that was let through. */
    private static final class Admitted {
        final long generation;
        final long start;
        final @Nullable Duration slowAfter;
        final boolean asProbe;
        final boolean inShadow;
        boolean answered;

        Admitted(long generation, long start, Optional<Duration> slowAfter, boolean asProbe, boolean inShadow) {
            this.generation = generation;
            this.start = start;
            this.slowAfter = slowAfter.orElse(null);
            this.asProbe = asProbe;
            this.inShadow = inShadow;
        }
    }

    private record Probe(Admitted call, long deadline, long length) {}

    private final String name;
    private final long zero;
    private final FixedChance chance;
    private final boolean countsSuccesses;
    private final boolean timesCalls;

    /** Nanoseconds since the beginning; the ticker reads {@code zero + now}. */
    private long now;

    private Plan plan;
    private @Nullable Hold hold;
    private long holdEnd;

    private CircuitState state = CircuitState.CLOSED;
    private long generation = 1;
    private long since;
    /** How often the circuit has opened in a row, and how long it waited last. */
    private int step;

    private long wait;

    // closed
    private final Map<String, NaiveWindow> windows = new HashMap<>();
    private final Set<Admitted> places = new HashSet<>();

    // open
    private CircuitEvent.@Nullable Opened opening;
    private long due;
    private int lapsed;

    // half-open
    private Plan probing;
    private final List<Probe> underWay = new ArrayList<>();
    private int good;
    private int bad;

    // over the lifetime
    private final List<Admitted> calls = new ArrayList<>();
    final List<CircuitEvent> told = new ArrayList<>();
    private long failures;
    private long ignored;
    private long late;
    private long slow;
    private long probes;
    private final Map<Refusal.Reason, Long> refused = new EnumMap<>(Refusal.Reason.class);
    private long shadowed;
    private long successes;
    private long totalDuration;

    Model(String name, Plan plan, long zero, FixedChance chance, boolean countsSuccesses, boolean timesCalls) {
        this.name = name;
        this.plan = plan;
        this.probing = plan;
        this.zero = zero;
        this.chance = chance;
        this.countsSuccesses = countsSuccesses || timesCalls;
        this.timesCalls = timesCalls;
        emptyWindows();
    }

    // ---- time

    void advance(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            Probe first = null;
            for (Probe probe : underWay) {
                first = first == null || probe.deadline < first.deadline ? probe : first;
            }
            boolean lapses = first != null && first.deadline <= end;
            boolean ends = hold != null && hold.length().isPresent() && holdEnd <= end;
            if (lapses && !(ends && holdEnd < first.deadline)) {
                now = first.deadline;
                lapse(first);
            } else if (ends) {
                now = holdEnd;
                endHold(false);
            } else {
                now = end;
                return;
            }
        }
    }

    private void lapse(Probe probe) {
        underWay.remove(probe);
        bad++;
        lapsed++;
        verdict("not answered within " + DurationText.brief(Duration.ofNanos(probe.length)), null);
    }

    // ---- calls

    /** Asks for a call; says what became of it. PlayedCalls that pass are numbered from 0. */
    String begin() {
        if (state == CircuitState.CLOSED) {
            Optional<Duration> slowAfter = plan.settings().slow();
            OptionalInt limit = plan.settings().limit();
            if (limit.isEmpty()) {
                return pass(new Admitted(generation, now, slowAfter, false, false));
            }
            if (places.size() >= limit.getAsInt()) {
                return refuse(Refusal.Reason.LIMIT, Optional.empty());
            }
            Admitted call = new Admitted(generation, now, slowAfter, false, false);
            places.add(call);
            return pass(call);
        }
        if (state == CircuitState.OPEN) {
            if (isHeld(Hold.Kind.OPEN)) {
                return refuse(Refusal.Reason.HELD, Optional.empty());
            }
            if (now < due) {
                return refuse(Refusal.Reason.OPEN, Optional.of(Duration.ofNanos(due - now)));
            }
            generation++;
            state = CircuitState.HALF_OPEN;
            since = now;
            probing = plan;
            good = 0;
            bad = 0;
            told.add(new CircuitEvent.HalfOpened(
                    name, generation, zero + now, CircuitState.OPEN, "a probe is under way"));
        }
        if (underWay.size() + good + bad < probing.settings().probes()) {
            long length = lease();
            Admitted call = new Admitted(generation, now, probing.settings().slow(), true, false);
            underWay.add(new Probe(call, now + length, length));
            probes++;
            return pass(call);
        }
        long first = Long.MAX_VALUE;
        for (Probe probe : underWay) {
            first = Math.min(first, probe.deadline);
        }
        return refuse(Refusal.Reason.PROBES_TAKEN, Optional.of(Duration.ofNanos(first - now)));
    }

    /** As long as the wait, or as set; doubled for each probe that lapsed, up to ten minutes. */
    private long lease() {
        long lease = probing.settings().probeWithin().map(Duration::toNanos).orElse(wait);
        long longest = Math.max(lease, Duration.ofMinutes(10).toNanos());
        for (int i = 0; i < lapsed; i++) {
            lease = Math.min(longest, lease * 2);
        }
        return lease;
    }

    private String pass(Admitted call) {
        calls.add(call);
        return "passes";
    }

    private String refuse(Refusal.Reason reason, Optional<Duration> retryAfter) {
        if (isHeld(Hold.Kind.OBSERVING)) {
            shadowed++;
            return pass(new Admitted(generation, now, Optional.empty(), false, true));
        }
        refused.merge(reason, 1L, Long::sum);
        CircuitEvent.Opened opened = state == CircuitState.CLOSED ? null : opening;
        Optional<Duration> openFor = Optional.ofNullable(opened).map(it -> Duration.ofNanos(zero + now - it.nanos()));
        Optional<Class<?>> openedBy = opened == null ? Optional.empty() : opened.failureClass();
        return refusal(reason, retryAfter, openFor, openedBy);
    }

    static String refusal(
            Refusal.Reason reason,
            Optional<Duration> retryAfter,
            Optional<Duration> openFor,
            Optional<Class<?>> openedBy) {
        return "refused: " + reason + ", retry after " + retryAfter + ", open for " + openFor + ", opened by "
                + openedBy;
    }

    int callsThatPassed() {
        return calls.size();
    }

    List<Integer> outstanding() {
        List<Integer> outstanding = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (!calls.get(i).answered) {
                outstanding.add(i);
            }
        }
        return outstanding;
    }

    /**
     * Answers a call that passed.
     *
     * @param cancelled whether it was cancelled, which is ignored unless the call had been slow by then
     * @param because what makes it a failure; null for a success
     */
    void answer(int number, Outcome said, boolean cancelled, @Nullable Object because) {
        Admitted call = calls.get(number);
        if (call.answered) {
            return;
        }
        call.answered = true;
        places.remove(call);
        if (call.inShadow) {
            return;
        }
        boolean slow = call.slowAfter != null && now - call.start > call.slowAfter.toNanos();
        Outcome outcome = !cancelled ? said : slow ? Outcome.FAILURE : Outcome.IGNORED;

        Probe probe =
                underWay.stream().filter(it -> it.call == call).findFirst().orElse(null);
        if (call.generation != generation || (call.asProbe && probe == null)) {
            late++;
            return;
        }
        switch (outcome) {
            case SUCCESS -> successes++;
            case FAILURE -> failures++;
            case IGNORED -> ignored++;
        }
        this.slow += slow && outcome != Outcome.IGNORED ? 1 : 0;
        totalDuration += outcome == Outcome.IGNORED ? 0 : now - call.start;
        if (probe != null) {
            answerProbe(probe, outcome, slow, because);
        } else if (outcome != Outcome.IGNORED) {
            count(outcome == Outcome.FAILURE, slow, because);
        }
    }

    private void count(boolean failed, boolean slow, @Nullable Object because) {
        windows.values().forEach(window -> window.add(failed, slow, now));
        boolean satisfied =
                plan.rules().stream().anyMatch(rule -> rule.isSatisfied(windows.get(rule.counts()), failed, now));
        if (satisfied && !isHeld(Hold.Kind.CLOSED)) {
            // the growth of the wait is forgotten once the circuit stayed closed as long as the last wait
            step = wait == 0 || now - since >= wait ? 0 : step + 1;
            wait = nextWait();
            lapsed = 0;
            String last = failed && because != null
                    ? ", the last " + because.getClass().getName()
                    : "";
            open(findings() + last, failed ? because : null, Optional.of(Duration.ofNanos(wait)));
            due = now + wait;
        }
    }

    private void answerProbe(Probe probe, Outcome outcome, boolean slow, @Nullable Object because) {
        underWay.remove(probe);
        if (outcome == Outcome.FAILURE) {
            bad++;
            verdict("a result", because);
        } else if (outcome == Outcome.SUCCESS && slow && probing.judgesSlowness()) {
            bad++;
            verdict("too slow", null);
        } else if (outcome == Outcome.SUCCESS) {
            good++;
            verdict("", null);
        }
    }

    private void verdict(String how, @Nullable Object because) {
        int all = probing.settings().probes();
        int needed = probing.settings().probesNeeded();
        if (good >= needed) {
            close(all == 1 ? "the probe succeeded" : good + " of " + (good + bad) + " probes succeeded");
        } else if (bad > all - needed) {
            String failed = all == 1 ? "the probe failed: " : bad + " of " + (good + bad) + " probes failed, the last ";
            step++;
            wait = nextWait();
            open(
                    failed + (because == null ? how : because.getClass().getName()),
                    because,
                    Optional.of(Duration.ofNanos(wait)));
            due = now + wait;
        }
    }

    // ---- transitions

    private void open(String evidence, @Nullable Object because, Optional<Duration> probeIn) {
        generation++;
        Optional<Throwable> failure = because instanceof Throwable thrown ? Optional.of(thrown) : Optional.empty();
        Optional<Class<?>> type = Optional.ofNullable(because).map(Object::getClass);
        opening = new CircuitEvent.Opened(name, generation, zero + now, state, evidence, failure, type, probeIn);
        told.add(opening);
        state = CircuitState.OPEN;
        since = now;
        underWay.clear();
    }

    private void close(String evidence) {
        generation++;
        told.add(new CircuitEvent.Closed(name, generation, zero + now, state, evidence));
        state = CircuitState.CLOSED;
        since = now;
        opening = null;
        underWay.clear();
        emptyWindows();
    }

    private void emptyWindows() {
        windows.clear();
        plan.rules().forEach(rule -> windows.put(rule.counts(), new NaiveWindow(now)));
    }

    private String findings() {
        return plan.rules().stream()
                .map(rule -> rule.findings(windows.get(rule.counts()), now))
                .collect(Collectors.joining("; "));
    }

    /** Between the half and the whole of twice the first wait, doubled for each opening in a row before; within the bounds. */
    private long nextWait() {
        long first = plan.settings().firstWait().toNanos();
        long longest = plan.settings().longestWait().toNanos();
        if (first == longest) {
            return first;
        }
        long whole = Math.min(longest, first * 2);
        for (int i = 0; i < step; i++) {
            whole = Math.min(longest, whole * 2);
        }
        return chance.nextLong(Math.max(first, whole / 2), whole + 1);
    }

    // ---- orders

    void hold(Hold placed) {
        endHold(true);
        hold = placed;
        holdEnd = now + placed.length().map(Duration::toNanos).orElse(0L);
        told.add(new CircuitEvent.HoldPlaced(name, generation, zero + now, placed));
        if (placed.kind() == Hold.Kind.OPEN && state != CircuitState.OPEN) {
            step = 0;
            wait = nextWait();
            lapsed = 0;
            open(placed.toString(), null, Optional.empty());
            due = now;
        } else if (placed.kind() == Hold.Kind.CLOSED && state != CircuitState.CLOSED) {
            forgetGrowth();
            close(placed.toString());
        }
    }

    void release() {
        endHold(true);
    }

    private void endHold(boolean lifted) {
        if (hold == null) {
            return;
        }
        told.add(new CircuitEvent.HoldEnded(name, generation, zero + now, hold, lifted));
        if (hold.kind() == Hold.Kind.OPEN) {
            due = now; // resumes at probing
        }
        hold = null;
    }

    void reset() {
        places.clear();
        if (isHeld(Hold.Kind.OPEN)) {
            step = 0;
            lapsed = 0;
        } else {
            forgetGrowth();
            close("reset");
        }
    }

    private void forgetGrowth() {
        step = 0;
        wait = 0;
    }

    void reconfigure(Plan changed) {
        if (changed.settings().equals(plan.settings())) {
            return;
        }
        told.add(new CircuitEvent.Reconfigured(name, generation, zero + now, plan.settings(), changed.settings()));
        plan = changed;
        if (changed.settings().limit().isEmpty()) {
            places.clear();
        }
        if (state == CircuitState.CLOSED) {
            Map<String, NaiveWindow> before = Map.copyOf(windows);
            emptyWindows();
            windows.replaceAll((counts, empty) -> before.getOrDefault(counts, empty));
        } else if (state == CircuitState.OPEN && since + nextWait() < due) {
            wait = nextWait();
            due = since + wait;
        }
    }

    private boolean isHeld(Hold.Kind kind) {
        return hold != null && hold.kind() == kind;
    }

    // ---- reading

    /** Each event that begins a stay, by where it came from and what it is. */
    private Map<CircuitSnapshot.Transition, Long> transitions() {
        Map<CircuitSnapshot.Transition, Long> transitions = new HashMap<>();
        for (CircuitEvent event : told) {
            stateAfter(event)
                    .ifPresent(to ->
                            transitions.merge(new CircuitSnapshot.Transition(stateBefore(event), to), 1L, Long::sum));
        }
        return transitions;
    }

    /** From the beginning to the first such event, from each to the next, and from the last until now. */
    private Map<CircuitState, Duration> timeIn() {
        Map<CircuitState, Duration> time = new EnumMap<>(CircuitState.class);
        for (CircuitState each : CircuitState.values()) {
            time.put(each, Duration.ZERO);
        }
        long from = zero;
        CircuitState in = CircuitState.CLOSED;
        for (CircuitEvent event : told) {
            Optional<CircuitState> after = stateAfter(event);
            if (after.isPresent()) {
                time.merge(in, Duration.ofNanos(event.nanos() - from), Duration::plus);
                from = event.nanos();
                in = after.get();
            }
        }
        time.merge(in, Duration.ofNanos(zero + now - from), Duration::plus);
        return time;
    }

    private static Optional<CircuitState> stateAfter(CircuitEvent event) {
        return event instanceof CircuitEvent.Opened
                ? Optional.of(CircuitState.OPEN)
                : event instanceof CircuitEvent.HalfOpened
                        ? Optional.of(CircuitState.HALF_OPEN)
                        : event instanceof CircuitEvent.Closed ? Optional.of(CircuitState.CLOSED) : Optional.empty();
    }

    private static CircuitState stateBefore(CircuitEvent event) {
        return event instanceof CircuitEvent.Opened opened
                ? opened.from()
                : event instanceof CircuitEvent.HalfOpened halfOpened
                        ? halfOpened.from()
                        : ((CircuitEvent.Closed) event).from();
    }

    CircuitSnapshot snapshot() {
        boolean probeIsDue = state == CircuitState.OPEN && !isHeld(Hold.Kind.OPEN);
        return new CircuitSnapshot(
                name,
                state,
                generation,
                Duration.ofNanos(now - since),
                Optional.ofNullable(hold),
                plan.settings(),
                state == CircuitState.CLOSED ? findings() : "",
                Optional.ofNullable(opening),
                probeIsDue ? Optional.of(Duration.ofNanos(due - now)) : Optional.empty(),
                underWay.size(),
                plan.settings().limit().isPresent() ? OptionalInt.of(places.size()) : OptionalInt.empty(),
                new CircuitSnapshot.Counts(
                        failures,
                        ignored,
                        late,
                        slow,
                        probes,
                        refused,
                        shadowed,
                        0,
                        transitions(),
                        timeIn(),
                        countsSuccesses ? OptionalLong.of(successes) : OptionalLong.empty(),
                        timesCalls ? Optional.of(Duration.ofNanos(totalDuration)) : Optional.empty()));
    }
}
