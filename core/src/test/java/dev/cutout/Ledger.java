package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What some threads saw of their calls in one round, and whether what the breaker told and counted meanwhile agrees with it.
 *
 * <p>A caller cannot see in which generation its call was admitted, nor at which reading of the clock; but it can look before and
 * after. So each call is known to lie between two moments, and so does its answer. Everything that is checked follows from that alone:
 * what is certain must have happened, and what is impossible must not.
 *
 * <p>One thing that is seen need not come true: a lapsed probe already reads as an open circuit, and yet its answer, which looked at the clock
 * before, can still arrive. Such an opening is not the one that the history tells, which is how it is known.
 *
 * <p>Not thread-safe: filled and checked by one thread, when the others are done.
 */
final class Ledger {
    /** What anyone can see of a circuit at one moment. The time is the ticker's. */
    record Moment(long generation, CircuitState state, CircuitEvent.@Nullable Opened opening, long nanos) {
        static Moment of(CircuitSnapshot seen, long nanos) {
            return new Moment(seen.generation(), seen.state(), seen.opening().orElse(null), nanos);
        }
    }

    /** A call that was let through, and when its answer came. The outcome is settled beforehand, so that it does not matter which of two threads answers. */
    static final class Admitted {
        final Outcome outcome;
        private final Moment before;
        private final Moment after;
        /** Just before the first attempt to answer; null if there was none. */
        private @Nullable Moment answering;
        /** The generation just after the last one, and the time; the generation is 0 before. */
        private long answeredIn;

        private long answeredAt;

        Admitted(Outcome outcome, Moment before, Moment after) {
            this.outcome = outcome;
            this.before = before;
            this.after = after;
        }

        /** True for the first of those who attempt to answer. */
        synchronized boolean isFirstAnswering(Moment now) {
            if (answering != null) {
                return false;
            }
            answering = now;
            return true;
        }

        synchronized void answered(Moment now) {
            answeredAt = answeredIn == 0 || now.nanos - answeredAt > 0 ? now.nanos : answeredAt;
            answeredIn = Math.max(answeredIn, now.generation);
        }

        boolean isAnswered() {
            return answeredIn != 0;
        }

        /** Whether anyone could tell at once that it was let through by a closed circuit. */
        boolean isSurelyClosed() {
            return before.state == CircuitState.CLOSED && before.generation == after.generation;
        }

        @Override
        public String toString() {
            return outcome + " let through between " + before + " and " + after + ", answered between " + answering
                    + " and generation " + answeredIn + " at " + answeredAt;
        }
    }

    /** A call that was not let through. */
    record Refused(Refusal.Reason reason, Moment before, Moment after) {
        private CircuitState state() {
            return switch (reason) {
                case OPEN, HELD -> CircuitState.OPEN;
                case PROBES_TAKEN -> CircuitState.HALF_OPEN;
                case LIMIT -> CircuitState.CLOSED;
                case RAMP -> throw new AssertionError("a reason that no circuit gives: " + this);
            };
        }
    }

    /** One generation: how it began and ended, and the calls that may be its own. */
    private static final class Stay {
        final long generation;
        final CircuitState state;
        final CircuitSettings settings;
        /** Null for the first. */
        final @Nullable CircuitEvent beginning;

        final List<Admitted> calls = new ArrayList<>();
        /** How many of these are of no other generation. */
        int sure;

        CircuitSettings lastSettings;

        @Nullable CircuitEvent end;

        Stay(long generation, CircuitState state, CircuitSettings settings, @Nullable CircuitEvent beginning) {
            this.generation = generation;
            this.state = state;
            this.settings = settings;
            this.beginning = beginning;
            this.lastSettings = settings;
        }

        long count(Predicate<Admitted> wanted) {
            return calls.stream().filter(wanted).count();
        }
    }

    /** No lease is longer, however often it doubled. */
    private static final long LONGEST_LEASE = Duration.ofMinutes(10).toNanos();

    /** No lease is shorter: the settings that are hammered name none. */
    private static final long SHORTEST_LEASE = Duration.ofMillis(3).toNanos();

    private final List<Admitted> admitted = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final List<Stay> stays = new ArrayList<>();
    private final CircuitSnapshot start;
    private final boolean shadows;
    /** How many orders were given. */
    private long holds;

    private long resets;

    /**
     * @param start a closed circuit with no call in flight
     * @param shadows whether calls may have passed in the shadow of an observing hold, which no caller can see
     */
    Ledger(CircuitSnapshot start, boolean shadows) {
        this.start = start;
        this.shadows = shadows;
        stays.add(new Stay(start.generation(), start.state(), start.settings(), null));
    }

