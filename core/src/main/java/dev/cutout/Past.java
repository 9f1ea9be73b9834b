package dev.cutout;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of earlier openings. Handed from generation to generation; {@link #NONE} for circuits that have not opened yet, or forgot that
 * they did.
 *
 * @param step how often the circuit opened in a row before the last wait was drawn
 * @param waited the last wait that was drawn, in nanoseconds; 0 if there was none yet
 * @param usualRate the failure rate that was learnt; 0 if none was
 * @param trouble the latest one, where probing is adaptive
 * @param trials how often in a row fewer calls were tried in vain
 * @param longestAnswer nanoseconds that the longest of the answers on the latest ramp took; 0 if there was none
 * @param triedAt ticker reading of the latest of these trials; any number if there was none
 */
record Past(
        int step,
        long waited,
        double usualRate,
        @Nullable Trouble trouble,
        int trials,
        long triedAt,
        long longestAnswer) {
    static final Past NONE = new Past(0, 0, 0, null, 0, 0, 0);

    /** So many answers are enough to guess the failure rate by, and are half a second at 100 calls a second. */
    private static final int ANSWERS_BEFORE_TRIAL = 48;
    /** Each trial in vain makes the next one four times as rare, so that all of them together cost hardly more than one. */
    private static final int BITS_RARER = 2;

    private static final int MOST_TRIALS = 6;
    private static final long TRIALS_FORGOTTEN = Duration.ofMinutes(10).toNanos();

    /** The step of the wait after this one, when the circuit was closed for so long in between. Closed as long as the last wait, it starts anew. */
    int stepAfter(long closedFor) {
        return waited == 0 || closedFor >= waited ? 0 : step + 1;
    }

    Past waiting(int step, long wait) {
        return new Past(step, wait, usualRate, trouble, trials, triedAt, longestAnswer);
    }

    Past with(double learntRate) {
        return new Past(step, waited, learntRate, trouble, trials, triedAt, longestAnswer);
    }

    /** With how long the longest answer took, in nanoseconds. */
    Past withLongestAnswer(long nanos) {
        return new Past(step, waited, usualRate, trouble, trials, triedAt, nanos);
    }

    Past with(Trouble latest) {
        return new Past(step, waited, usualRate, latest, trials, triedAt, longestAnswer);
    }

    /** For how many answers the failure rate must be high before fewer calls are tried. */
    int answersBeforeTrial(long now) {
        boolean forgotten = trials == 0 || now - triedAt > TRIALS_FORGOTTEN;
        return forgotten ? ANSWERS_BEFORE_TRIAL : ANSWERS_BEFORE_TRIAL << (BITS_RARER * trials);
    }

    /** After a trial of fewer calls, which helped or not. */
    Past tried(boolean inVain, long now) {
        return new Past(
                step, waited, usualRate, trouble, inVain ? Math.min(MOST_TRIALS, trials + 1) : 0, now, longestAnswer);
    }
}
