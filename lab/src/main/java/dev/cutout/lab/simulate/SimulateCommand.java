package dev.cutout.lab.simulate;

import dev.cutout.CircuitSettings;
import dev.cutout.SettingsSyntaxException;
import dev.cutout.lab.Ink;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cutout simulate}: plays worlds in virtual time and prints what happened and what it came to. */
@Command(
        name = "simulate",
        description =
                "Plays a world in virtual time with each of the settings, and measures their decisions beside an oracle's.",
        footer = {"", "docs/worlds.md describes how worlds are written, and the figures."},
        sortOptions = false)
public final class SimulateCommand implements Callable<Integer> {
    private static final String NONE = "none";
    private static final int SUITE_SEEDS = 8;
    private static final int MOST_SEEDS = 1_000_000;

    @Option(
            names = "--world",
            paramLabel = "<world>",
            description = "One line such as \"steady 100/s; outage 60s; heal 60s\", or the name of a built-in world.")
    private @Nullable String world;

    @Option(
            names = "--suite",
            arity = "0..1",
            fallbackValue = "usual",
            paramLabel = "<suite>",
            description =
                    "Plays the built-in worlds and prints the regret in each: the usual ones, or those that are unlike them."
                            + " One of ${COMPLETION-CANDIDATES}; usual if nothing is said.")
    private @Nullable Suite suite;

    @Option(
            names = "--settings",
            paramLabel = "<one line>",
            description =
                    "Settings of the breaker, or none for no breaker; may be given several times. Default: classic.")
    private List<String> settings = List.of("classic");

    @Option(names = "--seed", paramLabel = "<number>", description = "All chance comes from it. Default: 1.")
    private long seed = 1;

    @Option(
            names = "--seeds",
            paramLabel = "<number>",
            description = "Plays so many seeds, from --seed on, and prints means. Default: 1, with --suite 8.")
    private @Nullable Integer seeds;

    @Option(
            names = "--html",
            paramLabel = "<file>",
            description = "Also writes a page with charts, or with --suite a heat map, into this file.")
    private @Nullable Path page;

    @Option(
            names = "--no-color",
            description = "No colours. They are also off when NO_COLOR is set or no terminal reads.")
    private boolean noColor;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this and does nothing.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Override
    public Integer call() {
        if ((suite != null) == (world != null)) {
            throw refused(
                    "say either --world or --suite, for example: cutout simulate --world \"steady 100/s; outage 60s; heal\"");
        }
        if (seeds != null && (seeds < 1 || seeds > MOST_SEEDS)) {
            throw refused("--seeds: " + seeds + " is not a number from 1 to " + MOST_SEEDS);
        }
        checkPage();
        List<Guard.Kind> kinds = new ArrayList<>();
        for (String line : settings) {
            kinds.add(kind(line));
        }
        try {
            String html = suite != null ? play(suite, kinds) : play(Objects.requireNonNull(world), kinds);
            if (page != null) {
                Files.writeString(page, html);
                spec.commandLine().getOut().println(System.lineSeparator() + "Written: " + page);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw refused("--html: " + page + " cannot be written: " + e);
        } catch (InvariantException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(spec.qualifiedName() + ": " + e.getMessage());
            err.flush();
            return ExitCode.SOFTWARE;
        }
    }

    /** Before the work, not after it. */
    private void checkPage() {
        if (page == null) {
            return;
        }
        Path folder = page.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw refused("--html: the folder of " + page + " does not exist");
        }
        if (Files.isDirectory(page)) {
            throw refused("--html: " + page + " is a folder");
        }
    }

    /** Plays a world and prints what came of it; returns the page about it. */
    private String play(String text, List<Guard.Kind> kinds) {
        PrintWriter out = spec.commandLine().getOut();
        Ink ink = Ink.unless(noColor);
        World first = world(text, seed);
        int runs = seeds == null ? 1 : seeds;
        out.println("World: " + first);
        out.println(
                runs == 1
                        ? "Seed:  " + seed
                        : "Seeds: " + seed + " to " + (seed + runs - 1) + " (the world above is the first)");
        Map<String, List<Figures>> figures = new LinkedHashMap<>();
        Map<String, Run> shown = new LinkedHashMap<>();
        try (Progress progress = new Progress(spec.commandLine().getErr(), runs * (kinds.size() + 1))) {
            for (long s = seed; s < seed + runs; s++) {
                World played = world(text, s);
                progress.step(Oracle.NAME);
                Run oracle = Run.oracle(played, s);
                for (Guard.Kind kind : kinds) {
                    progress.step(kind.name());
                    Run run = Run.of(played, s, kind);
                    figures.computeIfAbsent(kind.name(), name -> new ArrayList<>())
                            .add(run.figures(oracle));
                    shown.putIfAbsent(kind.name(), run);
                    if (runs == 1) {
                        out.println();
                        out.println(ink.bold(kind.name()));
                        TimelineText.lines(run, ink).forEach(out::println);
                    }
                }
                figures.computeIfAbsent(Oracle.NAME, name -> new ArrayList<>()).add(oracle.figures(oracle));
                shown.putIfAbsent(Oracle.NAME, oracle);
            }
        }
        Map<String, Figures> means = new LinkedHashMap<>();
        figures.forEach((name, list) -> means.put(name, Figures.mean(list)));
        Map<String, Figures> breakers = new LinkedHashMap<>(means);
        breakers.remove(Oracle.NAME);
        out.println();
        FiguresText.lines(breakers).forEach(out::println);
        out.flush();
        String seedsText = runs == 1
                ? "Seed " + seed + "."
                : "The figures are means of the seeds " + seed + " to " + (seed + runs - 1)
                        + ", the charts are of the first.";
        return RunPage.of(text, seedsText, command(), List.copyOf(shown.values()), means);
    }