    /** What one thread saw. */
    void add(List<Admitted> itsAdmitted, List<Refused> itsRefused) {
        admitted.addAll(itsAdmitted);
        refused.addAll(itsRefused);
    }

    /** What one thread ordered. */
    void addOrders(long itsHolds, long itsResets) {
        holds += itsHolds;
        resets += itsResets;
    }

    /**
     * Fails unless all of it agrees.
     *
     * @param events all since the start
     * @param end the circuit after them
     * @param leastFailures how many failures it takes at least to satisfy the rule of the settings
     */
    void check(List<CircuitEvent> events, CircuitSnapshot end, Map<CircuitSettings, Integer> leastFailures) {
        events.forEach(this::follow);
        admitted.forEach(this::file);
        refused.forEach(this::checkRefused);
        stays.forEach(stay -> checkStay(stay, leastFailures));
        checkOrders(events);
        checkCounts(start.counts(), end.counts());
    }

    private void follow(CircuitEvent event) {
        Stay last = stays.get(stays.size() - 1);
        if (event instanceof CircuitEvent.Reconfigured changed) {
            last.lastSettings = changed.settings();
        }
        if (event.generation() != last.generation) {
            CircuitState state = event instanceof CircuitEvent.Opened
                    ? CircuitState.OPEN
                    : event instanceof CircuitEvent.HalfOpened ? CircuitState.HALF_OPEN : CircuitState.CLOSED;
            last.end = event;
            stays.add(new Stay(event.generation(), state, last.lastSettings, event));
        }
    }

    /** The stays in which something between two moments can have happened. */
    private List<Stay> between(Moment before, Moment after) {
        return stays.subList(
                index(reached(before)), index(after.generation) + 1); // no generation is reached before it can be seen
    }

    /** The generation that was surely reached at this moment. */
    @SuppressWarnings(
            "ReferenceEquality") // the very event: an opening that does not come true can be equal to one that does
    private long reached(Moment seen) {
        boolean comesTrue =
                seen.state != CircuitState.OPEN || stays.get(index(seen.generation)).beginning == seen.opening;
        return comesTrue ? seen.generation : seen.generation - 1;
    }

    private int index(long generation) {
        return Math.toIntExact(generation - stays.get(0).generation);
    }

    /** Whether the answer can count, if the call was let through in this stay. */
    private boolean mayCount(Admitted call, Stay stay) {
        return call.answering != null
                && reached(call.answering) <= stay.generation
                && (stay.state != CircuitState.HALF_OPEN || call.answering.nanos - call.after.nanos < LONGEST_LEASE);
    }

    /** Whether the answer must count, if the call was let through in this stay. */
    private static boolean mustCount(Admitted call, Stay stay) {
        return call.answeredIn == stay.generation
                && (stay.state == CircuitState.CLOSED || call.answeredAt - call.before.nanos < SHORTEST_LEASE);
    }

    private void file(Admitted call) {
        List<Stay> possible = possible(call);
        holds(!possible.isEmpty(), () -> "let through while open: " + call);
        possible.forEach(stay -> stay.calls.add(call));
        if (possible.size() == 1) {
            possible.get(0).sure++;
        }
    }

    /** An open circuit lets nothing through, except in the shadow. */
    private List<Stay> possible(Admitted call) {
        return between(call.before, call.after).stream()
                .filter(stay -> shadows || stay.state != CircuitState.OPEN)
                .toList();
    }

    private void checkRefused(Refused call) {
        holds(
                between(call.before, call.after).stream().anyMatch(stay -> stay.state == call.state()),
                () -> "refused for a reason that there was not: " + call);
    }

    private void checkStay(Stay stay, Map<CircuitSettings, Integer> leastFailures) {
        if (stay.state == CircuitState.HALF_OPEN) {
            CircuitSettings plan = stay.settings;
            long givenBack = stay.count(call -> call.outcome == Outcome.IGNORED && mayCount(call, stay));
            holds(
                    shadows || stay.sure <= plan.probes() + givenBack,
                    () -> stay.sure + " probes, " + givenBack + " given back" + in(stay));
            if (stay.end instanceof CircuitEvent.Closed closed
                    && closed.evidence().endsWith("succeeded")) {
                long good = stay.count(call -> call.outcome == Outcome.SUCCESS && mayCount(call, stay));
                holds(good >= plan.probesNeeded(), () -> "closed by " + good + " good probes" + in(stay));
            } else if (isOpenedByEvidence(stay)) {
                long bad = stay.count(call -> call.outcome == Outcome.FAILURE || !mustCount(call, stay));
                holds(bad > plan.probes() - plan.probesNeeded(), () -> "opened by " + bad + " bad probes" + in(stay));
            }
        } else if (stay.state == CircuitState.CLOSED && isOpenedByEvidence(stay)) {
            long failures = stay.count(call -> call.outcome == Outcome.FAILURE && mayCount(call, stay));
            holds(
                    failures >= leastFailures.get(stay.lastSettings),
                    () -> "opened by " + failures + " failures" + in(stay));
        }
    }

