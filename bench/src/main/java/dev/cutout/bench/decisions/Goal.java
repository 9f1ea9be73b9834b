package dev.cutout.bench.decisions;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a figure of one breaker must come to: at most a limit.
 *
 * @param of the figure
 * @param words the limit
 * @param breaker whose figure it is
 * @param reason why it is missed, said if it is; empty while nobody knows
 */
record Goal(
        String of,
        String words,
        String breaker,
        ToDoubleFunction<Outcome> value,
        ToDoubleFunction<Outcome> limit,
        String unit,
        String reason) {

    Goal(String of, String words, String breaker, ToDoubleFunction<Outcome> value, double limit, String unit) {
        this(of, words, breaker, value, outcome -> limit, unit, "");
    }

    Goal(
            String of,
            String words,
            String breaker,
            ToDoubleFunction<Outcome> value,
            ToDoubleFunction<Outcome> limit,
            String unit) {
        this(of, words, breaker, value, limit, unit, "");
    }

    /** The same goal, with the reason why it is missed. */
    Goal missedBecause(String why) {
        return new Goal(of, words, breaker, value, limit, unit, why);
    }

    /** Whether the breaker took part. */
    boolean isMeasured(Outcome outcome) {
        return outcome.usual().has(breaker);
    }

    boolean isReached(Outcome outcome) {
        return isMeasured(outcome) && value.applyAsDouble(outcome) <= limit.applyAsDouble(outcome);
    }

    /** A line of the table. */
    String row(Outcome outcome) {
        String limitText = words + (isDerived() ? ": " + number(limit.applyAsDouble(outcome)) + unit : "");
        if (!isMeasured(outcome)) {
            return line(limitText, "–", "not measured: core does not know these settings yet");
        }
        String verdict = isReached(outcome) ? "reached" : reason.isEmpty() ? "**missed**" : "**missed**: " + reason;
        return line(limitText, number(value.applyAsDouble(outcome)) + unit, verdict);
    }

    /** Whether the words do not say the limit itself. */
    private boolean isDerived() {
        return words.contains("×");
    }

    private String line(String goal, String measured, String verdict) {
        return String.join(" | ", "| " + breaker, of, goal, measured, verdict + " |");
    }

    private static String number(double value) {
        return Double.isInfinite(value) ? "never" : String.format(Locale.ROOT, "%.2f", value);
    }
}
