package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The outcome as a page, and its short form. Nothing in it depends on the machine. */
final class Page {
    /** The row of Resilience4j at its best setting of the grid. */
    static final String HINDSIGHT = "Resilience4j, tuned in hindsight";

    private static final String HEAD = """
            # How good the decisions are

            Written by the benchmark; do not edit. It comes out the same on every machine.

            ```
            %s
            ```

            Each breaker plays each world in virtual time, beside an *oracle* that knows how the upstream is. **Regret** is what it loses against the
            oracle: good calls that were lost and bad calls that were sent, in %% of the calls. [docs/worlds.md](../docs/worlds.md) explains worlds, oracle
            and figures. The numbers in the worlds are drawn from %s. Nothing may be tuned on these; 1 to 8 are for tuning.
            ± is the standard error over the seeds.

            ## Goals

            %s
            """;

    private static final String FOOT = """
            ## Who takes part

            Cutout is the production breaker. `r4j` is Resilience4j, `sre` adaptive throttling. Resilience4j, Failsafe, Sentinel and SmallRye are the real
            libraries on a virtual clock; gobreaker, Hystrix, Envoy and adaptive throttling are rules written from their documentation.
            `src/main/java/dev/cutout/bench/decisions/Peers.java` has their settings, and each `…Guard` beside it says how one is driven.
            """;

    private static final String NONE = "–";

    /** Breakers of the short form, beside Cutout, the best default and the setting of hindsight. */
    private static final List<String> KNOWN = List.of("r4j-default", "r4j-tuned", "gobreaker-default", "none");

