package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The production breaker keeps its rules in worlds and with settings that nobody thought of. {@code -Dsimulate.seeds=100000} plays more of
 * them, and {@code -Dsimulate.first} others.
 */
class RandomWorldsTest {
    private static final int SEEDS = Integer.getInteger("simulate.seeds", 1_000);
    private static final long FIRST = Long.getLong("simulate.first", 1);

    @Test
    @Timeout(7_200)
    void noRuleIsEverBroken() {
        long calls = 0;
        long refusals = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            World world = RandomWorlds.world(seed);
            CircuitSettings settings = CircuitSettings.parse(RandomWorlds.settings(seed));
            // a broken rule throws, with the command that shows it again
            Run run = Run.of(world, seed, CutoutGuard.with(settings));
            calls += run.calls();
            refusals += run.witness().refusals;
        }
        assertThat(refusals)
                .as("refusals among %d calls: without any, nothing was tried", calls)
                .isBetween(calls / 20, 2 * calls);
    }

    @Test
    void everyRandomWorldReadsBackAsItself() {
        for (long seed = 1; seed <= 300; seed++) {
            World world = RandomWorlds.world(seed);
            assertThat(World.parse(world.toString())).isEqualTo(world);
        }
    }
}
