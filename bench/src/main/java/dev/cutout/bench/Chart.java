package dev.cutout.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Growth as a chart, a table and a sentence. The chart is Mermaid, which GitHub draws. */
final class Chart {
    /** The most may be so many times the least, or so many nanoseconds above it, and it is still called flat. */
    private static final double FLAT = 1.25;

    private static final double FLAT_NANOS = 1;

    private final Growth growth;
    private final Results results;

    Chart(Growth growth, Results results) {
        this.growth = growth;
        this.results = results;
    }

    boolean isMeasured() {
        return growth.series().stream()
                .flatMap(series -> growth.values().stream().map(series::at))
                .allMatch(what -> results.of(what).isPresent());
    }

    void appendTo(StringBuilder page) {
        page.append("### ").append(growth.of()).append("\n\n```mermaid\nxychart-beta\n");
        page.append("    title \"core-ns a call, by ").append(growth.of()).append("\"\n");
        page.append(growth.values().stream()
                .map(value -> '"' + count(value) + '"')
                .collect(Collectors.joining(", ", "    x-axis [", "]\n")));
        page.append("    y-axis \"core-ns\" 0 --> ")
                .append(Math.round(Math.ceil(1.1 * highest())))
                .append('\n');
        for (Growth.Series series : growth.series()) {
            page.append(growth.values().stream()
                    .map(value -> String.format(Locale.ROOT, "%.2f", nanos(series, value)))
                    .collect(Collectors.joining(", ", "    line [", "]\n")));
        }
        page.append("```\n\n");

        page.append(row(growth.of(), growth.values().stream().map(Chart::count).toList()));
        page.append(row("---", growth.values().stream().map(value -> "---:").toList()));
        for (Growth.Series series : growth.series()) {
            page.append(row(
                    series.label(),
                    growth.values().stream().map(value -> cell(series, value)).toList()));
        }
        page.append('\n');
        page.append(growth.series().stream().map(this::sentence).collect(Collectors.joining(" ", "", "\n\n")));
    }

    /** Says what the numbers show, no more. */
    private String sentence(Growth.Series series) {
        String numbers =
                series.label() + " (" + Figures.measured(least(series)) + " to " + Figures.measured(most(series)) + ")";
        if (isFlat(series)) {
            return "Flat: " + numbers + ".";
        }
        return "Not flat: " + numbers + ". " + (series.because().isEmpty() ? "No reason is known." : series.because());
    }

    private boolean isFlat(Growth.Series series) {
        double least = least(series);
        double most = most(series);
        return most <= FLAT * least || most - least <= FLAT_NANOS;
    }

    private double least(Growth.Series series) {
        return growth.values().stream()
                .mapToDouble(value -> nanos(series, value))
                .min()
                .orElseThrow();
    }

    private double most(Growth.Series series) {
        return growth.values().stream()
                .mapToDouble(value -> nanos(series, value))
                .max()
                .orElseThrow();
    }

    private double highest() {
        return growth.series().stream().mapToDouble(this::most).max().orElseThrow();
    }

    private double nanos(Growth.Series series, int value) {
        return results.of(series.at(value)).orElseThrow().coreNanos();
    }

    private String cell(Growth.Series series, int value) {
        return Figures.measured(nanos(series, value))
                + (results.of(series.at(value)).orElseThrow().noisy() ? " ~" : "");
    }

    private static String count(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String row(String first, List<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells) + " |\n";
    }

    /** What the report says of all charts. */
    static String legend() {
        return "Core-ns a call. A line for each row of the table, in its order. Flat is: the most is at most "
                + Figures.given(FLAT) + " × the least, or " + Figures.given(FLAT_NANOS) + " ns above it.";
    }
}
