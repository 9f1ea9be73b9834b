package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitSettings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The measure is one: nothing does better than the oracle in the worlds of the suite. */
class OracleTest {
    /** In % of the calls: what luck can bring to whoever sends what the oracle would not. */
    private static final double LUCK = 0.1;

    private static final List<Guard.Kind> KINDS = List.of(
            new Unguarded(),
            CutoutGuard.with(CircuitSettings.classic()),
            CutoutGuard.with(CircuitSettings.parse("trip 60% of last 20 calls, at least 10; wait 1s")));

    static Stream<String> worlds() {
        return Stream.of(Suite.values()).flatMap(suite -> suite.names().stream());
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void nothingDoesBetter(String name) {
        World world = Suite.world(name, 1).orElseThrow();
        Run oracle = Run.oracle(world, 1);

        for (Guard.Kind kind : KINDS) {
            assertThat(Run.of(world, 1, kind).figures(oracle).regret())
                    .as("%s in %s", kind.name(), world)
                    .isGreaterThan(-LUCK);
        }
        Figures own = oracle.figures(oracle);
        assertThat(own.regret()).isZero();
        assertThat(own.wasted()).isZero();
        assertThat(own.needless()).isZero();
        assertThat(own.falseOpeningsPerHour()).isZero();
    }
}
