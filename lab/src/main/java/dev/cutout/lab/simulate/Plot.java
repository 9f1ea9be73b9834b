package dev.cutout.lab.simulate;

import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/** One chart as a drawing: values over slices of time, on bands that show when something was wrong. Colours are the style sheet's. */
final class Plot {
    /** What stands above or below the values, beside nothing. */
    enum Edge {
        /** Nothing. */
        PLAIN,
        /** Above: the names of the troubles. */
        TROUBLES,
        /** Below: the times. */
        TIMES
    }

    // in units of the drawing, which is stretched to the width of the page
    static final int LEFT = 52;
    static final int WIDTH = 940;
    private static final int RIGHT = LEFT + WIDTH;
    private static final int MARGIN = 6;
    private static final int LINE = 18;
    /** About the width of one. */
    private static final int CHARACTER = 6;

    private static final int[] STEPS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400
    };
    private static final int MOST_STEPS = 12;

    private final Html html;
    private final Slices slices;
    private final List<Incident.Span> troubles;
    private String name = "";
    private int top;
    private int height;
    private double full;

    Plot(Html html, Slices slices, List<Incident.Span> troubles) {
        this.html = html;
        this.slices = slices;
        this.troubles = troubles;
    }

    // ---- the frame, in this order

    void caption(String of, String unit) {
        name = of;
        html.open("figure").open("figcaption").element("b", of);
        if (!unit.isEmpty()) {
            html.text(" ").element("span", unit, "class", "unit");
        }
    }

    /** What a colour stands for, in the caption. */
    void key(String kind, String meaning) {
        html.text(" ").open("span", "class", "key");
        html.open("i", "class", kind).close().text(meaning).close();
    }

    /**
     * Ends the caption and begins the drawing.
     *
     * @param most what the top stands for; what is greater is drawn at the top
     * @param words what there is to see, for whoever does not see it
     */
    void begin(int plotHeight, Edge edge, double most, String words) {
        top = edge == Edge.TROUBLES ? LINE + 2 : MARGIN;
        height = plotHeight;
        full = most;
        int bottom = top + height + (edge == Edge.TIMES ? LINE : MARGIN);
        html.close().newLine();
        html.open(
                "svg",
                "class",
                "plot",
                "role",
                "img",
                "aria-label",
                name + " over time. " + words,
                "viewBox",
                "0 0 " + (RIGHT + LINE) + " " + bottom);
        for (Incident.Span trouble : troubles) {
            String width = unit(x(seconds(trouble.end())) - x(seconds(trouble.onset())));
            String left = unit(x(seconds(trouble.onset())));
            html.empty("rect", "class", "trouble", "x", left, "y", unit(top), "width", width, "height", unit(height));
        }
        if (edge == Edge.TROUBLES) {
            troubleNames();
        }
        times(edge == Edge.TIMES);
    }

    private void times(boolean written) {
        int step = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0; i--) {
            if (slices.seconds() <= MOST_STEPS * STEPS[i]) {
                step = STEPS[i];
            }
        }
        for (int second = 0; second <= slices.seconds(); second += step) {
            upright("grid", unit(x(second)));
            if (written) {
                label("x", time(second, step), x(second), top + height + LINE - 4);
            }
        }
    }

    /** Each where it begins, as far as there is room. */
    private void troubleNames() {
        double free = LEFT;
        for (Incident.Span trouble : troubles) {
            double width = CHARACTER * trouble.name().length();
            double x = Math.min(x(seconds(trouble.onset())), RIGHT - width);
            if (x >= free) {
                label("name", trouble.name(), x, top - MARGIN);
                free = x + width + CHARACTER;
            }
        }
    }

    void percents() {
        for (double share : new double[] {0, 0.5, 1}) {
            if (share != 0.5 || height > 2 * LINE) {
                tick(share, String.format(Locale.ROOT, "%.0f %%", 100 * share * full));
            }
        }
    }

    void numbers() {
        for (double share : new double[] {0, 0.5, 1}) {
            tick(share, Charts.number(share * full));
        }
    }

    private void tick(double share, String text) {
        String y = unit(y(share * full));
        html.empty("line", "class", "grid", "x1", unit(LEFT), "x2", unit(RIGHT), "y1", y, "y2", y);
        label("y", text, LEFT - MARGIN, y(share * full) + 4);
    }

    /** In the upper right corner. */
    void remark(String text) {
        label("remark", text, RIGHT - MARGIN, top + 12);
    }

    void end() {
        upright("cursor", "0");
        html.close().close().newLine();
    }

    private void upright(String kind, String x) {
        html.empty("line", "class", kind, "x1", x, "x2", x, "y1", unit(top), "y2", unit(top + height));
    }

    private void label(String kind, String text, double x, double y) {
        html.element("text", text, "class", kind, "x", unit(x), "y", unit(y));
    }

    private static String time(int second, int step) {
        return step < 60 ? second + " s" : step < 3_600 ? second / 60 + " min" : second / 3_600 + " h";
    }

    // ---- the values

    /** A line of steps, with gaps where there is no value. */
    void line(String kind, IntToDoubleFunction values) {
        StringBuilder path = new StringBuilder();
        String last = "";
        for (int slice = 0; slice < slices.count(); slice++) {
            String y = y(values, slice);
            if (y.equals(last)) {
                continue;
            }
            String x = unit(x(slices.from(slice)));
            if (!last.isEmpty()) {
                path.append('H').append(x);
            }
            if (!y.isEmpty()) {
                path.append(last.isEmpty() ? "M" + x + " " : "V").append(y);
            }
            last = y;
        }
        if (!last.isEmpty()) {
            path.append('H').append(unit(x(slices.seconds())));
        }
        html.empty("path", "class", "line " + kind, "d", path.toString());
    }

    /** The area between two lines of steps, where both have values. */
    void area(String kind, IntToDoubleFunction upper, IntToDoubleFunction lower) {
        StringBuilder path = new StringBuilder();
        int end;
        for (int slice = 0; slice < slices.count(); slice = end) {
            String y = y(upper, slice);
            String base = y(lower, slice);
            end = slice + 1;
            while (end < slices.count() && y.equals(y(upper, end)) && base.equals(y(lower, end))) {
                end++;
            }
            if (!y.isEmpty() && !base.isEmpty() && !y.equals(base)) {
                String left = unit(x(slices.from(slice)));
                String right = unit(x(slices.to(end - 1)));
                path.append('M').append(left).append(' ').append(base);
                path.append('V').append(y).append('H').append(right);
                path.append('V').append(base).append('Z');
            }
        }
        html.empty("path", "class", "area " + kind, "d", path.toString());
    }

    private String y(IntToDoubleFunction values, int slice) {
        double value = values.applyAsDouble(slice);
        return Double.isNaN(value) ? "" : unit(y(value));
    }

    private double y(double value) {
        return top + height * (1 - Math.min(1, value / full));
    }

    private static double seconds(long nanos) {
        return (double) nanos / Witness.SECOND;
    }

    private double x(double second) {
        return LEFT + WIDTH * second / slices.seconds();
    }

    private static String unit(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