    private static boolean isOpenedByEvidence(Stay stay) {
        return stay.end instanceof CircuitEvent.Opened opened
                && opened.probeIn().isPresent();
    }

    private static String in(Stay stay) {
        return " in generation " + stay.generation + ", which ended with \"" + stay.end + "\", with " + stay.settings
                + ", then " + stay.lastSettings + "; its calls: " + stay.calls;
    }

    private void checkOrders(List<CircuitEvent> events) {
        long placed = events.stream()
                .filter(CircuitEvent.HoldPlaced.class::isInstance)
                .count();
        isExactly("holds placed", placed, holds);
        long reset = events.stream()
                .filter(event -> event instanceof CircuitEvent.Closed closed
                        && closed.evidence().equals("reset"))
                .count();
        isBetween("resets", reset, shadows ? resets : 0, resets); // one that is held open does not close
    }

    private void checkCounts(CircuitSnapshot.Counts before, CircuitSnapshot.Counts after) {
        isExactly("lost events", after.lostEvents(), 0);
        Map<Refusal.Reason, Long> refusals = new EnumMap<>(Refusal.Reason.class);
        refusals.putAll(before.refused());
        refused.forEach(call -> refusals.merge(call.reason, 1L, Long::sum));
        holds(refusals.equals(after.refused()), () -> "refused " + after.refused() + " instead of " + refusals);

        long shadowed = after.shadowed() - before.shadowed();
        long late = after.late() - before.late();
        Map<Outcome, Long> counted = new EnumMap<>(Outcome.class);
        counted.put(
                Outcome.SUCCESS,
                after.successes().orElseThrow() - before.successes().orElseThrow());
        counted.put(Outcome.FAILURE, after.failures() - before.failures());
        counted.put(Outcome.IGNORED, after.ignored() - before.ignored());
        isExactly(
                "answers",
                counted.values().stream().mapToLong(Long::longValue).sum() + late + shadowed,
                count(Admitted::isAnswered));
        if (!shadows) {
            isExactly("shadowed", shadowed, 0);
        }
        counted.forEach((outcome, answers) -> {
            Predicate<Admitted> such = call -> call.outcome == outcome && call.isAnswered();
            isBetween(
                    outcome.name(),
                    answers,
                    shadows ? 0 : count(such.and(this::surelyCounts)),
                    count(such.and(call -> !isSurelyLate(call))));
        });
        checkProbes(after.probes() - before.probes());
    }

    private void checkProbes(long probes) {
        long halfOpened = stays.stream()
                .filter(stay -> stay.state == CircuitState.HALF_OPEN)
                .count();
        isBetween(
                "probes",
                probes,
                shadows ? halfOpened : count(call -> isProbe(call, true)),
                count(call -> isProbe(call, false)));
    }

    private boolean isProbe(Admitted call, boolean surely) {
        Predicate<Stay> probing = stay -> stay.state == CircuitState.HALF_OPEN;
        List<Stay> possible = possible(call);
        return surely ? possible.stream().allMatch(probing) : possible.stream().anyMatch(probing);
    }

    private boolean surelyCounts(Admitted call) {
        List<Stay> possible = possible(call);
        return possible.size() == 1 && mustCount(call, possible.get(0));
    }

    private boolean isSurelyLate(Admitted call) {
        return possible(call).stream().noneMatch(stay -> mayCount(call, stay));
    }

    /** Fails unless as many calls are in flight as were not answered. To be asked before the end, when all threads are done. */
    void checkInFlight(CircuitSnapshot now, boolean allCounted) {
        long unanswered = count(call -> !call.isAnswered());
        long surely = allCounted ? count(call -> !call.isAnswered() && call.isSurelyClosed()) : 0;
        long counted = now.callsInFlight().orElse(0);
        isBetween("calls in flight", counted, surely, unanswered);
        isBetween("probes under way", now.probesUnderWay(), 0, unanswered - surely);
    }

    private long count(Predicate<Admitted> wanted) {
        return admitted.stream().filter(wanted).count();
    }

    private void isExactly(String what, long is, long shouldBe) {
        isBetween(what, is, shouldBe, shouldBe);
    }

    private void isBetween(String what, long is, long least, long most) {
        holds(least <= is && is <= most, () -> what + ": " + is + ", should be " + least + " to " + most);
    }

    private static void holds(boolean truth, Supplier<String> what) {
        if (!truth) {
            throw new AssertionError(what.get());
        }
    }
}
