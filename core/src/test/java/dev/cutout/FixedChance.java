package dev.cutout;

import java.util.random.RandomGenerator;

/** A source of chance that always draws the same place of a range, so that it does not matter how often it is asked. */
enum FixedChance implements RandomGenerator {
    LOWEST,
    MIDDLE,
    HIGHEST;

    @Override
    public long nextLong() {
        throw new AssertionError("only ranges are drawn");
    }

    @Override
    public long nextLong(long origin, long bound) {
        return switch (this) {
            case LOWEST -> origin;
            case MIDDLE -> origin + (bound - origin) / 2;
            case HIGHEST -> bound - 1;
        };
    }
}
