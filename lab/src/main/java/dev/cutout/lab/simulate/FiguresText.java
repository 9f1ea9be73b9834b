package dev.cutout.lab.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Figures for a terminal: a line for each figure, a column for each kind of guard. */
final class FiguresText {
    /** A figure, as it is named and written. */
    record Line(String name, String format, ToDoubleFunction<Figures> value) {
        String of(Figures figures) {
            return number(format, value.applyAsDouble(figures));
        }
    }

    /** All figures; the regret comes first. */
    static final List<Line> LINES = List.of(
            new Line("regret, % of the calls", "%.2f", Figures::regret),
            new Line("wasted attempts, %", "%.2f", Figures::wasted),
            new Line("needless refusals, %", "%.2f", Figures::needless),
            new Line("opened in outages, %", "%.0f", Figures::opened),
            new Line("opens after, s", "%.2f", Figures::opensAfterSeconds),
            new Line("opens after, calls", "%.0f", Figures::opensAfterCalls),
            new Line("false openings an hour", "%.1f", Figures::falseOpeningsPerHour),
            new Line("admits again after, s", "%.2f", Figures::admitsAgainSeconds),
            new Line("peak load / capacity", "%.2f", Figures::peakLoad),
            new Line("goodput, % of the oracle's", "%.1f", Figures::goodput),
            new Line("time-outs, ms a call", "%.1f", Figures::timeoutMillisPerCall));

    private FiguresText() {}

    static List<String> lines(Map<String, Figures> columns) {
        List<String> lines = new ArrayList<>();
        lines.addAll(legend(List.copyOf(columns.keySet())));
        lines.add(row("", header(columns.size())));
        for (Line line : LINES) {
            lines.add(row(line.name(), columns.values().stream().map(line::of).toList()));
        }
        return lines;
    }

    /** Which letter stands for which guard: their names are too long for columns. */
    static List<String> legend(List<String> names) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            lines.add(header(names.size()).get(i) + " = " + names.get(i));
        }
        return lines;
    }

    static List<String> header(int columns) {
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            letters.add(columns <= 26 ? String.valueOf((char) ('A' + i)) : String.valueOf(i + 1));
        }
        return letters;
    }

    static String row(String name, List<String> cells) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-28s", name));
        cells.forEach(cell -> row.append(String.format(Locale.ROOT, "%9s", cell)));
        return row.toString();
    }

    static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }
}
