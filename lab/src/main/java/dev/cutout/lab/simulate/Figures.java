package dev.cutout.lab.simulate;

import dev.cutout.lab.simulate.Timeline.Series;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a run came to, seen from outside. A figure that does not apply (no outage, say) is {@link Double#NaN}.
 *
 * @param regret good calls that the oracle had and this run did not, plus attempts that failed and would not have with the oracle, in % of the
 *     calls: a failed attempt costs as much as a good call is worth
 * @param wasted attempts sent while none was worth sending, even without load, in % of the calls
 * @param needless attempts refused that the oracle would have sent, in % of the calls
 * @param opened the share of outages in which an instance opened while they lasted, in %; it counts as open when 5 of its last 10 decisions are refusals
 * @param opensAfterSeconds from the onset of an outage to the first of these refusals; the median over outages and instances
 * @param opensAfterCalls attempts that the instance sent in between; the median
 * @param falseOpeningsPerHour openings of an instance while all attempts were worth sending, and had been for 5 s
 * @param admitsAgainSeconds from the end of an incident to the first second's worth of calls (at least 20) of which 95 % are admitted; the
 *     median over incidents; cut off at the next one, or the end
 * @param peakLoad the greatest load in any second of the minute after an incident, divided by the capacity in that second; the greatest of all
 *     incidents
 * @param goodput calls that succeeded, in % of the oracle's
 * @param timeoutMillisPerCall time spent waiting for what timed out, in milliseconds, divided by the calls
 */
public record Figures(
        double regret,
        double wasted,
        double needless,
        double opened,
        double opensAfterSeconds,
        double opensAfterCalls,
        double falseOpeningsPerHour,
        double admitsAgainSeconds,
        double peakLoad,
        double goodput,
        double timeoutMillisPerCall) {

    private static final double PERCENT = 100;
    private static final double NANOS = 1e9;
    private static final int AFTER_SECONDS = 60;

    static Figures of(World world, Witness run, Witness oracle) {
        double calls = run.offered;
        double lost = oracle.succeeded - run.succeeded;
        double bad = run.failedAttempts - oracle.failedAttempts;
        List<Double> opensAfter = new ArrayList<>();
        List<Double> afterCalls = new ArrayList<>();
        List<Double> admitsAgain = new ArrayList<>();
        double couldOpen = 0;
        double peak = Double.NaN;
        for (Incident incident : run.incidents) {
            couldOpen += incident.instances;
            incident.opensAfterNanos.forEach(nanos -> opensAfter.add(nanos / NANOS));
            incident.opensAfterCalls.forEach(sent -> afterCalls.add((double) sent));
            if (incident.admitsAgainNanos != Incident.NEVER) {
                admitsAgain.add(incident.admitsAgainNanos / NANOS);
            }
            double load = peakLoad(run.timeline, incident);
            peak = Double.isNaN(peak) ? load : Math.max(peak, load);
        }
        double calmHours = run.calmSeconds * (double) world.clients() / 3_600;
        return new Figures(
                PERCENT * (lost + bad) / calls,
                PERCENT * run.wasted / calls,
                PERCENT * run.needless / calls,
                PERCENT * opensAfter.size() / couldOpen,
                median(opensAfter),
                median(afterCalls),
                run.falseOpenings / calmHours,
                median(admitsAgain),
                peak,
                PERCENT * run.succeeded / oracle.succeeded,
                run.timeouts * (double) world.timeout().toMillis() / calls);
    }

    /** The mean of each figure, over the runs to which it applies. */
    public static Figures mean(List<Figures> runs) {
        return new Figures(
                mean(runs, Figures::regret),
                mean(runs, Figures::wasted),
                mean(runs, Figures::needless),
                mean(runs, Figures::opened),
                mean(runs, Figures::opensAfterSeconds),
                mean(runs, Figures::opensAfterCalls),
                mean(runs, Figures::falseOpeningsPerHour),
                mean(runs, Figures::admitsAgainSeconds),
                mean(runs, Figures::peakLoad),
                mean(runs, Figures::goodput),
                mean(runs, Figures::timeoutMillisPerCall));
    }

    private static double mean(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        return runs.stream()
                .mapToDouble(figure)
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    private static double peakLoad(Timeline timeline, Incident incident) {
        int from = (int) ((incident.end + Witness.SECOND - 1) / Witness.SECOND);
        int to = (int) Math.min(Math.min(from + AFTER_SECONDS, timeline.seconds()), incident.cutOff / Witness.SECOND);
        double peak = Double.NaN;
        for (int second = from; second < to; second++) {
            double load = timeline.get(Series.ADMITTED, second) / timeline.get(Series.CAPACITY, second);
            peak = Double.isNaN(peak) ? load : Math.max(peak, load);
        }
        return peak;
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
