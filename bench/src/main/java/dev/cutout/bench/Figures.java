package dev.cutout.bench;

import java.util.Locale;

/** Numbers as a reader wants them: three digits that mean something. */
final class Figures {
    static final String NONE = "–";

    private Figures() {}

    static String measured(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        String format = Math.abs(value) < 9.995 ? "%.2f" : Math.abs(value) < 99.95 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    /** Bytes for each call: a fraction is what now and then one call allocates. */
    static String bytes(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        double shown = Math.abs(value) < Goals.BYTES_OF_JMH ? 0 : value;
        return String.format(Locale.ROOT, shown == 0 || Math.abs(shown) >= 9.95 ? "%,.0f" : "%.1f", shown);
    }

    /** A number that somebody wrote, as it was written. */
    static String given(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : String.valueOf(value);
    }
}
