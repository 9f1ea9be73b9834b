package dev.cutout;

import java.time.Duration;
import java.util.Locale;

/** Refuses numbers outside what is allowed, in one wording: what it is, what was given, what is allowed. */
final class Bounds {
    private Bounds() {}

    static int check(String what, int given, int least, int most) {
        if (given < least || given > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s: %,d is not allowed; give %,d to %,d.", capitalized(what), given, least, most));
        }
        return given;
    }

    static Duration check(String what, Duration given) {
        if (given.compareTo(CircuitSettings.SHORTEST) < 0
                || given.compareTo(CircuitSettings.LONGEST) > 0
                || !given.equals(Duration.ofMillis(given.toMillis()))) {
            throw new IllegalArgumentException(
                    capitalized(what) + ": " + given + " is not allowed; give whole milliseconds, 1ms to 8760h.");
        }
        return given;
    }

    private static String capitalized(String what) {
        return Character.toUpperCase(what.charAt(0)) + what.substring(1);
    }
}
