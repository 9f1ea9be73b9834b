package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Figures;
import dev.cutout.lab.simulate.Run;
import dev.cutout.lab.simulate.Timeline;
import dev.cutout.lab.simulate.Timeline.Series;

/**
 * What one breaker came to in one world with one seed.
 *
 * @param refused attempts that it refused, in % of the calls
 */
record Score(String world, long seed, String breaker, Figures figures, double refused) {
    static Score of(Match match, String breaker, Run run, Run oracle) {
        Timeline timeline = run.timeline();
        double refused = 100 * timeline.sum(Series.REFUSED, 0, timeline.seconds()) / run.calls();
        return new Score(match.name(), match.seed(), breaker, run.figures(oracle), refused);
    }

    /** With tabs between the values; a header is not needed to read {@link Figures}. */
    String line() {
        return world + "\t" + seed + "\t" + breaker + "\t" + refused + "\t" + figures;
    }
}
