package dev.cutout.lab.simulate;

import dev.cutout.CircuitState;
import dev.cutout.lab.Ink;
import dev.cutout.lab.simulate.Timeline.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A run for a terminal: a line for each so many seconds, beside what was wrong at that time. */
final class TimelineText {
    private static final int MOST_LINES = 45;
    /** Characters of the bar for a load that is just the capacity. */
    private static final int FULL = 15;

    private static final int MOST = 2 * FULL;

    private final World world;
    private final Slices slices;
    private final Ink ink;

    private TimelineText(Run run, Ink ink) {
        world = run.world();
        slices = Slices.of(run.timeline(), MOST_LINES);
        this.ink = ink;
    }

    static List<String> lines(Run run, Ink ink) {
        return new TimelineText(run, ink).lines();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(ink.faint(String.format(
                Locale.ROOT,
                "%8s %9s %9s %9s %9s %9s  %-14s %s",
                "time",
                "offered",
                "admitted",
                "good",
                "failed",
                "refused",
                "state",
                "load on the upstream (| is its capacity)")));
        for (int slice = 0; slice < slices.count(); slice++) {
            lines.add(line(slice));
        }
        return lines;
    }

    private String line(int slice) {
        String begins = beginning(slice);
        String line = String.format(
                        Locale.ROOT,
                        "%6d s %9.0f %9.0f %9.0f",
                        slices.from(slice),
                        slices.sum(Series.OFFERED, slice),
                        slices.sum(Series.ADMITTED, slice),
                        slices.sum(Series.SUCCEEDED, slice))
                + count(slices.sum(Series.FAILED, slice), ink::bad)
                + count(slices.sum(Series.REFUSED, slice), ink::warning)
                + "  " + state(slice)
                + " " + bar(slice)
                + " " + (begins.isEmpty() ? "" : ink.bold(begins));
        return line.stripTrailing();
    }

    private static String count(double count, UnaryOperator<String> paint) {
        String text = String.format(Locale.ROOT, " %9.0f", count);
        return count > 0 ? paint.apply(text) : text;
    }

    private String state(int slice) {
        double open = slices.mean(Series.OPEN, slice);
        double halfOpen = slices.mean(Series.HALF_OPEN, slice);
        if (open + halfOpen == 0) {
            return state(CircuitState.CLOSED, "closed");
        }
        if (open == 1) {
            return state(CircuitState.OPEN, "open");
        }
        if (open == 0) {
            return state(CircuitState.HALF_OPEN, percent(halfOpen) + " half-open");
        }
        return state(CircuitState.OPEN, percent(open) + " open");
    }

    private String state(CircuitState state, String text) {
        return ink.state(state, String.format("%-14s", text));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }

    private String bar(int slice) {
        double capacity = slices.sum(Series.CAPACITY, slice);
        double load = slices.sum(Series.ADMITTED, slice);
        int length = capacity == 0 ? (load == 0 ? 0 : MOST) : (int) Math.min(MOST, Math.round(FULL * load / capacity));
        int mark = capacity == 0 ? 0 : FULL;
        int within = Math.min(length, mark);
        String beyond = "#".repeat(length - within);
        return "#".repeat(within)
                + " ".repeat(mark - within)
                + "|"
                + (beyond.isEmpty() ? "" : ink.bad(beyond))
                + " ".repeat(MOST - mark - beyond.length());
    }

    /** What begins in these seconds. */
    private String beginning(int slice) {
        List<String> begins = new ArrayList<>();
        long at = 0;
        for (Stretch stretch : world.plan()) {
            if (at >= slices.from(slice) * Witness.SECOND && at < slices.to(slice) * Witness.SECOND) {
                begins.add(stretch.toString());
            }
            if (stretch instanceof Stretch.Phase phase) {
                at += phase.length().toNanos();
            }
        }
        return String.join("; ", begins);
    }
}
