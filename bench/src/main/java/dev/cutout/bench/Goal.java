package dev.cutout.bench;

import java.util.function.ToDoubleFunction;

/**
 * A number to reach.
 *
 * @param of the case
 * @param words the goal, as the report says it
 * @param value what was measured; not a number if it was not
 * @param limit what it is held against
 * @param atMost whether the value must not exceed the limit; else it must not fall below
 * @param unit of both
 * @param reason why it is missed, said if it is; empty while nobody knows
 */
record Goal(
        String of,
        String words,
        ToDoubleFunction<Numbers> value,
        ToDoubleFunction<Numbers> limit,
        boolean atMost,
        String unit,
        String reason) {

    /** The same goal, with the reason why it is missed. */
    Goal missedBecause(String why) {
        return new Goal(of, words, value, limit, atMost, unit, why);
    }

    /** At most so many nanoseconds of a core for each call. */
    static Goal nanos(String of, String words, ToDoubleFunction<Numbers> value, ToDoubleFunction<Numbers> limit) {
        return new Goal(of, "at most " + words, value, limit, true, "ns", "");
    }

    /** At most so many bytes. */
    static Goal bytes(String of, double limit, ToDoubleFunction<Numbers> value) {
        return new Goal(of, "at most " + Figures.given(limit) + " B", value, numbers -> limit, true, "B", "");
    }

    /** At most so many times what it is compared with. */
    static Goal atMostTimes(
            String of, double limit, String what, ToDoubleFunction<Numbers> value, ToDoubleFunction<Numbers> whole) {
        return new Goal(
                of,
                "at most " + Figures.given(limit) + " × " + what,
                numbers -> value.applyAsDouble(numbers) / whole.applyAsDouble(numbers),
                numbers -> limit,
                true,
                "×",
                "");
    }

    /** At least so many times faster than what it is compared with. */
    static Goal timesFaster(
            String of, double limit, String than, ToDoubleFunction<Numbers> ours, ToDoubleFunction<Numbers> theirs) {
        return new Goal(
                of,
                "at least " + Figures.given(limit) + " × faster than " + than,
                numbers -> theirs.applyAsDouble(numbers) / ours.applyAsDouble(numbers),
                numbers -> limit,
                false,
                "×",
                "");
    }
}
