package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Locale;

/**
 * What {@code trip adaptive} counts: the evidence for "down" against "up", and the failure rate that is usual here.
 *
 * <h2>How is it designed, and why?</h2>
 *
 * A failure adds a step of evidence, a success takes one away, never below nothing: a sequential test of net failures (Page,
 * <cite>Continuous inspection schemes</cite>, Biometrika 1954). The step is {@code ln((1-p)/p)}, with {@code p} the usual failure rate: where
 * failures are rare one says much, where a third fails it says little. Whatever {@code p} is, as many successes as failures cancel out, so
 * the test is neutral at one half, where calling stops being worth it, and no steady brown-out below that adds up to an outage.
 *
 * <p>How much evidence is enough depends on how fast the calls come: a false opening in {@link #CHANCE_SECONDS} is allowed, however many
 * calls that is. Where few fail, that takes 6 net failures at 100 calls a second; at one in five seconds 3, which are fifteen seconds of outage and not
 * thirty; at 20,000 a second 8, which are gone in an instant. What half and double of the constants do stands in docs/adaptive.md.
 *
 * <p>All of it is one word, so that an answer is one compare-and-set, and that word is {@linkplain #tally 0} at rest: nothing suspect, the usual rate at its
 * floor. In that state, the whole life of most circuits, a success writes nothing and nobody reads a clock.
 */
final class Suspicion extends Window {
    static final Kind KIND = new NetFailures();

    /** Seconds of calls in which one false opening is allowed: about three hours. Half and double of it are 0.7 nats: where few fail, a quarter of a failure. */
    private static final double CHANCE_SECONDS = 1e4;

    // In nats. Less than two net failures decide nothing, at any rate; nine are always enough where failures are rare.
    private static final double LEAST_ALARM = 6;
    private static final double HIGHEST_ALARM = 20;

    // The usual rate is learnt over about 128 answers and believed between these: below, a burst of failures would
    // be an outage; above, no outage would be one.
    static final double FLOOR = 0.05;
    private static final double CEILING = 0.35;
    private static final int MEMORY_BITS = 7;

    /** A usual rate from which on it is worth asking whether fewer calls would fare better. */
    private static final double OVERLOAD_RATE = 0.15;

    private static final double MOST_EXCESSIVE = 0.8;
    /** Nats beyond which the opening is nearer than an answer to that question. */
    private static final double OVERLOAD_EVIDENCE = 6;
    /** Rare failures over a longer time than this are not for want of capacity. */
    private static final long OVERLOAD_WITHIN = Duration.ofSeconds(30).toNanos();

    // The word, from the lowest bit: evidence in 1/128 nat, usual rate above its floor in 1/65,536, answers since
    // the evidence was last nothing, answers since the usual rate passed OVERLOAD_RATE; the counts stop at their
    // highest.
    private static final int NAT = 128;
    private static final int ONE = 1 << 16;
    private static final int RATE_AT = 12;
    private static final int ANSWERS_AT = 28;
    private static final int LOADED_AT = 44;
    private static final int EVIDENCE_MASK = (1 << 12) - 1;
    private static final int COUNT_MASK = (1 << 16) - 1;
    private static final int FLOOR_POINTS = (int) Math.round(FLOOR * ONE);
    private static final int OVERLOAD_POINTS = (int) Math.round(OVERLOAD_RATE * ONE);

    /** The step of evidence, in 1/128 nat, for each 1/256 of the usual rate. */
    private static final int[] STEPS = steps();

