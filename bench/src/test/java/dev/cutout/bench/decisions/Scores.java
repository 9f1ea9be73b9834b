package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Figures;
import java.util.ArrayList;
import java.util.List;

/** Scores written by hand. */
final class Scores {
    private final List<Score> scores = new ArrayList<>();

    /** One regret for each seed from 1 on. */
    Scores add(String breaker, String world, double... regrets) {
        for (int i = 0; i < regrets.length; i++) {
            scores.add(new Score(world, i + 1, breaker, withRegret(regrets[i]), 0));
        }
        return this;
    }

    Scores add(String breaker, String world, long seed, Figures figures, double refused) {
        scores.add(new Score(world, seed, breaker, figures, refused));
        return this;
    }

    Standings standings() {
        return new Standings(scores);
    }

    private static Figures withRegret(double regret) {
        double none = Double.NaN;
        return new Figures(regret, none, none, none, none, none, none, none, none, none, none);
    }

    /** Only what the drills ask for. */
    static Figures drilled(double opensAfter, double falseOpenings, double admitsAgain, double peakLoad) {
        double none = Double.NaN;
        return new Figures(0, none, none, none, opensAfter, none, falseOpenings, admitsAgain, peakLoad, none, none);
    }
}
