package dev.cutout.lab.demo;

import java.util.SplittableRandom;

/**
 * When callers come to service A: independent people, so a Poisson process. They come whether or not A can serve them
 * (an open loop), and both services A of the show get the very same ones.
 */
final class Arrivals {
    private final SplittableRandom random;
    private final double meanGapNanos;
    private double next;

    Arrivals(int perSecond, long seed) {
        random = new SplittableRandom(seed);
        meanGapNanos = 1e9 / perSecond;
    }

    /** The next arrival, in nanoseconds since the first possible one. */
    long next() {
        next += -Math.log(1 - random.nextDouble()) * meanGapNanos;
        return (long) next;
    }
}
