package dev.cutout.lab.simulate;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What happened in each second of a run, as plain numbers to draw from. */
public final class Timeline {
    /** What is known of each second. */
    public enum Series {
        /** Calls that the clients wanted to make. */
        OFFERED,
        /** Attempts that the guards let through, probes and retries among them. */
        ADMITTED,
        /** Calls that succeeded. */
        SUCCEEDED,
        /** Attempts that failed, time-outs among them. */
        FAILED,
        /** Attempts that the guards refused. */
        REFUSED,
        /** Attempts in the upstream's queue, at the end of the second. */
        QUEUED,
        /** Attempts that the upstream had, queued or worked on, at the end of the second. */
        HELD,
        /** Attempts that the upstream could have answered in the second. */
        CAPACITY,
        /** The share of client instances whose guard was open, at the end of the second. */
        OPEN,
        /** The share whose guard was half-open. */
        HALF_OPEN
    }

    private final Map<Series, double[]> values = new EnumMap<>(Series.class);
    private final int seconds;

    Timeline(int seconds) {
        this.seconds = seconds;
        for (Series series : Series.values()) {
            values.put(series, new double[seconds]);
        }
    }

    /** How many seconds there are; the last may be cut short by the end of the world. */
    public int seconds() {
        return seconds;
    }

    /** A value in a second, counted from 0. */
    public double get(Series series, int second) {
        return of(series)[second];
    }

    /** The sum over the seconds from {@code from} to before {@code to}. */
    public double sum(Series series, int from, int to) {
        double sum = 0;
        for (int second = from; second < to; second++) {
            sum += get(series, second);
        }
        return sum;
    }

    /** What comes after the last second (answers to what was sent before) counts in it. */
    void count(Series series, int second) {
        of(series)[Math.min(second, seconds - 1)]++;
    }

    void set(Series series, int second, double value) {
        of(series)[second] = value;
    }

    private double[] of(Series series) {
        return Objects.requireNonNull(values.get(series)); // there is one for each
    }
}
