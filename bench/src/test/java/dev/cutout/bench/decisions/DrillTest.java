package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrillTest {
    @ParameterizedTest
    @EnumSource(Drill.class)
    void isAskedWithSeedsOfItsOwn(Drill drill) {
        assertThat(drill.matches(101, 3)).extracting(Match::seed).containsExactly(101L, 102L, 103L);
        assertThat(drill.matches(101, 1_000)).hasSizeBetween(8, 40);
    }

    /** Else a fixed wait could happen to end as the outage does, with every seed. */
    @Test
    void noTwoOutagesAreOfOneLength() {
        assertThat(Drill.BACK_FROM_REFUSING.matches(101, 40))
                .extracting(match -> match.world().length())
                .doesNotHaveDuplicates();
    }

    @Test
    void manySeedsComeToTwoNumbers() {
        Scores scores = new Scores();
        for (int seed = 1; seed <= 3; seed++) {
            scores.add("a", Drill.NOISE.name(), seed, Scores.drilled(0, seed * seed, 0, 0), 0);
            scores.add("a", Drill.PATIENCE.name(), seed, Scores.drilled(seed == 3 ? Double.NaN : seed, 0, 0, 0), 0);
        }

        assertThat(Drill.NOISE.usual(scores.standings(), "a")).isEqualTo((1 + 4 + 9) / 3.0);
        assertThat(Drill.NOISE.bad(scores.standings(), "a")).isEqualTo(9);
        assertThat(Drill.PATIENCE.usual(scores.standings(), "a")).isEqualTo(2);
        assertThat(Drill.PATIENCE.bad(scores.standings(), "a"))
                .as("one that never opened")
                .isInfinite();
    }
}