    /** A column of the table of figures. */
    private record Column(String title, String format, boolean isTime, ToDoubleFunction<Figures> figure) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("opens after s", "%.2f", true, Figures::opensAfterSeconds),
            new Column("after calls", "%.0f", true, Figures::opensAfterCalls),
            new Column("opened %", "%.0f", false, Figures::opened),
            new Column("wasted %", "%.2f", false, Figures::wasted),
            new Column("needless %", "%.2f", false, Figures::needless),
            new Column("false opens/h", "%.1f", false, Figures::falseOpeningsPerHour),
            new Column("admits again s", "%.1f", true, Figures::admitsAgainSeconds),
            new Column("peak load", "%.2f", false, Figures::peakLoad),
            new Column("goodput %", "%.1f", false, Figures::goodput),
            new Column("time-out ms/call", "%.1f", false, Figures::timeoutMillisPerCall));

    private final Outcome outcome;
    private final String command;
    private final String seeds;

    /**
     * @param command that made the outcome
     * @param seeds those of the suites, in words
     */
    Page(Outcome outcome, String command, String seeds) {
        this.outcome = outcome;
        this.command = command;
        this.seeds = seeds;
    }

    /** The whole page. */
    String text() {
        StringBuilder page = new StringBuilder();
        page.append(HEAD.formatted(command, seeds, goals()));
        appendSuite(
                page,
                "The usual worlds",
                "What happens to services: `cutout simulate --suite usual` plays them.",
                outcome.usual());
        appendSuite(
                page,
                "Unlike worlds",
                "Other kinds of traffic and trouble, at which rules made for the usual may fail: `cutout simulate --suite unlike`.",
                outcome.unlike());
        appendDrills(page);
        page.append(FOOT);
        return page.toString();
    }

    /** The goals as a table. */
    String goals() {
        List<String> lines = new ArrayList<>();
        lines.add("| of | figure | goal | measured | |");
        lines.add("| --- | --- | --- | ---: | --- |");
        Goals.ALL.forEach(goal -> lines.add(goal.row(outcome)));
        return lines(lines);
    }

    /** The rows that matter most, for the README. */
    String shortForm() {
        Standings usual = outcome.usual();
        Standings unlike = outcome.unlike();
        List<String> lines = new ArrayList<>();
        lines.add("| | mean regret | in its worst world | in unlike worlds | back after a minute or so of outage |");
        lines.add("| --- | ---: | ---: | ---: | ---: |");
        List<String> breakers = Stream.of(
                        Contenders.cutout().stream().map(kind -> kind.name()).toList(),
                        List.of(Outcome.hindsight(usual), Outcome.bestDefault(usual)),
                        KNOWN)
                .flatMap(List::stream)
                .filter(usual::has)
                .distinct()
                .sorted(Comparator.comparingDouble(usual::regret))
                .toList();
        for (String breaker : breakers) {
            lines.add(row(List.of(
                    title(breaker, usual),
                    format("%.1f %%", usual.regret(breaker)),
                    format("%.1f %%", usual.regret(breaker, usual.worst(breaker))),
                    format("%.1f %%", unlike.regret(breaker)),
                    breaker.equals("none")
                            ? NONE
                            : format("%.1f s", Drill.BACK_FROM_REFUSING.usual(outcome.drills(), breaker)))));
        }
        return lines(lines);
    }

    // ---- a suite

    private static void appendSuite(StringBuilder page, String title, String what, Standings standings) {
        page.append("## ")
                .append(title)
                .append("\n\n")
                .append(what)
                .append("\n\n### Regret, % of the calls\n\n")
                .append(regrets(standings))
                .append("\n### Figures\n\n")
                .append(
                        "Means over the worlds to which a figure applies; times to open and to admit again, and calls: medians of the worlds.\n\n")
                .append(figures(standings))
                .append("\n\"")
                .append(HINDSIGHT)
                .append("\": here the best of 39 settings is `")
                .append(Outcome.hindsight(standings))
                .append("`.\n\n");
    }

    private static String regrets(Standings standings) {
        List<String> lines = new ArrayList<>();
        lines.add(row(Stream.of(List.of("breaker", "mean", "worst"), standings.worlds())
                .flatMap(List::stream)
                .toList()));
        lines.add("| --- |" + " ---: |".repeat(standings.worlds().size() + 2));
        for (String breaker : shown(standings)) {
            List<String> cells = new ArrayList<>();
            cells.add(title(breaker, standings));
            cells.add("**" + format("%.2f", standings.regret(breaker)) + "** ± "
                    + format("%.2f", standings.standardError(breaker)));
            String worst = standings.worst(breaker);
            cells.add(format("%.1f", standings.regret(breaker, worst))
                    + (standings.regret(breaker) == 0 ? "" : " (" + worst + ")"));
            standings.worlds().forEach(world -> cells.add(format("%.2f", standings.regret(breaker, world))));
            lines.add(row(cells));
        }
        return lines(lines);
    }

    private static String figures(Standings standings) {
        List<String> lines = new ArrayList<>();
        lines.add(row(Stream.concat(Stream.of("breaker"), COLUMNS.stream().map(Column::title))
                .toList()));
        lines.add("| --- |" + " ---: |".repeat(COLUMNS.size()));
        for (String breaker : shown(standings)) {
            List<String> cells = new ArrayList<>();
            cells.add(title(breaker, standings));
            for (Column column : COLUMNS) {
                double value = column.isTime()
                        ? standings.median(breaker, column.figure())
                        : standings.mean(breaker, column.figure());
                cells.add(format(column.format(), value));
            }
            lines.add(row(cells));
        }
        return lines(lines);
    }

    /** From the best to the worst. Of the grid, its best setting alone. */
    private static List<String> shown(Standings standings) {
        List<String> grid = Peers.resilience4jGrid().stream()
                .map(kind -> kind.name())
                .filter(name ->
                        Peers.all().stream().noneMatch(peer -> peer.name().equals(name)))
                .toList();
        String hindsight = Outcome.hindsight(standings);
        return standings.breakers().stream()
                .filter(breaker -> breaker.equals(hindsight) || !grid.contains(breaker))
                .sorted(Comparator.comparingDouble(standings::regret))
                .toList();
    }

    private static String title(String breaker, Standings standings) {
        return breaker.equals(Outcome.hindsight(standings)) ? HINDSIGHT : breaker;
    }

    // ---- drills

    private void appendDrills(StringBuilder page) {
        Standings drills = outcome.drills();
        page.append("## Plain questions\n\n")
                .append(
                        "Each with many seeds, from 101 on. \"Back\" is the start of the first second of which 95 % are admitted.\n\n");
        List<Drill> asked = List.of(Drill.values());
        List<String> lines = new ArrayList<>();
        lines.add(row(Stream.concat(
                        Stream.of("breaker"), asked.stream().map(drill -> drill.title() + ": " + drill.summary()))
                .toList()));
        lines.add("| --- |" + " ---: |".repeat(asked.size()));
        shown(outcome.usual()).stream().filter(drills::has).forEach(breaker -> {
            List<String> cells = new ArrayList<>();
            cells.add(title(breaker, outcome.usual()));
            for (Drill drill : asked) {
                cells.add(format("%.2f", drill.usual(drills, breaker)) + " / "
                        + format("%.2f", drill.bad(drills, breaker)));
            }
            lines.add(row(cells));
        });
        page.append(lines(lines)).append("\nTheir worlds:\n\n```\n");
        asked.forEach(drill -> page.append(drill.world()).append('\n'));
        page.append("```\n\n");
    }

    // ---- text

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private static String format(String format, double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        return Double.isInfinite(value) ? "never" : String.format(Locale.ROOT, format, value);
    }
}
