package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import dev.cutout.lab.simulate.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Plays matches, several at a time, each run on one thread. What comes out does not depend on how many threads there are. */
final class Tournament {
    static final String ORACLE = "oracle";

    private final int threads;
    private final Progress progress;

    Tournament(int threads, Progress progress) {
        this.threads = threads;
        this.progress = progress;
    }

    /** The scores of the oracle and of each of these in each match, match by match. */
    List<Score> play(List<Match> matches, List<Guard.Kind> kinds) throws InterruptedException {
        List<Callable<List<Score>>> tasks = new ArrayList<>();
        for (Match match : matches) {
            tasks.add(() -> play(match, kinds));
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Score> scores = new ArrayList<>();
            for (Future<List<Score>> played : executor.invokeAll(tasks)) {
                scores.addAll(played.get());
            }
            return scores;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private List<Score> play(Match match, List<Guard.Kind> kinds) {
        List<Score> scores = new ArrayList<>();
        Run oracle = Run.oracle(match.world(), match.seed());
        scores.add(Score.of(match, ORACLE, oracle, oracle));
        for (Guard.Kind kind : kinds) {
            Run run = Run.of(match.world(), match.seed(), kind);
            scores.add(Score.of(match, kind.name(), run, oracle));
            progress.step(match.name());
        }
        return scores;
    }
}
