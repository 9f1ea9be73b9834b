package dev.cutout.lab.simulate;

/**
 * What will become of each attempt, whoever guards it: a hash of the seed, the number of the call and the number of the attempt. So all guards
 * meet the same world (common random numbers), and differences between them are theirs.
 */
final class Fate {
    private static final long CLIENT = -1;
    private static final long SHARD = -2;
    private static final double TWO_PI = 2 * StrictMath.PI;

    private final long seed;
    private final World world;

    Fate(World world, long seed) {
        this.world = world;
        this.seed = Chance.hash(seed, Stream.FATE.number, 0);
    }

    /** Which client instance makes the call. */
    int client(long call) {
        return pick(Chance.hash(seed, call, CLIENT), world.clients());
    }

    /** Which shard the call asks for: that of its key, so a retry asks for the same. */
    int shard(long call) {
        return world.shards() == 1 ? 0 : pick(Chance.hash(seed, call, SHARD), world.shards());
    }

    /** How long the upstream works on the attempt, in nanoseconds, if nothing slows it down. Log-normal, with its tail. */
    double serviceNanos(long call, int attempt) {
        long hash = Chance.hash(seed, call, 4L * attempt);
        double nanos = world.service().toNanos();
        if (world.sigma() > 0) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - Chance.unit(hash)));
            double normal = radius * StrictMath.cos(TWO_PI * Chance.unit(Chance.mix(hash)));
            nanos *= StrictMath.exp(world.sigma() * normal);
        }
        boolean slow =
                world.tailShare() > 0 && Chance.unit(Chance.hash(seed, call, 4L * attempt + 1)) < world.tailShare();
        return slow ? nanos * world.tailFactor() : nanos;
    }

    /** At least 0, and below 1: the attempt fails where the share of errors is greater. */
    double luck(long call, int attempt) {
        return Chance.unit(Chance.hash(seed, call, 4L * attempt + 2));
    }

    /** At least 0, and below 1: where in its range the back-off before this attempt is. */
    double jitter(long call, int attempt) {
        return Chance.unit(Chance.hash(seed, call, 4L * attempt + 3));
    }

    private static int pick(long hash, int of) {
        return (int) (((hash >>> 32) * of) >>> 32);
    }

    /** The streams of one run. Each is drawn from for one purpose, so that what a guard does moves nothing else. */
    enum Stream {
        FATE(0),
        ARRIVALS(1),
        BURSTS(2),
        GUARDS(3);

        final long number;

        Stream(long number) {
            this.number = number;
        }
    }
}
