package dev.cutout;

import java.util.Locale;

/**
 * How much of the load the {@link Ramp} lets through, and what it has learnt: the rule of the recovery, apart from threads and states.
 *
 * <h2>How is it designed, and why?</h2>
 *
 * Two numbers hold calls back. The <em>window</em> is how many may be under way at once: it begins at one and grows by one with each success, as
 * TCP starts, so the dependency's own answers set the pace. The <em>share</em> is which part of the calls is let through at all: it is one
 * unless calls fail or slow down although the window holds nothing back, as with refusals that take a millisecond, or with many clients of which each has
 * hardly a call under way.
 *
 * <ul>
 *   <li>The first {@value #PROVISIONAL} answers must be good: a failure among them sends the circuit back to open. Where failures are usual, the good answers must outweigh the bad ones by
 *       as many.
 *   <li>Then a sequential test compares the answers with the usual failure rate. Failures in an unbroken row are a wall: open again.
 *       Failures between successes are too much load: the window is halved, or the share is cut by as much as fails.
 *   <li>Answers that take twice as long as those on an empty dependency do are a queue, seen long before anything times out: cut too.
 *   <li>If a smaller share fares no better than a larger one did, the failures are not for the load; they become the usual rate, and the share
 *       is given back. Likewise for slowness.
 *   <li>What was cut grows back with the calls, the slower the longer the trouble lasts (by {@code e} while the root of the calls grows by six), and with time,
 *       so that rare calls are not held back for hours.
 *   <li>It is over when {@value #CLOSE_AFTER} calls in a row found nothing in their way.
 * </ul>
 *
 * Not thread-safe by itself and never changed once published: each answer makes a changed copy.
 */
final class Pace {
    // What each number does at half and at double of it stands in docs/adaptive.md.

    /** Answers that must all be good; or, where failures are usual, by how many the good ones must outweigh the bad. */
    static final int PROVISIONAL = 5;

    /** A usual failure rate from which on a failure among the first answers is nothing new: then the good ones must outweigh the bad. */
    private static final double NOISY = 0.2;

    /** Calls in a row that found nothing in their way. */
    static final int CLOSE_AFTER = 60;

    /** Two net failures, where few fail usually, cut the window; three, the share. */
    private static final double CUT_WINDOW = 2.1;

    private static final double CUT_SHARE = 3;

    /** The failure rate above the usual one that is tested for. */
    private static final double EXCESS = 0.2;

    private static final double LEAST_USUAL = 0.1;
    private static final double HIGHEST_USUAL = 0.4;
    /** The failure rate is that of about the last ten answers. */
    private static final double RECENT = 10;

    private static final double LEAST_SHARE = 0.02;

    /** A trial begins with this part of what succeeds, so that it is below the capacity if there is one. */
    private static final double TRIAL_SHARE = 0.85;
    /** Odds, in nats, at which a trial has helped, or not. */
    private static final double TRIAL_HELPS = 2.5;

    private static final double TRIAL_FAILS = -2.2;
    private static final double TRIAL_RATE = 0.1;

    /** At a share below this, calls must fare better than all of them did, or it is not for the load. */
    private static final double SMALLER_SHARE = 0.75;

    /** Odds, in nats, at which they do not. */
    private static final double IN_VAIN = 5;

    private static final double LEAST_INDEPENDENT = 0.25;
    private static final double HIGHEST_INDEPENDENT = 0.6;

    private static final double GROWTH = 0.08;
    /** Seconds in which a share doubles by time alone, and by how much of the trouble's length they are more. */
    private static final double DOUBLING = 3;

    private static final double DOUBLING_OF_TROUBLE = 0.1;

    /** A doubling of the window, while no call asks, takes so many times what an answer takes. */
    private static final int IDLE_ANSWERS = 3;

    private static final int TIMES_A_FAILURE = 3;
    private static final double UNLIMITED = 1e9;

    /** What follows from an answer. */
    enum Verdict {
        GO_ON,
        /** The dependency is down. */
        OPEN,
        /** Nothing is held back any more. */
        CLOSE,
        /** It was not for the load. */
        IN_VAIN
    }

    Verdict verdict = Verdict.GO_ON;
    /** Why, for people. */
    String because = "";

    // ---- what is let through

    private double window;
    private boolean startsSlowly;
    /** The window above which growth is slow, since there it went wrong. */
    double knee;

    private long grownAt;
    private double share = 1;
    private long sharedAt;
    private long askedThen;
    /** Calls since the trouble began, while any was held back. */
    long calls;

    private final long began;

    // ---- what was seen

