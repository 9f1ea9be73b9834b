package dev.cutout.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasureTest {
    @ParameterizedTest
    @CsvSource({
        "-1, -",
        "340_000, 0.3 ms",
        "949_999, 0.9 ms",
        "950_000, 1 ms",
        "12_400_000, 12 ms",
        "999_400_000, 999 ms",
        "999_500_000, 1.0 s",
        "12_340_000_000, 12.3 s"
    })
    void aWaitIsShortAndHasAUnit(String nanos, String text) {
        assertThat(Measure.waited(Long.parseLong(nanos.replace("_", "")))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"2000, 2 s", "670, 0.67 s", "500, 0.5 s", "30000, 30 s", "10000, 10 s"})
    void aSettingIsWrittenWithoutNeedlessDigits(long millis, String text) {
        assertThat(Measure.seconds(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
