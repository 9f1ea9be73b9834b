package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    @Test
    void whatDoesNotApplyIsLeftOut() {
        assertThat(Statistics.mean(List.of(1.0, Double.NaN, 4.0))).isEqualTo(2.5);
        assertThat(Statistics.median(List.of(Double.NaN, 3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Statistics.mean(List.of(Double.NaN))).isNaN();
        assertThat(Statistics.median(List.of())).isNaN();
    }

    @Test
    void quantilesLieBetweenTwoValues() {
        List<Double> values = List.of(5.0, 1.0, 4.0, 2.0, 3.0);
        assertThat(Statistics.quantile(values, 0)).isEqualTo(1);
        assertThat(Statistics.quantile(values, 0.95)).isCloseTo(4.8, within(1e-9));
        assertThat(Statistics.quantile(values, 1)).isEqualTo(5);
    }

    @Test
    void whatNeverHappenedIsTheWorst() {
        assertThat(Statistics.median(List.of(1.0, NEVER, 2.0))).isEqualTo(2);
        assertThat(Statistics.quantile(List.of(1.0, NEVER), 1)).isEqualTo(NEVER);
        assertThat(Statistics.quantile(List.of(NEVER, NEVER), 0.3)).isEqualTo(NEVER);
    }

    @Test
    void theStandardErrorIsThatOfTheMean() {
        // deviations -1, 0, 1: variance 1 of three values
        assertThat(Statistics.standardError(List.of(1.0, 2.0, 3.0))).isCloseTo(Math.sqrt(1.0 / 3), within(1e-9));
        assertThat(Statistics.standardError(List.of(7.0))).isNaN();
    }
}