    /** Whether the first answers were good enough. */
    private boolean proven;
    /** Before that: successes, less failures. */
    private int lead;

    /** How often the load was cut: answers of calls admitted before the latest cut say nothing about what it left. */
    int cut;

    int answers;
    int failures;
    private int successes;
    private int goodSinceCut;
    private int cutsWithoutSuccess;
    private double evidence;
    private int climbSuccesses;
    private int climbFailures;
    private double recentRate;
    /** The failure rate that does not depend on the load. */
    double usualRate;

    private long longestFailure;
    /** Nanoseconds that the longest success took. */
    long longestSuccess;
    /** Ticker reading of the latest failure, or of the beginning. */
    long failedAt;

    private boolean onTrial;
    private double trialOdds;
    /** The failure rate at the full share; 0 if it is not to be compared. */
    private double fullRate;

    /** The odds for that, and the answers that speak for it. */
    private double vanity;

    private int compared;
    private int comparedFailures;

    /** Changed only before this is published. */
    private Tempo tempo = Tempo.unknown();

    private Pace(Trouble trouble, double usualRate, long now) {
        this.began = trouble.began();
        this.calls = trouble.calls();
        this.knee = trouble.knee();
        this.usualRate = usualRate;
        this.recentRate = base();
        this.grownAt = now;
        this.sharedAt = now;
        this.failedAt = now;
    }

    private Pace(Pace of) {
        this.began = of.began;
        this.window = of.window;
        this.startsSlowly = of.startsSlowly;
        this.knee = of.knee;
        this.grownAt = of.grownAt;
        this.share = of.share;
        this.sharedAt = of.sharedAt;
        this.askedThen = of.askedThen;
        this.calls = of.calls;
        this.proven = of.proven;
        this.lead = of.lead;
        this.cut = of.cut;
        this.answers = of.answers;
        this.failures = of.failures;
        this.successes = of.successes;
        this.goodSinceCut = of.goodSinceCut;
        this.cutsWithoutSuccess = of.cutsWithoutSuccess;
        this.evidence = of.evidence;
        this.climbSuccesses = of.climbSuccesses;
        this.climbFailures = of.climbFailures;
        this.recentRate = of.recentRate;
        this.usualRate = of.usualRate;
        this.longestFailure = of.longestFailure;
        this.longestSuccess = of.longestSuccess;
        this.failedAt = of.failedAt;
        this.onTrial = of.onTrial;
        this.trialOdds = of.trialOdds;
        this.fullRate = of.fullRate;
        this.vanity = of.vanity;
        this.compared = of.compared;
        this.comparedFailures = of.comparedFailures;
        this.tempo = new Tempo(of.tempo);
    }

    /** After the first good probe, which took so long; failures before it took {@code longestFailure} at most. */
    static Pace afterProbe(Trouble trouble, double usualRate, long took, long longestFailure, long now) {
        Pace pace = new Pace(trouble, usualRate, now);
        pace.window = 1;
        pace.startsSlowly = true;
        pace.lead = 1;
        pace.tempo = Tempo.after(took);
        pace.longestFailure = longestFailure;
        return pace;
    }

    /** A trial whether fewer calls fare better, where so many fail. */
    static Pace trial(Trouble trouble, double rate, long now) {
        Pace pace = new Pace(trouble, 0, now);
        pace.proven = true;
        pace.window = UNLIMITED;
        pace.share = Math.max(LEAST_SHARE, (1 - rate) * TRIAL_SHARE);
        pace.onTrial = true;
        pace.fullRate = rate;
        return pace;
    }

    /** A limit where calls queue, with so many under way. */
    static Pace limit(Trouble trouble, double usualRate, Tempo tempo, int underWay, long now) {
        Pace pace = new Pace(trouble, usualRate, now);
        pace.proven = true;
        pace.tempo = new Tempo(tempo);
        pace.window = Math.max(1, (underWay + 1) * pace.tempo.cut());
        pace.knee = pace.window;
        return pace;
    }

    // ---- what is let through

    /** Whether the next call would still be as good as a probe. */
    boolean isProvisional() {
        return !proven;
    }

    /** How many calls may be under way now. */
    double window(long now) {
        if (!startsSlowly && window < UNLIMITED) {
            long times = Math.max(0, now - grownAt) / patience();
            return window + Math.min(window, (double) times);
        }
        return window * doublings(now) < knee || window >= knee ? window * doublings(now) : knee;
    }

    /** While it starts slowly, the window doubles by itself as long as no answer comes: batches, and calls that take long. */
    private double doublings(long now) {
        if (!startsSlowly || window >= knee) {
            return 1;
        }
        long times = Math.max(0, now - grownAt) / patience();
        return 1L << Math.min(30, times);
    }

