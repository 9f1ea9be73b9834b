package dev.cutout.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What came out of a case, iteration by iteration. */
record Measured(Case what, List<Iteration> iterations) {
    /** Others may use so much of a core before an iteration counts as disturbed. */
    static final double QUIET = 0.25;

    private static final int ENOUGH = 3;

    /**
     * @param coreNanos wall time x min(threads, cores) / calls: the time of a core that one call takes
     * @param bytes allocated per call
     * @param otherCores cores that everything else used meanwhile; 0 where nobody can tell
     */
    record Iteration(double coreNanos, double bytes, double otherCores) {}

    /** Fewer quiet iterations than it takes for a median; all are shown then. */
    boolean noisy() {
        return quiet().size() < Math.min(ENOUGH, iterations.size());
    }

    double coreNanos() {
        return median(Iteration::coreNanos);
    }

    double bytes() {
        return median(Iteration::bytes);
    }

    double fastest() {
        return sorted(Iteration::coreNanos).get(0);
    }

    double slowest() {
        List<Double> times = sorted(Iteration::coreNanos);
        return times.get(times.size() - 1);
    }

    private double median(ToDoubleFunction<Iteration> value) {
        List<Double> values = sorted(value);
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    private List<Double> sorted(ToDoubleFunction<Iteration> value) {
        List<Double> values = new ArrayList<>();
        for (Iteration iteration : noisy() ? iterations : quiet()) {
            values.add(value.applyAsDouble(iteration));
        }
        Collections.sort(values);
        return values;
    }

    private List<Iteration> quiet() {
        return iterations.stream()
                .filter(iteration -> iteration.otherCores() <= QUIET)
                .toList();
    }
}
