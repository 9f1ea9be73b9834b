package dev.cutout.bench.decisions;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What decisions must come to, each goal once. Change one here and the page follows. */
final class Goals {
    private static final String ADAPTIVE = Contenders.cutout("adaptive");
    private static final String HANG_LEARNT = Contenders.cutout("adaptive; hang learnt");
    private static final String LIMITED = Contenders.cutout("adaptive; limit adaptive");

    static final List<Goal> ALL = List.of(
            new Goal(
                    "mean regret, usual worlds",
                    "at most 0.5 × the best peer at its best setting",
                    ADAPTIVE,
                    outcome -> outcome.usual().regret(ADAPTIVE),
                    outcome -> 0.5 * outcome.usual().regret(Outcome.bestPeer(outcome.usual())),
                    " %"),
            new Goal(
                    "mean regret, usual worlds",
                    "at most 0.3 × the best default",
                    ADAPTIVE,
                    outcome -> outcome.usual().regret(ADAPTIVE),
                    outcome -> 0.3 * outcome.usual().regret(Outcome.bestDefault(outcome.usual())),
                    " %"),
            new Goal(
                    "mean regret, unlike worlds",
                    "at most 6.5 %",
                    ADAPTIVE,
                    outcome -> outcome.unlike().regret(ADAPTIVE),
                    6.5,
                    " %"),
            worstWorld(ADAPTIVE, 5),
            worstWorld(LIMITED, 4),
            new Goal(
                    "where it is worst against the best default, usual worlds",
                    "at most 0.5 points more regret",
                    ADAPTIVE,
                    outcome -> worstAgainstDefault(outcome.usual()),
                    0.5,
                    ""),
            drill("false openings in an hour of 2 % noise, worst seed", "none", ADAPTIVE, worst(Drill.NOISE), 0, ""),
            drill("refused in a 30 % brown-out, worst seed", "at most 1 %", ADAPTIVE, worst(Drill.BROWN_OUT), 1, " %"),
            drill(
                    "back after about a minute of refusals, median",
                    "at most 1.5 s",
                    ADAPTIVE,
                    usual(Drill.BACK_FROM_REFUSING),
                    1.5,
                    " s"),
            drill(
                    "back after about a minute of refusals, p95",
                    "at most 3 s",
                    ADAPTIVE,
                    worst(Drill.BACK_FROM_REFUSING),
                    3,
                    " s"),
            drill(
                    "back after about a minute of hanging, median",
                    "at most 3 s",
                    ADAPTIVE,
                    usual(Drill.BACK_FROM_HANGING),
                    3,
                    " s"),
            drill(
                    "back after about a minute of hanging, p95",
                    "at most 6 s",
                    ADAPTIVE,
                    worst(Drill.BACK_FROM_HANGING),
                    6,
                    " s"),
            drill(
                    "peak load of 100 clients on a cold start, mean",
                    "at most 1.2 times the capacity",
                    ADAPTIVE,
                    usual(Drill.COLD_START),
                    1.2,
                    ""),
            drill(
                    "opens after the onset of hanging with a time-out of 30 s, worst seed",
                    "at most 2 s",
                    HANG_LEARNT,
                    worst(Drill.PATIENCE),
                    2,
                    " s"));

    /** Gives a breaker's number. */
    private interface Reading {
        double of(Standings drills, String breaker);
    }

    private Goals() {}

    private static Goal worstWorld(String breaker, double limit) {
        ToDoubleFunction<Outcome> regret =
                outcome -> outcome.usual().regret(breaker, outcome.usual().worst(breaker));
        return new Goal(
                "regret in its worst world, usual worlds",
                "at most " + Math.round(limit) + " %",
                breaker,
                regret,
                limit,
                " %");
    }

    private static double worstAgainstDefault(Standings standings) {
        String other = Outcome.bestDefault(standings);
        String world = standings.worstAgainst(ADAPTIVE, other);
        return standings.regret(ADAPTIVE, world) - standings.regret(other, world);
    }

    private static Goal drill(String of, String words, String breaker, Reading reading, double limit, String unit) {
        return new Goal(of, words, breaker, outcome -> reading.of(outcome.drills(), breaker), limit, unit);
    }

    private static Reading usual(Drill drill) {
        return drill::usual;
    }

    private static Reading worst(Drill drill) {
        return drill::bad;
    }
}