    /** Plays a suite and prints the regret in each of its worlds; returns the page about it. */
    private String play(Suite played, List<Guard.Kind> kinds) {
        PrintWriter out = spec.commandLine().getOut();
        Ink ink = Ink.unless(noColor);
        int runs = seeds == null ? SUITE_SEEDS : seeds;
        String seedsText = "seeds " + seed + " to " + (seed + runs - 1);
        List<String> guards = kinds.stream().map(Guard.Kind::name).toList();
        out.println("Regret, % of the calls, " + seedsText);
        FiguresText.legend(guards).forEach(out::println);
        out.println(ink.faint(FiguresText.row("", FiguresText.header(kinds.size()))));
        double[] sums = new double[kinds.size()];
        Map<String, double[]> table = new LinkedHashMap<>();
        List<String> names = played.names();
        try (Progress progress = new Progress(spec.commandLine().getErr(), names.size() * runs * (kinds.size() + 1))) {
            for (String name : names) {
                double[] regrets = new double[kinds.size()];
                for (long s = seed; s < seed + runs; s++) {
                    World drawn = world(name, s);
                    progress.step(name);
                    Run oracle = Run.oracle(drawn, s);
                    for (int i = 0; i < regrets.length; i++) {
                        progress.step(name);
                        regrets[i] +=
                                Run.of(drawn, s, kinds.get(i)).figures(oracle).regret() / runs;
                    }
                }
                for (int i = 0; i < regrets.length; i++) {
                    sums[i] += regrets[i] / names.size();
                }
                table.put(name, regrets);
                progress.clear();
                out.println(row(name, regrets));
                out.flush();
            }
        }
        out.println(ink.bold(row("mean", sums)));
        out.flush();
        return SuitePage.of("Means of the " + seedsText + ".", command(), guards, table, sums);
    }

    /** The command that does the same again. */
    private String command() {
        List<String> words = new ArrayList<>(List.of("cutout", "simulate"));
        words.addAll(world == null ? List.of("--suite", String.valueOf(suite)) : List.of("--world", world));
        for (String line : settings) {
            words.addAll(List.of("--settings", line));
        }
        words.addAll(List.of("--seed", String.valueOf(seed)));
        if (seeds != null) {
            words.addAll(List.of("--seeds", String.valueOf(seeds)));
        }
        if (page != null) {
            words.addAll(List.of("--html", page.toString()));
        }
        return ShellWords.join(words);
    }

    private static String row(String name, double[] values) {
        List<String> cells = new ArrayList<>();
        for (double value : values) {
            cells.add(FiguresText.number("%.2f", value));
        }
        return FiguresText.row(name, cells);
    }

    private World world(String text, long worldSeed) {
        try {
            return Suite.world(text, worldSeed).orElseGet(() -> World.parse(text));
        } catch (WorldSyntaxException e) {
            boolean oneWord = text.matches("[\\w-]+");
            String names = oneWord
                    ? System.lineSeparator() + "The built-in worlds are "
                            + Stream.of(Suite.values())
                                    .flatMap(known -> known.names().stream())
                                    .collect(Collectors.joining(", "))
                            + "."
                    : "";
            throw refused("--world: " + e.getMessage() + System.lineSeparator()
                    + e.pointer().indent(2).stripTrailing() + names);
        }
    }

    private Guard.Kind kind(String line) {
        if (line.equals(NONE)) {
            return new Unguarded();
        }
        try {
            return CutoutGuard.with(CircuitSettings.parse(line));
        } catch (SettingsSyntaxException e) {
            throw refused("--settings: " + e.getMessage() + System.lineSeparator()
                    + e.pointer().indent(2).stripTrailing());
        }
    }

    private ParameterException refused(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
