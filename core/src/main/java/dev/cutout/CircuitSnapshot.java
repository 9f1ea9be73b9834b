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
     * @param probes calls admitted as probes
     * @param refused calls refused, by reason; a reason that never occurred is absent
     * @param shadowed calls that would have been refused, had the circuit not been told to observe only
     * @param lostEvents events dropped because listeners were too slow
     * @param successes answers that were successes; empty if not counted, see {@link CircuitBreaker.Builder#countSuccesses}
     * @param totalDuration the time from permit to answer of all successes and failures; empty if not counted, see
     *     {@link CircuitBreaker.Builder#timeCalls}
     */
    public record Counts(
            long failures,
            long ignored,
            long late,
            long probes,
            Map<Refusal.Reason, Long> refused,
            long shadowed,
            long lostEvents,
            OptionalLong successes,
            Optional<Duration> totalDuration) {

        /** Makes the map unmodifiable, in the order of the reasons. */
        public Counts {
            refused = Collections.unmodifiableMap(new TreeMap<>(refused));
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
