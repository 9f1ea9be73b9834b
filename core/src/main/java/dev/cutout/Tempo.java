package dev.cutout;

/**
 * How long answers take, and whether they queue: a queue shows in the times long before anything times out.
 *
 * <p>Times are judged as logarithms, since a dependency that takes twice as long does so for quick and for slow answers. The first answers say how long it takes by itself.
 * Later ones are late when they take twice as long, or longer than they usually differ; late answers add up, others take away (Page, as in {@link Suspicion}).
 *
 * <p>Not thread-safe.
 */
final class Tempo {
    /** Answers that take this many times as long as those of an empty dependency, in the mean, are late... */
    private static final double LATE = StrictMath.log(2);
    /** ...unless its answers differ so much by themselves: mean deviations. */
    private static final double LATE_DEVIATIONS = 1.5;

    private static final double LATE_ENOUGH = 3;
    private static final double LATE_CUT = 0.85;
    private static final int FIRST_ANSWERS = 8;

    /** Logarithms of nanoseconds. */
    double empty;

    private double deviation = 0.3;
    private int emptyAnswers;
    private int firstAnswers;
    private double late;
    private double tookSum;
    private int took;
    private double tookAtCut;

    /** Nothing is known. */
    Tempo() {}

    Tempo(Tempo of) {
        this.empty = of.empty;
        this.deviation = of.deviation;
        this.emptyAnswers = of.emptyAnswers;
        this.firstAnswers = of.firstAnswers;
        this.late = of.late;
        this.tookSum = of.tookSum;
        this.took = of.took;
        this.tookAtCut = of.tookAtCut;
    }

    /** An answer of a dependency that is empty took so long. */
    static Tempo after(long nanos) {
        Tempo tempo = new Tempo();
        tempo.empty = logarithm(nanos);
        tempo.emptyAnswers = 1;
        return tempo;
    }

    /** Of which no answer shall be judged, since nobody knows how long they took before. */
    static Tempo unknown() {
        Tempo tempo = new Tempo();
        tempo.firstAnswers = Integer.MAX_VALUE;
        return tempo;
    }

    private boolean isUnknown() {
        return firstAnswers > FIRST_ANSWERS;
    }

    private double tolerated() {
        return Math.max(LATE, LATE_DEVIATIONS * deviation);
    }

    /**
     * A success took so long.
     *
     * @param judged whether it says something about the load there is now
     * @return whether there is a queue, so that the load should be {@linkplain #cut cut}
     */
    boolean isQueueing(long nanos, boolean judged) {
        double x = logarithm(nanos);
        if (isUnknown()) {
            return false;
        }
        if (firstAnswers < FIRST_ANSWERS) {
            empty = (empty * emptyAnswers + x) / (emptyAnswers + 1);
            emptyAnswers++;
            deviation += (Math.abs(x - empty) - deviation) / emptyAnswers;
            firstAnswers++;
            return false;
        }
        if (!judged) {
            return false;
        }
        tookSum += x;
        took++;
        double over = x - empty - tolerated();
        if (over < 0) {
            deviation += (Math.abs(x - empty) - deviation) / 16;
        }
        late = Math.max(0, late + Math.max(-1, Math.min(1, over)));
        if (late >= LATE_ENOUGH) {
            return true;
        }
        if (took >= 16) {
            double mean = tookSum / took;
            tookSum = 0;
            took = 0;
            if (mean < empty + LATE / 2) {
                tookAtCut = 0;
                empty += mean < empty ? (mean - empty) / 2 : (mean - empty) / 20;
            }
        }
        return false;
    }

    /** To which part the load should be cut for the queue to go; 1 if the last cut did not help: then this is how long it takes now. */
    double cut() {
        double mean = tookSum / Math.max(1, took);
        late = 0;
        tookSum = 0;
        took = 0;
        if (tookAtCut > 0 && mean > tookAtCut - 0.1) {
            empty = Math.max(empty, mean - LATE / 2);
            tookAtCut = 0;
            return 1;
        }
        tookAtCut = mean;
        return Math.max(0.5, Math.min(LATE_CUT, StrictMath.exp(-(mean - empty - tolerated()) / 2)));
    }

    /** How many times as long as by itself the latest answers took. */
    double times() {
        return took == 0 ? 1 : StrictMath.exp(tookSum / took - empty);
    }

    private static double logarithm(long nanos) {
        return StrictMath.log(nanos + 1e6); // below a millisecond differences mean nothing
    }
}
