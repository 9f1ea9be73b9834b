package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cutout.lab.simulate.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingsTest {
    private final Standings standings = new Scores()
            .add("a", "rain", 1, 3)
            .add("a", "snow", 4, 4)
            .add("b", "rain", 5, 5)
            .add("b", "snow", 1, 2)
            .standings();

    @Test
    void everyWorldCountsTheSame() {
        assertThat(standings.regret("a", "rain")).isEqualTo(2);
        assertThat(standings.regret("a")).isEqualTo(3);
        assertThat(standings.regret("b")).isEqualTo(3.25);
        assertThat(standings.best(List.of("b", "a"))).isEqualTo("a");
        assertThat(standings.worst("b")).isEqualTo("rain");
    }

    @Test
    void theStandardErrorIsOverTheSeeds() {
        // the seeds of a have the means 2.5 and 3.5
        assertThat(standings.standardError("a")).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void theWorstAgainstAnotherIsADifference() {
        assertThat(standings.worstAgainst("a", "b")).isEqualTo("snow");
        assertThat(standings.worstAgainst("b", "a")).isEqualTo("rain");
    }

    @Test
    void figuresThatNoWorldHasAreNone() {
        assertThat(standings.mean("a", Figures::peakLoad)).isNaN();
        assertThat(standings.median("a", Figures::regret)).isEqualTo(3);
    }

    @Test
    void whoDidNotPlayHasNoFigure() {
        assertThat(standings.has("c")).isFalse();
        assertThatThrownBy(() -> standings.regret("c", "rain")).isInstanceOf(IllegalArgumentException.class);
    }
}
