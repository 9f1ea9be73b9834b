package dev.cutout;

import java.time.Duration;
import java.util.Locale;

/** How durations are written: exactly in settings ({@code 1500ms}, {@code 30s}), briefly in sentences ({@code 12.3 s}). */
final class DurationText {
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long MILLIS_PER_MINUTE = 60 * MILLIS_PER_SECOND;
    private static final long MILLIS_PER_HOUR = 60 * MILLIS_PER_MINUTE;

    private DurationText() {}

    /** The exact text of a duration of whole milliseconds, in the largest unit that divides it. */
    static String exact(Duration duration) {
        long millis = duration.toMillis();
        if (millis % MILLIS_PER_HOUR == 0) {
            return millis / MILLIS_PER_HOUR + "h";
        }
        if (millis % MILLIS_PER_MINUTE == 0) {
            return millis / MILLIS_PER_MINUTE + "m";
        }
        if (millis % MILLIS_PER_SECOND == 0) {
            return millis / MILLIS_PER_SECOND + "s";
        }
        return millis + "ms";
    }

    /** Milliseconds in one {@code unit} of the settings' grammar, or 0 if there is no such unit. */
    static long millisIn(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> MILLIS_PER_SECOND;
            case "m" -> MILLIS_PER_MINUTE;
            case "h" -> MILLIS_PER_HOUR;
            default -> 0;
        };
    }

    /** A few digits and a unit, for people. */
    static String brief(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        // Half a unit below the next one, since three digits are rounded: 999.9 ms would read 1000 ms.
        if (seconds < 0.0009995) {
            return trimmed(seconds * 1e6) + " µs";
        }
        if (seconds < 0.9995) {
            return trimmed(seconds * 1e3) + " ms";
        }
        if (seconds < 120) {
            return trimmed(seconds) + " s";
        }
        return seconds < 7200 ? trimmed(seconds / 60) + " min" : trimmed(seconds / 3600) + " h";
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
