package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import dev.cutout.lab.simulate.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How good the decisions of circuit breakers are: all of them in all built-in worlds, in virtual time, on all cores.
 *
 * <ul>
 *   <li>{@code decisions} writes {@code bench/DECISIONS-RESULTS.md} and the table in {@code README.md};
 *   <li>{@code decisions-quick} has two seeds; its page stays in {@code bench/target}.
 * </ul>
 *
 * The scores of all runs are left in {@code bench/target/decisions.tsv}.
 */
public enum DecisionBenchmark {
    /** Eight seeds. */
    FULL("decisions", 8),
    /** Two seeds, and at most two for each {@link Drill}. */
    QUICK("decisions-quick", 2);

    /** Those before it are for tuning. */
    private static final long FIRST_SEED = 101;

    private final String word;
    private final int seeds;

    DecisionBenchmark(String word, int seeds) {
        this.word = word;
        this.seeds = seeds;
    }

    /** Whether there is such a benchmark. */
    public static boolean has(String word) {
        return Stream.of(values()).anyMatch(benchmark -> benchmark.word.equals(word));
    }

    /**
     * Runs it, in the folder of the module.
     *
     * @param word as it is named on the command line
     * @param command what makes the page, without that word
     */
    public static void run(String word, String command) throws IOException, InterruptedException {
        DecisionBenchmark benchmark = Stream.of(values())
                .filter(known -> known.word.equals(word))
                .findFirst()
                .orElseThrow();
        Path target = Files.createDirectories(Path.of("target"));
        List<Score> scores = new ArrayList<>();
        Outcome outcome = benchmark.play(scores);
        Files.write(
                target.resolve("decisions.tsv"),
                scores.stream().map(Score::line).toList());
        long last = FIRST_SEED + benchmark.seeds - 1;
        Page page = new Page(outcome, command + word, "the seeds " + FIRST_SEED + " to " + last);
        if (benchmark == FULL) {
            Files.writeString(Path.of("DECISIONS-RESULTS.md"), page.text());
            new Excerpt(Path.of("..", "README.md")).replace(page.shortForm());
        } else {
            Files.writeString(target.resolve("DECISIONS-RESULTS.md"), page.text());
        }
        System.out.println();
        System.out.println(page.shortForm());
        System.out.println(page.goals());
    }

    private Outcome play(List<Score> all) throws InterruptedException {
        List<Guard.Kind> kinds = Contenders.all();
        Standings usual = play("The usual worlds", matches(Suite.USUAL), kinds, all);
        Standings unlike = play("Unlike worlds", matches(Suite.UNLIKE), kinds, all);
        String hindsight = Outcome.hindsight(usual);
        List<Guard.Kind> drilled = kinds.stream()
                .filter(kind ->
                        Contenders.withoutGrid().contains(kind) || kind.name().equals(hindsight))
                .toList();
        int mostSeeds = this == FULL ? Integer.MAX_VALUE : seeds;
        List<Match> drills = Stream.of(Drill.values())
                .flatMap(drill -> drill.matches(FIRST_SEED, mostSeeds).stream())
                .toList();
        return new Outcome(usual, unlike, play("Plain questions", drills, drilled, all));
    }

    private static Standings play(String title, List<Match> matches, List<Guard.Kind> kinds, List<Score> all)
            throws InterruptedException {
        System.out.println(title + ": " + matches.size() + " worlds, " + kinds.size() + " breakers");
        Progress progress = new Progress(System.out, matches.size() * kinds.size());
        List<Score> scores = new Tournament(Runtime.getRuntime().availableProcessors(), progress).play(matches, kinds);
        all.addAll(scores);
        return new Standings(scores);
    }

    private List<Match> matches(Suite suite) {
        return suite.names().stream()
                .flatMap(
                        name -> LongStream.range(FIRST_SEED, FIRST_SEED + seeds).mapToObj(seed -> Match.of(name, seed)))
                .toList();
    }
}
