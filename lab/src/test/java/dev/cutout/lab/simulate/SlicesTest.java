package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.simulate.Timeline.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicesTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "45, 1, 45", "46, 2, 23", "91, 5, 19", "100, 5, 20", "2700, 60, 45", "2701, 120, 23"})
    void thereAreFewEnoughOfThem(int seconds, int step, int count) {
        Slices slices = Slices.of(new Timeline(seconds), 45);

        assertThat(slices.step()).isEqualTo(step);
        assertThat(slices.count()).isEqualTo(count);
        assertThat(slices.to(count - 1)).isEqualTo(seconds);
    }

    @Test
    void theLastMayBeShorter() {
        Timeline timeline = new Timeline(5);
        for (int second = 0; second < 5; second++) {
            timeline.set(Series.OFFERED, second, second);
        }
        Slices slices = Slices.of(timeline, 3);

        assertThat(slices.sum(Series.OFFERED, 1)).isEqualTo(2 + 3);
        assertThat(slices.mean(Series.OFFERED, 1)).isEqualTo(2.5);
        assertThat(slices.sum(Series.OFFERED, 2)).isEqualTo(4);
        assertThat(slices.mean(Series.OFFERED, 2)).isEqualTo(4);
    }

    @Test
    void aFailureRateIsOfWhatEnded() {
        Timeline timeline = new Timeline(2);
        timeline.set(Series.FAILED, 0, 1);
        timeline.set(Series.SUCCEEDED, 0, 3);
        Slices slices = Slices.of(timeline, 2);

        assertThat(slices.failureRate(0)).isEqualTo(0.25);
        assertThat(slices.failureRate(1)).isNaN();
    }
}
