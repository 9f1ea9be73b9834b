package dev.cutout.lab.simulate;

import dev.cutout.lab.simulate.Timeline.Series;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * The charts of one run, one below the other on one time axis: failure rate, state, load on the upstream against its capacity, refusals.
 * All runs of a page are drawn to the same scale, so that they can be compared by eye.
 */
final class Charts {
    /** More would be finer than the lines are wide. */
    static final int MOST_SLICES = 900;
    /** A capacity that is so much more than the load is written, not drawn: the load would be a line at the bottom. */
    private static final double FAR = 2.5;

    /** What the tops of the charts stand for, in attempts a second. */
    record Scale(double load, double refused) {
        static Scale of(Collection<Run> runs) {
            double load = 0;
            double refused = 0;
            double capacity = 0;
            for (Run run : runs) {
                Slices slices = Slices.of(run.timeline(), MOST_SLICES);
                for (int slice = 0; slice < slices.count(); slice++) {
                    load = Math.max(load, slices.mean(Series.OFFERED, slice));
                    load = Math.max(load, slices.mean(Series.ADMITTED, slice));
                    refused = Math.max(refused, slices.mean(Series.REFUSED, slice));
                    capacity = Math.max(capacity, slices.mean(Series.CAPACITY, slice));
                }
            }
            return new Scale(round(capacity > FAR * load ? load : Math.max(load, capacity)), round(refused));
        }

        /** The next number that reads well on an axis. */
        private static double round(double most) {
            double unit = StrictMath.pow(10, Math.floor(StrictMath.log10(Math.max(most, 0.01))));
            for (double factor : new double[] {1, 1.5, 2, 3, 4, 5, 6, 8}) {
                if (factor * unit >= most) {
                    return factor * unit;
                }
            }
            return 10 * unit;
        }
    }

    private final Html html;
    private final World world;
    private final Slices slices;
    private final Scale scale;
    private final List<Incident.Span> troubles;

    Charts(Html html, Run run, Scale scale) {
        this.html = html;
        this.world = run.world();
        this.slices = Slices.of(run.timeline(), MOST_SLICES);
        this.scale = scale;
        troubles = Incident.spans(world);
    }

    void draw() {
        failureRate();
        state();
        load();
        refused();
    }

    private void failureRate() {
        int worst = peak(slices::failureRate);
        double failed = total(Series.FAILED);
        double ended = failed + total(Series.SUCCEEDED);
        String words = ended == 0
                ? "No attempt ended."
                : String.format(
                        Locale.ROOT,
                        "%.1f %% of all attempts failed; at most %.0f %%, first %s.",
                        100 * failed / ended,
                        100 * slices.failureRate(worst),
                        at(worst));
        Plot plot = new Plot(html, slices, troubles);
        plot.caption("Failure rate", "of the attempts that ended");
        plot.begin(64, troubles.isEmpty() ? Plot.Edge.PLAIN : Plot.Edge.TROUBLES, 1, words);
        plot.percents();
        plot.area("failed", slices::failureRate, slice -> 0);
        plot.line("failed", slices::failureRate);
        plot.end();
    }

    private void state() {
        String words = String.format(
                Locale.ROOT,
                "Open for %.0f s of %d s, half-open for %.0f s, closed for the rest%s.",
                total(Series.OPEN),
                slices.seconds(),
                total(Series.HALF_OPEN),
                world.clients() == 1 ? "" : ", on average over the instances");
        IntToDoubleFunction open = mean(Series.OPEN);
        IntToDoubleFunction openOrHalf = slice -> open.applyAsDouble(slice) + slices.mean(Series.HALF_OPEN, slice);
        Plot plot = new Plot(html, slices, troubles);
        plot.caption("State", world.clients() == 1 ? "" : "share of the " + world.clients() + " instances");
        plot.key("open", "open");
        plot.key("half-open", "half-open");
        plot.key("closed", "closed");
        plot.begin(30, Plot.Edge.PLAIN, 1, words);
        plot.percents();
        plot.area("closed", slice -> 1, slice -> 0);
        plot.area("half-open", openOrHalf, open);
        plot.area("open", open, slice -> 0);
        plot.end();
    }

    private void load() {
        IntToDoubleFunction admitted = mean(Series.ADMITTED);
        IntToDoubleFunction capacity = mean(Series.CAPACITY);
        int highest = peak(admitted);
        double most = capacity.applyAsDouble(peak(capacity));
        double beyond = 0;
        for (int slice = 0; slice < slices.count(); slice++) {
            beyond += Math.max(0, slices.sum(Series.ADMITTED, slice) - slices.sum(Series.CAPACITY, slice));
        }
        String words = String.format(
                Locale.ROOT,
                "At most %s attempts a second, first %s, where the capacity is %s; %.0f of %.0f attempts were beyond the capacity.",
                number(admitted.applyAsDouble(highest)),
                at(highest),
                number(capacity.applyAsDouble(highest)),
                beyond,
                total(Series.ADMITTED));
        Plot plot = new Plot(html, slices, troubles);
        plot.caption("Load on the upstream", "attempts a second");
        plot.key("admitted", "admitted");
        plot.key("beyond", "admitted beyond the capacity");
        plot.key("capacity", "capacity");
        plot.key("offered", "calls offered");
        plot.begin(110, Plot.Edge.PLAIN, scale.load, words);
        plot.numbers();
        plot.area("admitted", admitted, slice -> 0);
        plot.area("beyond", admitted, slice -> Math.min(admitted.applyAsDouble(slice), capacity.applyAsDouble(slice)));
        plot.line("offered", mean(Series.OFFERED));
        plot.line("capacity", capacity);
        if (most > scale.load) {
            plot.remark("capacity \u2191 " + number(most));
        }
        plot.end();
    }

    private void refused() {
        IntToDoubleFunction refused = mean(Series.REFUSED);
        int most = peak(refused);
        String words = total(Series.REFUSED) == 0
                ? "None was refused."
                : String.format(
                        Locale.ROOT,
                        "%.0f refused in all; at most %s a second, first %s.",
                        total(Series.REFUSED),
                        number(refused.applyAsDouble(most)),
                        at(most));
        Plot plot = new Plot(html, slices, troubles);
        plot.caption("Refused", "attempts a second");
        plot.begin(56, Plot.Edge.TIMES, scale.refused, words);
        plot.numbers();
        plot.area("refused", refused, slice -> 0);
        plot.line("refused", refused);
        plot.end();
    }

    private IntToDoubleFunction mean(Series series) {
        return slice -> slices.mean(series, slice);
    }

    /** The first slice with the greatest value. */
    private int peak(IntToDoubleFunction values) {
        int peak = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int slice = 0; slice < slices.count(); slice++) {
            if (values.applyAsDouble(slice) > most) {
                peak = slice;
                most = values.applyAsDouble(slice);
            }
        }
        return peak;
    }

    private double total(Series series) {
        double total = 0;
        for (int slice = 0; slice < slices.count(); slice++) {
            total += slices.sum(series, slice);
        }
        return total;
    }

    private String at(int slice) {
        return "at " + slices.from(slice) + " s";
    }

    /** With as many digits as tell something. */
    static String number(double value) {
        String format = value >= 100 || value == Math.rint(value) ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return FiguresText.number(format, value);
    }
}
