package dev.cutout.lab.simulate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** How the quantities of a world are written, exactly: what is printed reads back as the same number. */
final class Texts {
    private static final long[] UNITS = {3_600_000, 60_000, 1_000, 1};
    private static final String[] UNIT_NAMES = {"h", "m", "s", "ms"};
    private static final int[] RATE_SECONDS = {1, 60, 3_600};
    private static final String[] RATE_UNITS = {"/s", "/m", "/h"};

    private Texts() {}

    static String time(Duration time) {
        long millis = time.toMillis();
        int unit = 0;
        while (millis % UNITS[unit] != 0) {
            unit++;
        }
        return millis == 0 ? "0ms" : millis / UNITS[unit] + UNIT_NAMES[unit];
    }

    /** Milliseconds in a unit of time, or 0 if there is no such unit. */
    static long millisIn(String unit) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNIT_NAMES[i].equals(unit)) {
                return UNITS[i];
            }
        }
        return 0;
    }

    static String percent(double share) {
        return plain(BigDecimal.valueOf(share).movePointRight(2)) + "%";
    }

    static double share(BigDecimal percent) {
        return percent.movePointLeft(2).doubleValue();
    }

    static String factor(double factor) {
        return number(factor) + "x";
    }

    static String number(double number) {
        return plain(BigDecimal.valueOf(number));
    }

    /** In the unit in which it is shortest. */
    static String rate(double perSecond) {
        String shortest = plain(BigDecimal.valueOf(perSecond)) + RATE_UNITS[0];
        for (int i = 0; i < RATE_UNITS.length; i++) {
            BigDecimal number = BigDecimal.valueOf(perSecond * RATE_SECONDS[i]).setScale(4, RoundingMode.HALF_EVEN);
            String text = plain(number) + RATE_UNITS[i];
            if (text.length() < shortest.length() && perSecond(number, RATE_UNITS[i]) == perSecond) {
                shortest = text;
            }
        }
        return shortest;
    }

    /** A rate as a number a second, or 0 if there is no such unit. */
    static double perSecond(BigDecimal number, String unit) {
        for (int i = 0; i < RATE_UNITS.length; i++) {
            if (RATE_UNITS[i].equals(unit)) {
                return number.doubleValue() / RATE_SECONDS[i];
            }
        }
        return 0;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
