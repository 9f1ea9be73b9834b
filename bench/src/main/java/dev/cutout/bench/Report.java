package dev.cutout.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results as a page. */
final class Report {
    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    /** The whole page. */
    String page() {
        StringBuilder page = new StringBuilder();
        page.append("# What a call costs\n\n")
                .append(
                        "Written by the benchmarks; do not edit. Ratios carry over to other machines, times do not.\n\n```\n")
                .append(Main.COMMAND)
                .append(results.profile())
                .append("\n```\n\n");
        appendMachine(page);
        page.append("## Goals\n\n").append(goals()).append('\n');
        appendRows(page);
        appendOverheads(page);
        appendMemory(page);
        appendGrowth(page);
        appendMethod(page);
        return page.toString();
    }

    /** The table of ratios: each goal, what was measured, and whether that is enough. */
    String goals() {
        StringBuilder table = new StringBuilder("| case | goal | measured | |\n| --- | --- | ---: | --- |\n");
        int reached = 0;
        int missed = 0;
        for (Goal goal : Goals.ALL) {
            Numbers numbers = new Numbers(results);
            double value = goal.value().applyAsDouble(numbers);
            double limit = goal.limit().applyAsDouble(numbers);
            String verdict;
            if (Double.isNaN(value) || Double.isNaN(limit)) {
                verdict = "not in " + results.profile();
            } else if (isReached(goal, value, limit)) {
                verdict = "reached";
                reached++;
            } else {
                verdict = "**missed**" + (goal.reason().isEmpty() ? "" : ": " + goal.reason());
                missed++;
            }
            table.append("| ")
                    .append(goal.of())
                    .append(" | ")
                    .append(goal.words())
                    .append(" | ")
                    .append(measured(goal, value, limit))
                    .append(" | ")
                    .append(verdict)
                    .append(numbers.noisy() ? " ~" : "")
                    .append(" |\n");
        }
        table.append(String.format(
                Locale.ROOT,
                "%n%d reached, %d missed, %d not measured.%n",
                reached,
                missed,
                Goals.ALL.size() - reached - missed));
        return table.toString();
    }

    private static boolean isReached(Goal goal, double value, double limit) {
        if (!goal.atMost()) {
            return value >= limit;
        }
        return value <= limit + (goal.unit().equals("B") ? Goals.BYTES_OF_JMH : 0);
    }

    private static String measured(Goal goal, double value, double limit) {
        if (Double.isNaN(value) || Double.isNaN(limit)) {
            return Figures.NONE;
        }
        return switch (goal.unit()) {
            case "ns" ->
                "%s × (%s of %s ns)"
                        .formatted(Figures.measured(value / limit), Figures.measured(value), Figures.measured(limit));
            case "B" -> Figures.bytes(value) + " B";
            default -> Figures.measured(value) + " " + goal.unit();
        };
    }

    private void appendMachine(StringBuilder page) {
        Machine machine = results.machine();
        page.append("| | |\n| --- | --- |\n");
        appendRow(page, "date", results.date());
        appendRow(page, "processor", machine.processor() + ", " + machine.cores() + " cores");
        appendRow(page, "JDK", machine.jdk());
        appendRow(page, "system", machine.system());
        appendRow(page, "a reading of the clock", Figures.measured(new Numbers(results).nanos(Rows.NANO_TIME)) + " ns");
        appendRow(page, "libraries", String.join(", ", results.libraries()));
        appendRow(
                page,
                "rounds",
                results.profile().rounds
                        + "; in each, every row in a JVM of its own. Charts, and bytes without escape analysis: in one");
        page.append('\n');
    }

    private void appendRows(StringBuilder page) {
        page.append("## All rows\n\n")
                .append(
                        "Core-ns is wall time × min(threads, cores) / calls: median (least–most). × raw is against the raw call with as many"
                                + " threads; R4j / this is how many times faster it is than Resilience4j's default closed and succeeding,"
                                + " with as many threads. EA is escape analysis. ~ is noisy.\n\n")
                .append("| | call | threads | core-ns | × raw | R4j / this | B/call | B/call without EA |\n")
                .append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (Row row : Rows.all()) {
            if (row.kind() == Kind.CLIENT) {
                continue; // has a table of its own
            }
            for (int threads : row.threads(results.profile())) {
                Optional<Measured> found = results.of(row.with(threads));
                if (found.isEmpty()) {
                    continue;
                }
                Measured measured = found.get();
                double nanos = measured.coreNanos();
                Numbers numbers = new Numbers(results);
                appendRow(
                        page,
                        row.whose(),
                        row.label(),
                        String.valueOf(threads),
                        time(measured),
                        Figures.measured(nanos / numbers.nanos(Rows.RAW, threads)),
                        row.kind() == Kind.LIMIT
                                ? Figures.NONE
                                : Figures.measured(numbers.nanos(Rows.R4J_COUNT, threads) / nanos),
                        Figures.bytes(measured.bytes()),
                        threads == 1 ? Figures.bytes(numbers.bytesWithoutEscapeAnalysis(row)) : Figures.NONE);
            }
        }
        long noisy = results.measured().stream().filter(Measured::noisy).count();
        page.append("\n%d of %d rows and points of charts, those of the adapters among them, are noisy.\n\n"
                .formatted(noisy, results.measured().size()));
    }

