package dev.cutout.lab.simulate;

import java.util.random.RandomGenerator;

/**
 * A stream of chance: the splitmix64 generator of Steele, Lea and Flood (OOPSLA 2014), in integers only, so that it gives the same numbers on
 * any machine and in any version of Java. Streams that differ in their seed or number have nothing to do with each other.
 */
final class Chance implements RandomGenerator {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1p-53;

    private long state;

    Chance(long seed, long stream) {
        state = hash(seed, stream, 0);
    }

    @Override
    public long nextLong() {
        state += STEP;
        return mix(state);
    }

    /** At least 0, and below 1. */
    @Override
    public double nextDouble() {
        return unit(nextLong());
    }

    /** The time to the next of events that come at random with this mean distance. */
    double exponential(double mean) {
        return -StrictMath.log(1 - nextDouble()) * mean;
    }

    /** A number that depends on all three, and shows no trace of any. */
    static long hash(long seed, long a, long b) {
        return mix(mix(mix(seed + STEP) + STEP * (a + 1)) + STEP * (b + 1));
    }

    /** The upper bits of a hash as a number of at least 0 and below 1. */
    static double unit(long hash) {
        return (hash >>> 11) * UNIT;
    }

    static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
