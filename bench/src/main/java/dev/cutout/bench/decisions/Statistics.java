package dev.cutout.bench.decisions;

import java.util.List;

/** Of lists of numbers. Infinite is a number here: what never happened took for ever. */
final class Statistics {
    private Statistics() {}

    /** Of those that are numbers; {@link Double#NaN} if there is none. */
    static double mean(List<Double> values) {
        return values.stream()
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }

    /** The standard error of the mean; {@link Double#NaN} for less than two values. */
    static double standardError(List<Double> values) {
        double mean = mean(values);
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        int n = values.size();
        return n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n);
    }

    static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    /** The value at this share of the sorted list, between two of them if need be. Leaves out what is not a number. */
    static double quantile(List<Double> values, double share) {
        List<Double> sorted =
                values.stream().filter(value -> !value.isNaN()).sorted().toList();
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        double at = share * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(at));
        double above = sorted.get((int) Math.ceil(at));
        return below == above ? below : below + (above - below) * (at - Math.floor(at));
    }
}
