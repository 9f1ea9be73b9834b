package dev.cutout.bench;

import java.util.List;

/**
 * One line of the big table: a benchmark, and with how many threads it runs.
 *
 * @param whose Cutout, a peer, or the limits
 * @param label what is called, in words
 * @param benchmark class and method
 * @param quick the numbers of threads in the quick profile; none if the row is left out there
 * @param full the numbers of threads in the full profile
 * @param bytesWithoutEscapeAnalysis whether to count its bytes again in a JVM that removes no allocation
 */
record Row(
        Kind kind,
        String whose,
        String label,
        String benchmark,
        List<Integer> quick,
        List<Integer> full,
        boolean bytesWithoutEscapeAnalysis) {

    Row(Kind kind, String whose, String label, String benchmark) {
        this(kind, whose, label, benchmark, List.of(), List.of(1), false);
    }

    Row quick(Integer... threads) {
        return new Row(kind, whose, label, benchmark, List.of(threads), full, bytesWithoutEscapeAnalysis);
    }

    Row full(Integer... threads) {
        return new Row(kind, whose, label, benchmark, quick, List.of(threads), bytesWithoutEscapeAnalysis);
    }

    Row withoutEscapeAnalysisToo() {
        return new Row(kind, whose, label, benchmark, quick, full, true);
    }

    /** The numbers of threads to run with; none if the profile leaves the row out. */
    List<Integer> threads(Profile profile) {
        return switch (profile) {
            case SMOKE -> full.subList(0, 1);
            case QUICK -> quick;
            case FULL -> full;
        };
    }

    Case with(int threads) {
        return new Case(kind, benchmark, threads, "", true);
    }

    Case withoutEscapeAnalysis() {
        return new Case(kind, benchmark, 1, "", false);
    }
}
