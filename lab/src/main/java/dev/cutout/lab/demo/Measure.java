package dev.cutout.lab.demo;

import java.time.Duration;
import java.util.Locale;

/** Times and counts as the demo prints them: short, with a unit, always in the same width for the same size. */
final class Measure {
    private Measure() {}

    /** {@code 3 ms}, {@code 2.1 s}; a dash for a wait that nobody had. */
    static String waited(long nanos) {
        if (nanos < 0) {
            return "-";
        }
        double millis = nanos / 1e6;
        if (millis < 999.5) {
            return String.format(Locale.ROOT, millis < 0.95 ? "%.1f ms" : "%.0f ms", millis);
        }
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /** {@code 12.3 s}. */
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /** {@code 2 s}, {@code 0.67 s}. */
    static String seconds(Duration duration) {
        String text = String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e9);
        return text.replaceFirst("\\.?0+$", "") + " s";
    }

    /** {@code 1,234}. */
    static String count(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
