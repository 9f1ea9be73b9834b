package dev.cutout;

/**
 * A time of trouble with the dependency, as the adaptive recovery sees it: it begins with an opening and goes on until the circuit closes. Openings of a
 * recovery that fails belong to the same trouble, so that probes become no more frequent by it. Immutable.
 *
 * @param began ticker reading of its first sign
 * @param lastSign ticker reading of the latest: a failure, or a call held back
 * @param calls how many calls were asked for since it began, while any was refused
 * @param knee calls in flight above which the ramp went wrong last; infinite if it never did
 */
record Trouble(long began, long lastSign, long calls, double knee) {
    private static Trouble fresh(long now) {
        return new Trouble(now, now, 0, Double.POSITIVE_INFINITY);
    }

    /** The trouble that shows now: the same, where a recovery fails at this moment; else another. */
    static Trouble showing(Past past, long now) {
        Trouble latest = past.trouble();
        return latest == null || latest.lastSign != now ? fresh(now) : latest;
    }

    /** Nanoseconds. */
    long length() {
        return lastSign - began;
    }

    Trouble seen(long now, long calls) {
        return new Trouble(began, now, calls, knee);
    }

    Trouble withKnee(double lower) {
        return new Trouble(began, lastSign, calls, Math.min(knee, lower));
    }
}
