package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Suite;
import dev.cutout.lab.simulate.World;

/**
 * A world to be played by everybody, with the chance of one seed.
 *
 * @param name of the world, the same for all seeds
 */
record Match(String name, World world, long seed) {
    /** A built-in world, with its numbers drawn from the seed. */
    static Match of(String name, long seed) {
        return new Match(name, Suite.world(name, seed).orElseThrow(), seed);
    }
}
