package dev.cutout.lab.simulate;

import dev.cutout.lab.simulate.Timeline.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run for a terminal: a line for each so many seconds, beside what was wrong at that time. */
final class TimelineText {
    private static final int MOST_LINES = 45;
    private static final int[] STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600};
    /** Characters of the bar for a load that is just the capacity. */
    private static final int FULL = 15;

    private static final int MOST = 2 * FULL;

    private final World world;
    private final Timeline timeline;
    private final int step;

    private TimelineText(Run run) {
        world = run.world();
        timeline = run.timeline();
        int fitting = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0; i--) {
            if (timeline.seconds() <= MOST_LINES * STEPS[i]) {
                fitting = STEPS[i];
            }
        }
        step = fitting;
    }

    static List<String> lines(Run run) {
        return new TimelineText(run).lines();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%8s %9s %9s %9s %9s %9s  %-14s %s",
                "time",
                "offered",
                "admitted",
                "good",
                "failed",
                "refused",
                "state",
                "load on the upstream (| is its capacity)"));
        for (int from = 0; from < timeline.seconds(); from += step) {
            lines.add(line(from, Math.min(from + step, timeline.seconds())));
        }
        return lines;
    }

    private String line(int from, int to) {
        String numbers = String.format(
                Locale.ROOT,
                "%6d s %9.0f %9.0f %9.0f %9.0f %9.0f  %-14s %-" + (MOST + 1) + "s %s",
                from,
                timeline.sum(Series.OFFERED, from, to),
                timeline.sum(Series.ADMITTED, from, to),
                timeline.sum(Series.SUCCEEDED, from, to),
                timeline.sum(Series.FAILED, from, to),
                timeline.sum(Series.REFUSED, from, to),
                state(from, to),
                bar(from, to),
                beginning(from, to));
        return numbers.stripTrailing();
    }

    private String state(int from, int to) {
        double open = timeline.sum(Series.OPEN, from, to) / (to - from);
        double halfOpen = timeline.sum(Series.HALF_OPEN, from, to) / (to - from);
        if (open + halfOpen == 0) {
            return "closed";
        }
        if (open == 1) {
            return "open";
        }
        if (open == 0) {
            return percent(halfOpen) + " half-open";
        }
        return percent(open) + " open";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }

    private String bar(int from, int to) {
        double capacity = timeline.sum(Series.CAPACITY, from, to);
        double load = timeline.sum(Series.ADMITTED, from, to);
        int length = capacity == 0 ? (load == 0 ? 0 : MOST) : (int) Math.min(MOST, Math.round(FULL * load / capacity));
        StringBuilder bar = new StringBuilder("#".repeat(length)).append(" ".repeat(MOST - length));
        bar.insert(capacity == 0 ? 0 : FULL, '|');
        return bar.toString();
    }

    /** What begins in these seconds. */
    private String beginning(int from, int to) {
        List<String> begins = new ArrayList<>();
        long at = 0;
        for (Stretch stretch : world.plan()) {
            if (at >= from * Witness.SECOND && at < to * Witness.SECOND) {
                begins.add(stretch.toString());
            }
            if (stretch instanceof Stretch.Phase phase) {
                at += phase.length().toNanos();
            }
        }
        return String.join("; ", begins);
    }
}
