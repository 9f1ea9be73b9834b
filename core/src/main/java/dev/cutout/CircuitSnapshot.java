package dev.cutout;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Everything there is to know about a breaker at one moment. Taking one changes nothing.
 *
 * @param name the circuit's name
 * @param state the state at this moment; a lapsed probe already reads as open, although no call has come since to act on it
 * @param generation the number of this stay in this state; where a probe seems to have lapsed at this very moment, and its answer is just coming in, a
 *     later snapshot can show an earlier one
 * @param inState how long this stay has lasted
 * @param hold the hold in force
 * @param settings the settings in force
 * @param evidence what has been counted toward the trip rule, in words and numbers; empty unless closed
 * @param opening the event that opened the circuit; empty if it is closed
 * @param probeDue when the next probe is due, if the circuit is open and not held so; negative if it has been due for so long
 * @param probesUnderWay probes admitted and not answered; 0 unless half-open
 * @param callsInFlight calls admitted while closed and not answered; empty if they are not limited and so not counted
 * @param counts what happened over the breaker's lifetime
 */
public record CircuitSnapshot(
        String name,
        CircuitState state,
        long generation,
        Duration inState,
        Optional<Hold> hold,
        CircuitSettings settings,
        String evidence,
        Optional<CircuitEvent.Opened> opening,
        Optional<Duration> probeDue,
        int probesUnderWay,
        OptionalInt callsInFlight,
        Counts counts) {

    /**
     * Counts over the lifetime of a breaker. They survive transitions, reset and new settings.
     *
     * @param failures answers that were failures
     * @param ignored answers that were ignored
     * @param late answers that came when their generation was over, or after their probe had lapsed; counted nowhere else
     * @param slow successes and failures that took longer than the settings' {@code slow}; 0 where they name none
     * @param probes calls admitted as probes
     * @param refused calls refused, by reason; a reason that never occurred is absent
     * @param shadowed calls that would have been refused, had the circuit not been told to observe only
     * @param lostEvents events dropped because listeners were too slow
     * @param transitions how often a stay in one state was followed by a stay in another, or by a fresh one in the same; a kind that never occurred is
     *     absent. As the state, it shows what time has brought although no call has come since to act on it. A transition that is being made at this very
     *     moment can be missing here, and in {@code timeIn}: whoever must not see them go back takes the highest that it has seen
     * @param timeIn how long the circuit has been in each state, this stay included; together about as long as the breaker lives
     * @param successes answers that were successes; empty if not counted, see {@link CircuitBreaker.Builder#countSuccesses}
     * @param totalDuration the time from permit to answer of all successes and failures; empty if not counted, see
     *     {@link CircuitBreaker.Builder#timeCalls}
     */
    public record Counts(
            long failures,
            long ignored,
            long late,
            long slow,
            long probes,
            Map<Refusal.Reason, Long> refused,
            long shadowed,
            long lostEvents,
            Map<Transition, Long> transitions,
            Map<CircuitState, Duration> timeIn,
            OptionalLong successes,
            Optional<Duration> totalDuration) {

        /** Makes the maps unmodifiable, in the order of reasons and states. */
        public Counts {
            refused = Collections.unmodifiableMap(new TreeMap<>(refused));
            transitions = Collections.unmodifiableMap(new TreeMap<>(transitions));
            timeIn = Collections.unmodifiableMap(new TreeMap<>(timeIn));
        }
    }

    /** The end of a stay in one state and the beginning of another; in the same one, if a closed circuit was reset. */
    public record Transition(CircuitState from, CircuitState to) implements Comparable<Transition> {
        /** By the state before, then by the one after. */
        @Override
        public int compareTo(Transition other) {
            int order = from.compareTo(other.from);
            return order == 0 ? to.compareTo(other.to) : order;
        }

        /** For example {@code CLOSED to OPEN}. */
        @Override
        public String toString() {
            return from + " to " + to;
        }
    }

    /** One line for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name)
                .append(": ")
                .append(state)
                .append(" for ")
                .append(DurationText.brief(inState));
        hold.ifPresent(held -> text.append(", ").append(held));
        if (!evidence.isEmpty()) {
            text.append(", ").append(evidence);
        }
        opening.ifPresent(opened -> text.append(", opened: ").append(opened.evidence()));
        probeDue.ifPresent(
                due -> text.append(due.isNegative() || due.isZero() ? ", probe due for " : ", next probe in ")
                        .append(DurationText.brief(due.abs())));
        if (probesUnderWay > 0) {
            text.append(", ")
                    .append(probesUnderWay)
                    .append(probesUnderWay == 1 ? " probe under way" : " probes under way");
        }
        callsInFlight.ifPresent(
                calls -> text.append(", ").append(calls).append(calls == 1 ? " call in flight" : " calls in flight"));
        text.append("; successes ");
        counts.successes().ifPresentOrElse(text::append, () -> text.append("not counted"));
        return text.append(", failures ")
                .append(counts.failures())
                .append(", ignored ")
                .append(counts.ignored())
                .append(", late ")
                .append(counts.late())
                .append(", probes ")
                .append(counts.probes())
                .append(", refused ")
                .append(counts.refused())
                .append("; ")
                .append(settings)
                .toString();
    }
}
