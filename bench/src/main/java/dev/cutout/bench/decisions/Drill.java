package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Template;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * One question in one plain world, asked with many seeds. How long an outage lasts is drawn: a fixed wait that happens to end just after it
 * would look like foresight.
 */
enum Drill {
    BACK_FROM_REFUSING(
            "back after about a minute of refusals, s",
            "steady 100/s; run 60s; outage [45000-75000]ms; run 60s",
            40,
            Summary.MEDIAN_AND_P95,
            score -> score.figures().admitsAgainSeconds()),
    BACK_FROM_HANGING(
            "back after about a minute of hanging, s",
            "steady 100/s; run 60s; hang [45000-75000]ms; run 60s",
            40,
            Summary.MEDIAN_AND_P95,
            score -> score.figures().admitsAgainSeconds()),
    NOISE(
            "false openings in an hour of 2 % noise",
            "steady 50/s; errors 2%; run 1h",
            8,
            Summary.MEAN_AND_WORST,
            score -> score.figures().falseOpeningsPerHour()),
    BROWN_OUT(
            "refused in a 30 % brown-out, %",
            "steady 100/s; run 10s; errors 30% for 10m", 8, Summary.MEAN_AND_WORST, Score::refused),
    COLD_START(
            "peak load of 100 clients on a cold start, × capacity",
            "clients 100; steady 500/s; service 40ms; slots 40; queue 80; overload slows 1.5x; cold start 10% over 20s;"
                    + " run 30s; crash [20000-40000]ms; run 90s",
            16,
            Summary.MEAN_AND_WORST,
            score -> score.figures().peakLoad()),
    PATIENCE(
            "opens after the onset of hanging with a time-out of 30 s, s",
            "steady 100/s; timeout 30s; slots 5000; run 60s; hang 60s; run 60s",
            40,
            Summary.MEDIAN_AND_WORST,
            score -> orNever(score.figures().opensAfterSeconds()));

    /** The two numbers that many seeds come to. */
    enum Summary {
        MEDIAN_AND_P95("median", "p95", 0.95),
        MEDIAN_AND_WORST("median", "worst", 1),
        MEAN_AND_WORST("mean", "worst", 1);

        private final String usual;
        private final String bad;
        private final double badShare;

        Summary(String usual, String bad, double badShare) {
            this.usual = usual;
            this.bad = bad;
            this.badShare = badShare;
        }

        @Override
        public String toString() {
            return usual + " / " + bad;
        }
    }

    private final String title;
    private final String world;
    private final int seeds;
    private final Summary summary;

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final ToDoubleFunction<Score> value;

    Drill(String title, String world, int seeds, Summary summary, ToDoubleFunction<Score> value) {
        this.title = title;
        this.world = world;
        this.seeds = seeds;
        this.summary = summary;
        this.value = value;
    }

    String title() {
        return title;
    }

    String world() {
        return world;
    }

    Summary summary() {
        return summary;
    }

    /** With its number of seeds, but at most so many. */
    List<Match> matches(long firstSeed, int most) {
        Template template = new Template(name(), world);
        return LongStream.range(firstSeed, firstSeed + Math.min(most, seeds))
                .mapToObj(seed -> new Match(name(), template.world(seed), seed))
                .toList();
    }

    /** The first number of the summary. */
    double usual(Standings drills, String breaker) {
        List<Double> values = drills.values(breaker, name(), value);
        return summary == Summary.MEAN_AND_WORST ? Statistics.mean(values) : Statistics.median(values);
    }

    /** The second one. */
    double bad(Standings drills, String breaker) {
        return Statistics.quantile(drills.values(breaker, name(), value), summary.badShare);
    }

    private static double orNever(double seconds) {
        return Double.isNaN(seconds) ? Double.POSITIVE_INFINITY : seconds;
    }
}
