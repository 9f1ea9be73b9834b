package dev.cutout.bench;

import dev.cutout.CircuitSettings;

/** The settings under test. The peers get the same windows and rates. */
final class Settings {
    /** Long enough that no circuit closes while it is measured. */
    static final String WAIT = "; wait 1h";

    static final CircuitSettings CLASSIC = CircuitSettings.classic();
    static final CircuitSettings COUNT = overLast(100);
    static final CircuitSettings TIME = CircuitSettings.parse("trip 50% of last 10s, at least 100" + WAIT);
    static final CircuitSettings SLOW =
            CircuitSettings.parse("trip 80% slow of last 100 calls, at least 100; slow 2s" + WAIT);
    static final CircuitSettings SLOW_TIME =
            CircuitSettings.parse("trip 80% slow of last 10s, at least 100; slow 2s" + WAIT);
    static final CircuitSettings LIMIT = CircuitSettings.parse("limit 1000" + WAIT);
    static final CircuitSettings OPENS_AT_ONCE = CircuitSettings.parse("trip 1 consecutive" + WAIT);

    private Settings() {}

    static CircuitSettings overLast(int calls) {
        return CircuitSettings.parse("trip 50% of last " + calls + " calls, at least " + calls + WAIT);
    }
}