    private static final VarHandle BEGAN;
    private static final VarHandle LOADED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BEGAN = lookup.findVarHandle(Suspicion.class, "began", long.class);
            LOADED = lookup.findVarHandle(Suspicion.class, "loadedSince", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Ticker readings of the failure that began what is suspect, and of the one that took the usual rate above
    // OVERLOAD_RATE. Written by that failure before its word is, and only ever forward, so that a thread that comes
    // late with an old reading cannot make the suspicion look older than it is.
    @SuppressWarnings("FieldMayBeFinal")
    private volatile long began;

    @SuppressWarnings("FieldMayBeFinal")
    private volatile long loadedSince;

    Suspicion(long now) {
        super(0);
        began = now;
        loadedSince = now;
    }

    private static int[] steps() {
        int[] steps = new int[257];
        for (int i = 0; i < steps.length; i++) {
            double rate = Math.min(CEILING, Math.max(FLOOR, i / 256.0));
            steps[i] = (int) Math.round(NAT * StrictMath.log((1 - rate) / rate)); // strict: the same on every machine
        }
        return steps;
    }

    @Override
    Kind kind() {
        return KIND;
    }

    // ---- counting

    @Override
    boolean success(boolean slow, long now) {
        while (true) {
            long before = tally;
            if (before == 0) {
                return false;
            }
            int rate = ratePoints(before);
            int lower = Math.max(FLOOR_POINTS, rate - Math.max(1, rate >> MEMORY_BITS));
            int evidence = Math.max(0, evidencePoints(before) - step(lower));
            int answers = evidence == 0 ? 0 : more(answers(before));
            if (TALLY.compareAndSet(this, before, word(evidence, lower, answers, loaded(before, lower)))) {
                return false; // a success never adds to the evidence
            }
        }
    }

    /** @return the word after this failure, to be judged by: another answer may follow at once */
    @Override
    long failure(boolean slow, long now) {
        while (true) {
            long before = tally;
            int rate = ratePoints(before);
            int higher = rate + ((ONE - rate) >> MEMORY_BITS);
            if (evidencePoints(before) == 0) {
                forward(BEGAN, now);
            }
            if (rate <= OVERLOAD_POINTS && higher > OVERLOAD_POINTS) {
                forward(LOADED, now);
            }
            int evidence = Math.min(EVIDENCE_MASK, evidencePoints(before) + step(higher));
            long after = word(evidence, higher, more(answers(before)), loaded(before, higher));
            if (TALLY.compareAndSet(this, before, after)) {
                return after;
            }
        }
    }

    private void forward(VarHandle field, long now) {
        while (true) {
            long then = (long) field.getVolatile(this);
            if (now - then <= 0 || field.compareAndSet(this, then, now)) {
                return;
            }
        }
    }

    private static int loaded(long before, int rate) {
        return rate > OVERLOAD_POINTS ? more(loadedAnswers(before)) : 0;
    }

    @Override
    boolean isClean(long now) {
        return tally == 0;
    }

    // ---- judging

    /** Whether the evidence in the word is enough to open, when judged at this time. */
    boolean isEnough(long word, long now) {
        return evidencePoints(word) >= alarm(word, now) * NAT;
    }

    /** Whether so many more failures within so many nanoseconds would be enough. */
    boolean isEnoughWith(long failures, long nanos) {
        long word = tally;
        double evidence = evidencePoints(word) + failures * (double) step(ratePoints(word));
        return evidence >= enough(answers(word) + failures, nanos) * NAT;
    }

    /** Nats that are enough: as many as chance reaches once in {@link #CHANCE_SECONDS}, at the pace of the answers that are suspect. */
    private double alarm(long word, long now) {
        return enough(answers(word), now - began);
    }

    private static double enough(long answers, long nanos) {
        double pace = answers / Math.max(1e-4, nanos * 1e-9);
        return Math.min(HIGHEST_ALARM, Math.max(LEAST_ALARM, StrictMath.log(CHANCE_SECONDS * pace)));
    }

    /**
     * The failure rate, if so many fail, and for so many answers, that it is worth trying whether fewer calls would fare better; else 0. What was learnt
     * lags behind when failures have just begun, so it is worked out how many must fail for it to have risen so far.
     */
    double excessiveRate(long word, int answers, long now) {
        int loaded = loadedAnswers(word);
        boolean worthTrying = loaded >= answers
                && evidencePoints(word) < OVERLOAD_EVIDENCE * NAT
                && now - loadedSince < OVERLOAD_WITHIN;
        if (!worthTrying) {
            return 0;
        }
        double learnt = ratePoints(word) / (double) ONE;
        double forgotten = StrictMath.pow(1 - 1.0 / (1 << MEMORY_BITS), loaded);
        double rate = (learnt - OVERLOAD_RATE * forgotten) / (1 - forgotten);
        // between the two: one is too low, and the other is a guess from few answers
        return Math.max(learnt, (learnt + Math.min(MOST_EXCESSIVE, rate)) / 2);
    }

    /** How near the evidence is to opening, 0 to 1. One failure alone is none. */
    double nearness(long now) {
        long word = tally;
        double beyondOne = evidencePoints(word) - step(ratePoints(word));
        return beyondOne <= 0
                ? 0
                : Math.min(1, beyondOne / Math.max(1, alarm(word, now) * NAT - step(ratePoints(word))));
    }

    /** The usual failure rate, never below {@link #FLOOR}. */
    double usualRate() {
        return ratePoints(tally) / (double) ONE;
    }

    @Override
    void remember(double usualRate) {
        int points = (int) Math.round(Math.min(1, Math.max(FLOOR, usualRate)) * ONE);
        TALLY.setVolatile(this, word(0, points, 0, 0));
    }

    @Override
    double remembered() {
        return usualRate();
    }

    /** What the word says, to people. */
    String findings(long word, long now) {
        int evidence = evidencePoints(word);
        if (evidence == 0) {
            return "0 net failures";
        }
        // steps shrink while failures become usual, so the evidence counted in the latest steps can be more than there
        // were
        long net = Math.max(1, Math.min(answers(word), Math.round((double) evidence / step(ratePoints(word)))));
        String time = DurationText.brief(Duration.ofNanos(Math.max(0, now - began)));
        return net + (net == 1 ? " net failure in " : " net failures in ") + answers(word)
                + (answers(word) == 1 ? " answer" : " answers") + " within " + time + ", by chance less than once in "
                + String.format(Locale.ROOT, "%,.0f", StrictMath.exp(evidence / (double) NAT)) + " answers";
    }

    // ---- the word

    private static long word(int evidence, int rate, int answers, int loaded) {
        return evidence
                | (long) (rate - FLOOR_POINTS) << RATE_AT
                | (long) answers << ANSWERS_AT
                | (long) loaded << LOADED_AT;
    }

    private static int evidencePoints(long word) {
        return (int) word & EVIDENCE_MASK;
    }

    private static int ratePoints(long word) {
        return ((int) (word >>> RATE_AT) & COUNT_MASK) + FLOOR_POINTS;
    }

    private static int answers(long word) {
        return (int) (word >>> ANSWERS_AT) & COUNT_MASK;
    }

    private static int loadedAnswers(long word) {
        return (int) (word >>> LOADED_AT) & COUNT_MASK;
    }

    private static int more(int count) {
        return Math.min(COUNT_MASK, count + 1);
    }

    private static int step(int ratePoints) {
        return STEPS[ratePoints >> 8];
    }
}