    private void appendOverheads(StringBuilder page) {
        page.append("## Adapters\n\n")
                .append(
                        "The same call of a client, bare and guarded, with the defaults of its adapter; one thread. The server is in the same"
                                + " process, so that bytes are those of both sides. Core-ns as above.\n\n")
                .append("| call | bare, core-ns | guarded, core-ns | over, ns | bare, B | guarded, B | over, B |\n")
                .append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        Numbers numbers = new Numbers(results);
        for (Overhead overhead : Rows.overheads()) {
            Optional<Measured> bare = results.of(overhead.bare().with(1));
            Optional<Measured> guarded = results.of(overhead.guarded().with(1));
            if (bare.isEmpty() || guarded.isEmpty()) {
                continue;
            }
            appendRow(
                    page,
                    overhead.of(),
                    time(bare.get()),
                    time(guarded.get()),
                    Figures.measured(overhead.nanos(numbers)),
                    Figures.bytes(bare.get().bytes()),
                    Figures.bytes(guarded.get().bytes()),
                    Figures.bytes(overhead.bytes(numbers)));
        }
        page.append('\n');
    }

    /** Median and range. */
    private static String time(Measured measured) {
        return "%s (%s–%s)%s"
                .formatted(
                        Figures.measured(measured.coreNanos()),
                        Figures.measured(measured.fastest()),
                        Figures.measured(measured.slowest()),
                        measured.noisy() ? " ~" : "");
    }

    private void appendMemory(StringBuilder page) {
        page.append("## Memory\n\n")
                .append(
                        "Bytes of one more of a thing, by JOL: all objects that can be reached from 101 of them, less those that can be"
                                + " reached from one, divided by 100. What they share (settings, name) counts for none.\n\n")
                .append("| | idle | after ")
                .append(Footprint.CALLS)
                .append(" successful calls |\n| --- | ---: | ---: |\n");
        for (Footprint footprint : results.footprints()) {
            appendRow(page, footprint.of(), Figures.bytes(footprint.idle()), Figures.bytes(footprint.used()));
        }
        page.append(
                "\nA registry with many keys and its default settings: heap after a collection with it, less before it; the keys were there"
                        + " before. No collection runs while breakers are made, by one thread.\n\n"
                        + "| | breakers | B each | made in a second |\n| --- | ---: | ---: | ---: |\n");
        for (KeyedBreakers keyed : results.keyedBreakers()) {
            appendRow(
                    page,
                    keyed.whose(),
                    String.format(Locale.ROOT, "%,d", keyed.breakers()),
                    Figures.bytes(keyed.bytes()),
                    Figures.measured(keyed.perSecond() / 1e6) + " million");
        }
        page.append('\n');
    }

    private void appendGrowth(StringBuilder page) {
        List<Chart> charts = Growth.ALL.stream()
                .map(growth -> new Chart(growth, results))
                .filter(Chart::isMeasured)
                .toList();
        page.append("## Growth\n\n");
        if (charts.isEmpty()) {
            page.append("In the full profile only.\n\n");
            return;
        }
        page.append(Chart.legend()).append("\n\n");
        charts.forEach(chart -> chart.appendTo(page));
    }

    private void appendMethod(StringBuilder page) {
        page.append(
                "## How it is measured\n\n- By JMH, in forks with 1 GB of heap. A round runs each row once, so ratios are between rows"
                        + " that met the same weather. Warm-up in each fork, in milliseconds:");
        page.append(Stream.of(Kind.values())
                .map(kind -> {
                    Profile.Span span = results.profile().warmUp(kind);
                    return kind.words + " " + span.iterations() * span.millis();
                })
                .collect(Collectors.joining(", ", " ", "")));
        page.append(". Then %d iterations of %d ms.%n"
                .formatted(
                        results.profile().measurement().iterations(),
                        results.profile().measurement().millis()));
        page.append(
                "- The call that is guarded is a lambda made beforehand, for each thread its own; it reads a field that is not final, and JMH"
                        + " takes its result. A failure is an exception made beforehand, without stack trace, caught around the call.\n"
                        + "- An iteration is disturbed if everything else on the machine used more than "
                        + Figures.given(Measured.QUIET)
                        + " cores meanwhile (`/proc/stat`, less the CPU time of the fork). Disturbed iterations are left out. Where fewer"
                        + " than three others remain, all count, and the row is noisy.\n"
                        + "- Bytes are what a call allocates, by JMH's `gc` profiler. Without escape analysis means `-XX:-DoEscapeAnalysis`.\n"
                        + "- Near one nanosecond, rows move by half a nanosecond from fork to fork with the layout of the code.\n"
                        + "- Peers have the windows and rates of the row, no listeners and no metrics. Resilience4j always times calls; Sentinel"
                        + " keeps statistics that nobody can switch off; Hystrix runs on the caller's thread.\n"
                        + "- Clients are the JDK's for HTTP/1.1, on one connection that is kept; gRPC's in-process transport with direct executors; H2"
                        + " in memory with its own pool. Without a network, HTTP's client is one of ours that answers on the caller's thread.\n");
    }

    private static void appendRow(StringBuilder page, String... cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