    private long patience() {
        double answers = IDLE_ANSWERS * StrictMath.exp(tempo.empty);
        double failures = longestFailure == 0 ? Double.POSITIVE_INFINITY : TIMES_A_FAILURE * (double) longestFailure;
        return Math.max(Probing.LEAST_PATIENCE, (long) Math.min(failures, answers));
    }

    /** Which part of the calls may pass now. */
    double share(long now, long asked) {
        if (share >= 1 || onTrial || goodSinceCut == 0) {
            return share;
        }
        double before = calls;
        double byCalls = 2 * GROWTH * (Math.sqrt(before + (asked - askedThen) + 1) - Math.sqrt(before + 1));
        double seconds = (now - sharedAt) * 1e-9;
        double byTime = seconds / (DOUBLING + DOUBLING_OF_TROUBLE * (now - began) * 1e-9) * StrictMath.log(2);
        return Math.min(1, share * StrictMath.exp(Math.min(40, byCalls + byTime)));
    }

    /** Whether the call that is the {@code asked}-th is one of the share. Spreads them evenly. */
    boolean passes(long now, long asked) {
        double part = share(now, asked);
        return part >= 1 || Math.floor(asked * part) != Math.floor((asked - 1) * part);
    }

    // ---- answers

    /**
     * After a success.
     *
     * @param cutThen how often the load had been cut when its call was admitted
     * @param took nanoseconds
     */
    Pace succeeded(int cutThen, long took, long now, Lane lane) {
        Pace next = at(now, lane.asked());
        next.success(cutThen, took, now, lane);
        return next;
    }

    /** After a failure. */
    Pace failed(int cutThen, long took, long now, Lane lane) {
        Pace next = at(now, lane.asked());
        next.failure(cutThen, took, now, lane);
        return next;
    }

    /** A copy in which the growth until now is written down. */
    private Pace at(long now, long asked) {
        Pace next = new Pace(this);
        double grown = window(now);
        if (grown != window) {
            next.window = grown;
            next.grownAt = now;
        }
        next.share = share(now, asked);
        if (share < 1) {
            next.calls = calls + asked - askedThen;
        }
        next.sharedAt = now;
        next.askedThen = asked;
        return next;
    }

    private void success(int cutThen, long nanos, long now, Lane lane) {
        answers++;
        successes++;
        longestSuccess = Math.max(longestSuccess, nanos);
        goodSinceCut++;
        cutsWithoutSuccess = 0;
        if (!proven && ++lead >= PROVISIONAL) {
            proven = true;
            if (failures > 0) {
                usualRate = Math.max(usualRate, Math.min(HIGHEST_USUAL, failures / (answers + 1.0)));
            }
        }
        grownAt = now;
        if (startsSlowly) {
            startsSlowly = window < knee;
        }
        window = Math.min(UNLIMITED, window + (startsSlowly ? 1 : 1 / window));
        if (successes % CLOSE_AFTER == 0) {
            lane.wasFull = false;
        }
        if (cutThen == cut) {
            double p0 = base();
            evidence = Math.max(0, evidence - StrictMath.log((1 - p0) / (1 - p0 - EXCESS)));
            if (evidence > 0) {
                climbSuccesses++;
            }
            recentRate -= recentRate / RECENT;
            judgeShare(false);
            if (verdict != Verdict.GO_ON) {
                return;
            }
        }
        judgeTime(cutThen, nanos, now, lane);
        if (!onTrial && share >= 1 && lane.free() >= CLOSE_AFTER) {
            verdict = Verdict.CLOSE;
            because = CLOSE_AFTER + " calls in a row found nothing in their way, " + (answers - failures) + " of "
                    + answers + " answers were good";
        }
    }

    private void failure(int cutThen, long nanos, long now, Lane lane) {
        answers++;
        failures++;
        failedAt = now;
        longestFailure = Math.max(longestFailure, Math.max(1, nanos));
        if (!proven) {
            lead--;
            if (usualRate < NOISY) {
                open("a failure among the first " + PROVISIONAL + " answers", lane);
            } else if (lead <= 0) {
                open("failures outweigh successes among the first answers", lane);
            } else {
                window = Math.max(1, window / 2);
            }
            return;
        }
        if (cutThen != cut) {
            return;
        }
        if (evidence <= 0) {
            climbSuccesses = 0;
            climbFailures = 0;
        }
        climbFailures++;
        double p0 = base();
        evidence += StrictMath.log((p0 + EXCESS) / p0);
        recentRate += (1 - recentRate) / RECENT;
        judgeShare(true);
        if (verdict != Verdict.GO_ON || onTrial || evidence < (share < 1 ? CUT_SHARE : CUT_WINDOW)) {
            return;
        }
        if (climbSuccesses == 0 && climbFailures >= 2) {
            open(climbFailures + " failures in a row on the ramp", lane);
        } else if (goodSinceCut == 0 && ++cutsWithoutSuccess >= 2) {
            open("nothing succeeded after two cuts of the load", lane);
        } else {
            cut(Math.max(0.5, 1 - recentRate), lane);
        }
    }

