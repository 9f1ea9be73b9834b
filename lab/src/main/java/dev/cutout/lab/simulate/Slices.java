package dev.cutout.lab.simulate;

import dev.cutout.lab.simulate.Timeline.Series;

/** A timeline in slices of as many seconds each, few enough to be read or drawn. The last may be shorter. */
final class Slices {
    private static final int[] STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600};

    private final Timeline timeline;
    private final int step;

    private Slices(Timeline timeline, int step) {
        this.timeline = timeline;
        this.step = step;
    }

    /** The shortest slices of which there are no more than {@code most}; of an hour, if none are so few. */
    static Slices of(Timeline timeline, int most) {
        int fitting = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0; i--) {
            if (timeline.seconds() <= (long) most * STEPS[i]) {
                fitting = STEPS[i];
            }
        }
        return new Slices(timeline, fitting);
    }

    /** Seconds in a slice. */
    int step() {
        return step;
    }

    /** Seconds in all. */
    int seconds() {
        return timeline.seconds();
    }

    int count() {
        return (timeline.seconds() + step - 1) / step;
    }

    /** The first second of a slice. */
    int from(int slice) {
        return slice * step;
    }

    /** The second after its last one. */
    int to(int slice) {
        return Math.min(from(slice) + step, timeline.seconds());
    }

    double sum(Series series, int slice) {
        return timeline.sum(series, from(slice), to(slice));
    }

    /** What is counted, per second; what is a level, on average. */
    double mean(Series series, int slice) {
        return sum(series, slice) / (to(slice) - from(slice));
    }

    /** Of the attempts that ended in the slice, the share that failed; {@link Double#NaN} if none ended. */
    double failureRate(int slice) {
        double failed = sum(Series.FAILED, slice);
        return failed / (failed + sum(Series.SUCCEEDED, slice));
    }
}
