package dev.cutout.bench;

import java.util.List;

/**
 * One chart: what a call costs when there is more of something.
 *
 * @param of what there is more of
 * @param values how many of it
 */
record Growth(String of, List<Integer> values, List<Series> series) {
    private static final String THREADS = "threads";

    /**
     * Runs of one benchmark.
     *
     * @param parameter what the values stand for
     * @param because said if the numbers grow: facts about the code, not about the numbers; empty where growth has no reason
     */
    record Series(String label, Kind kind, String benchmark, String parameter, String because) {
        Case at(int value) {
            return parameter.equals(THREADS)
                    ? new Case(kind, benchmark, value, "", true)
                    : new Case(kind, benchmark, 1, parameter + "=" + value, true);
        }
    }

    static final List<Growth> ALL = List.of(
            new Growth(
                    "threads on one breaker",
                    List.of(1, 2, 4, 8, 16, 32, 64),
                    List.of(
                            cutout("classic, success", "CutoutBench.classic", THREADS, ""),
                            cutout("time window 10 s, success", "CutoutBench.time", THREADS, ""),
                            cutout(
                                    "count window 100, 1 % failures",
                                    "CutoutBench.countFailures",
                                    THREADS,
                                    "An exact window has one order of calls for all threads, so calls that write to it write to the same"
                                            + " place; they do while it holds a failure."))),
            new Growth(
                    "calls in the window, 1 % failures",
                    List.of(10, 100, 1_000, 10_000, 100_000),
                    List.of(cutout(
                            "count window",
                            "GrowthBench.windowFailures",
                            "calls",
                            "A window shorter than the way from one failure to the next is clean most of the time, and a clean window is"
                                    + " not written to."))),
            new Growth(
                    "breakers used in turn",
                    List.of(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000),
                    List.of(
                            cutout(
                                    "classic, success",
                                    "GrowthBench.breakers",
                                    "breakers",
                                    "More breakers than fit into the processor's caches are fetched from memory, and a breaker is several"
                                            + " objects."),
                            new Series(
                                    "bare objects of 112 B, one read each",
                                    Kind.LIMIT,
                                    "GrowthBench.objects",
                                    "objects",
                                    "This is what memory alone costs."))),
            new Growth(
                    "listeners",
                    List.of(0, 1, 2, 4, 8),
                    List.of(cutout("count window 100, success", "GrowthBench.listeners", "listeners", ""))));

    private static Series cutout(String label, String benchmark, String parameter, String because) {
        return new Series(label, Kind.CUTOUT, benchmark, parameter, because);
    }
}
