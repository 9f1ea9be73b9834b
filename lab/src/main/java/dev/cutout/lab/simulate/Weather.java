package dev.cutout.lab.simulate;

import java.time.Duration;

/** How the upstream is at a moment, whatever the load: the sum of what is wrong in the present phase. */
final class Weather {
    private final World world;
    private boolean refusesAll;
    private boolean hangs;
    private boolean pauses;
    private int shardsDown;
    private boolean growsErrors;
    private double errorsFrom;
    private double errorsTo;
    private double slowness = 1;
    private double capacity = 1;
    private double callRateFactor = 1;
    private double limit;
    private long since;
    private long lengthNanos = 1;
    /** When the capacity began to come back after an outage or crash; {@link Long#MAX_VALUE} if it is whole. */
    private long coldSince = Long.MAX_VALUE;

    private boolean bursting;
    /** The chance that the service time, with nothing before it, is within the time-out. */
    private double inTimeAlone;

    Weather(World world) {
        this.world = world;
        clear();
        inTimeAlone = chanceWithin(patience());
    }

    /** Another phase begins. */
    void change(Stretch.Phase phase, long now) {
        boolean wasDown = refusesAll;
        clear();
        phase.troubles().forEach(this::add);
        since = now;
        lengthNanos = phase.length().toNanos();
        if (wasDown && !refusesAll && world.coldShare() < 1) {
            coldSince = now;
        }
        inTimeAlone = chanceWithin(patience());
    }

    private void clear() {
        refusesAll = false;
        hangs = false;
        pauses = false;
        shardsDown = 0;
        growsErrors = false;
        errorsFrom = world.errors();
        errorsTo = world.errors();
        slowness = 1;
        capacity = 1;
        callRateFactor = 1;
        limit = world.limit();
    }

    private void add(Trouble trouble) {
        switch (trouble.kind()) {
            case OUTAGE, CRASH -> refusesAll = true;
            case HANG -> hangs = true;
            case PAUSE -> pauses = true;
            case SHARD -> shardsDown = (int) trouble.from();
            case ERRORS -> {
                errorsFrom = Math.max(world.errors(), trouble.from());
                errorsTo = Math.max(world.errors(), trouble.to());
                growsErrors = errorsFrom != errorsTo;
            }
            case SLOW -> slowness = trouble.from();
            case CAPACITY -> capacity = trouble.from();
            case SPIKE -> callRateFactor = trouble.from();
            case LIMIT -> limit = limit == 0 ? trouble.from() : Math.min(limit, trouble.from());
        }
    }

    boolean refusesAll() {
        return refusesAll;
    }

    boolean hangs() {
        return hangs;
    }

    /** The shards from 0 to below this refuse. */
    int shardsDown() {
        return shardsDown;
    }

    boolean pauses() {
        return pauses;
    }

    /** Nanoseconds until the work goes on; 0 if it does. */
    long pauseLeft(long now) {
        return pauses ? Math.max(0, since + lengthNanos - now) : 0;
    }

    void burst(boolean begins) {
        bursting = begins;
    }

    /** The share of attempts that fail now. */
    double errors(long now) {
        return bursting ? 1 : foreseeableErrors(now);
    }

    private double foreseeableErrors(long now) {
        if (!growsErrors) {
            return errorsFrom;
        }
        return errorsFrom + (errorsTo - errorsFrom) * Math.min(1, (double) (now - since) / lengthNanos);
    }

    double slowness() {
        return slowness;
    }

    double callRateFactor() {
        return callRateFactor;
    }

    /** Attempts a second; 0 for any number. */
    double limit() {
        return limit;
    }

    boolean isWarming(long now) {
        return coldSince != Long.MAX_VALUE && now - coldSince <= world.coldFor().toNanos();
    }

    /** Slots that are there. At least one, however small the share. */
    int slots(long now) {
        double share = capacity;
        if (isWarming(now)) {
            double warm = (double) (now - coldSince) / world.coldFor().toNanos();
            share *= world.coldShare() + (1 - world.coldShare()) * warm;
        }
        return Math.max(1, (int) Math.round(world.slots() * share));
    }

    /** The mean time of work on one attempt in nanoseconds, load apart. */
    double meanWorkNanos() {
        double median = world.service().toNanos() * slowness;
        double tail = 1 + world.tailShare() * (world.tailFactor() - 1);
        return median * tail * StrictMath.exp(world.sigma() * world.sigma() / 2);
    }

    /** What can be done in a second: by the slots, and as far as the rate limit lets it in; 0 while nothing is answered. */
    double capacityPerSecond(long now) {
        if (refusesAll || hangs || pauses) {
            return 0;
        }
        double answers = slots(now) * (double) Duration.ofSeconds(1).toNanos() / meanWorkNanos();
        return limit > 0 ? Math.min(limit, answers) : answers;
    }

    /** The chance of an attempt that finds a free slot. Bursts cannot be foreseen and are left out. */
    double chance(long now) {
        return inTimeAlone * chanceOfGoodAnswer(now);
    }

    private double chanceOfGoodAnswer(long now) {
        if (refusesAll || hangs) {
            return 0;
        }
        double shards = 1 - (double) shardsDown / world.shards();
        return shards * (1 - foreseeableErrors(now));
    }

    /** Whether no attempt is worth sending, even without load. */
    boolean isDown(long now) {
        return chance(now) <= 0.5;
    }

    /** Whether waiting this long before the work begins, which then is slowed down, costs an attempt next to nothing of its chance. */
    boolean bearsWait(double waitNanos, double slowdown) {
        double left = patience() - waitNanos;
        return left > 0 && chanceWithin(left / slowdown) >= 0.95 * inTimeAlone;
    }

    /** The time that waiting and work may take, in nanoseconds, for the answer to be back before the time-out. */
    private double patience() {
        return (double) world.timeout().minus(world.network()).toNanos();
    }

    /** The chance that the work is done within this time. */
    private double chanceWithin(double nanos) {
        double median = world.service().toNanos() * slowness;
        double usual = chanceWithin(nanos, median);
        return world.tailShare() == 0
                ? usual
                : (1 - world.tailShare()) * usual
                        + world.tailShare() * chanceWithin(nanos, median * world.tailFactor());
    }

    private double chanceWithin(double nanos, double median) {
        if (nanos <= 0) {
            return 0;
        }
        if (world.sigma() == 0) {
            return median < nanos ? 1 : 0;
        }
        double x = StrictMath.log(nanos / median) / world.sigma();
        // the normal distribution by a logistic curve, off by less than 0.0002 (Bowling et al., 2009)
        return 1 / (1 + StrictMath.exp(-x * (1.5976 + 0.07056 * x * x)));
    }
}