    private double base() {
        return Math.max(LEAST_USUAL, Math.min(HIGHEST_USUAL, usualRate));
    }

    private void open(String why, Lane lane) {
        verdict = Verdict.OPEN;
        because = why;
        if (lane.most() >= 4) {
            knee = Math.min(knee, Math.max(2, Math.min(window, lane.most()) / 2));
        }
    }

    private void cut(double to, Lane lane) {
        if (lane.wasFull && window >= 2) {
            window = Math.max(1, window * Math.min(to, 0.5));
        } else {
            if (share >= 1 || fullRate == 0) {
                fullRate = Math.max(0.3, recentRate);
                vanity = 0;
            }
            share = Math.max(LEAST_SHARE, share * to);
        }
        startsSlowly = false;
        afterCut(lane);
        goodSinceCut = 0;
        recentRate = base();
    }

    private void afterCut(Lane lane) {
        cut++;
        evidence = 0;
        lane.wasFull = false;
        lane.heldBack();
    }

    /** Does less load help? */
    private void judgeShare(boolean failed) {
        if (onTrial) {
            trialOdds +=
                    failed ? StrictMath.log(TRIAL_RATE / fullRate) : StrictMath.log((1 - TRIAL_RATE) / (1 - fullRate));
            if (trialOdds >= TRIAL_HELPS) {
                onTrial = false;
                recentRate = TRIAL_RATE;
            } else if (trialOdds <= TRIAL_FAILS) {
                inVain(fullRate);
            }
            return;
        }
        if (share > SMALLER_SHARE || fullRate == 0) {
            return;
        }
        compared++;
        comparedFailures += failed ? 1 : 0;
        double independent = Math.max(LEAST_INDEPENDENT, Math.min(HIGHEST_INDEPENDENT, fullRate));
        vanity += failed
                ? StrictMath.log(independent / TRIAL_RATE)
                : StrictMath.log((1 - independent) / (1 - TRIAL_RATE));
        if (vanity <= 0) {
            vanity = 0;
            compared = 0;
            comparedFailures = 0;
        } else if (vanity >= IN_VAIN) {
            inVain(comparedFailures / (double) compared);
        }
    }

    private void inVain(double rate) {
        verdict = Verdict.IN_VAIN;
        because = String.format(
                Locale.ROOT, "%.0f %% fail however few calls are let through, which is not for the load", 100 * rate);
        usualRate = Math.min(HIGHEST_INDEPENDENT, rate);
        fullRate = 0;
        evidence = 0;
    }

    /** After the failures turned out not to be for the load, in a ramp that goes on. */
    Pace goingOn() {
        Pace next = new Pace(this);
        next.verdict = Verdict.GO_ON;
        return next;
    }

    /** Do answers queue? */
    private void judgeTime(int cutThen, long nanos, long now, Lane lane) {
        if (!tempo.isQueueing(nanos, cutThen == cut)) {
            return;
        }
        double to = tempo.cut();
        if (to >= 1) {
            return;
        }
        int underWay = lane.underWay(now);
        if (window < UNLIMITED && window >= 2 && underWay >= 1) {
            window = Math.max(1, Math.min(window, underWay + 1) * to);
            knee = window;
        } else {
            share = Math.max(LEAST_SHARE, share * to);
            fullRate = 0;
        }
        startsSlowly = false;
        afterCut(lane);
    }

    // ---- what can be seen of it

    /** In words and numbers. */
    String findings(long now, long asked) {
        double part = share(now, asked);
        double most = window(now);
        String shareText = part >= 1 ? "every call" : String.format(Locale.ROOT, "%.0f %% of the calls", 100 * part);
        String windowText = most >= UNLIMITED / 2 ? "" : String.format(Locale.ROOT, ", %,d at once", (long) most);
        return (onTrial ? "trying whether fewer calls fare better: " : "ramp: ") + shareText + windowText + ", "
                + (answers - failures) + " of " + answers + " answers good";
    }
}
