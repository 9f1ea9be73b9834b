package dev.cutout.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void theSameSeedBringsTheSameCallersAtTheAskedRate() {
        long[] arrivals = first(10_000, 50, 1);

        assertThat(first(10_000, 50, 1)).isEqualTo(arrivals);
        assertThat(first(10_000, 50, 2)).isNotEqualTo(arrivals);
        assertThat(arrivals).isSorted();
        assertThat(arrivals[9_999] / 1e9).isCloseTo(200, within(10.0)); // 5 standard deviations
    }

    @Test
    void callersComeIndependentlyOfEachOther() {
        long[] arrivals = first(10_000, 50, 1);
        double[] gaps = new double[arrivals.length - 1];
        Arrays.setAll(gaps, i -> (arrivals[i + 1] - arrivals[i]) / 1e9);
        double mean = Arrays.stream(gaps).average().orElseThrow();
        double variance = Arrays.stream(gaps)
                .map(gap -> (gap - mean) * (gap - mean))
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(variance) / mean).isCloseTo(1, within(0.05)); // as an exponential distribution's is
    }

    private static long[] first(int count, int perSecond, long seed) {
        Arrivals arrivals = new Arrivals(perSecond, seed);
        return LongStream.generate(arrivals::next).limit(count).toArray();
    }
}
