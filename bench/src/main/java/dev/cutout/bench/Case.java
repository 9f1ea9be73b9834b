package dev.cutout.bench;

/**
 * One thing that JMH runs and one number comes out of.
 *
 * @param benchmark class and method
 * @param parameter {@code name=value}, or empty
 * @param escapeAnalysis whether the JVM may remove allocations
 */
record Case(Kind kind, String benchmark, int threads, String parameter, boolean escapeAnalysis) {
    @Override
    public String toString() {
        return benchmark
                + (parameter.isEmpty() ? "" : ", " + parameter)
                + (threads == 1 ? "" : ", " + threads + " threads")
                + (escapeAnalysis ? "" : ", no escape analysis");
    }
}
