package dev.cutout.bench;

import java.util.Locale;

/** How long to measure. A round runs each row once, in a JVM of its own, so that all rows meet the same weather. */
enum Profile {
    /** Does everything run? The numbers mean nothing. */
    SMOKE(1),
    /** What to run after a change, in less than four minutes. */
    QUICK(1),
    /** What stands in RESULTS.md. */
    FULL(2);

    /** In pieces, so that methods which were compiled while they ran are entered anew. */
    private static final int PIECES_OF_WARM_UP = 5;

    /** Iterations, and the milliseconds of each. */
    record Span(int iterations, int millis) {}

    final int rounds;

    Profile(int rounds) {
        this.rounds = rounds;
    }

    Span measurement() {
        return switch (this) {
            case SMOKE -> new Span(1, 50);
            case QUICK -> new Span(5, 150);
            case FULL -> new Span(3, 400);
        };
    }

    Span warmUp(Kind kind) {
        return switch (this) {
            case SMOKE -> new Span(1, 50);
            case QUICK -> new Span(PIECES_OF_WARM_UP, kind.quickWarmUp / PIECES_OF_WARM_UP);
            case FULL -> new Span(PIECES_OF_WARM_UP, kind.fullWarmUp / PIECES_OF_WARM_UP);
        };
    }

    /** As it is called on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
