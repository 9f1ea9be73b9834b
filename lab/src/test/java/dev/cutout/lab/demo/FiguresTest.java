package dev.cutout.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.demo.CallerStatistics.Answer;
import dev.cutout.lab.demo.CallerStatistics.Caller;
import dev.cutout.lab.demo.CallerStatistics.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    private static final long MS = 1_000_000;

    private final List<Caller> callers = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"50, 2", "51, 3", "75, 3", "99, 4", "100, 4", "1, 1"})
    void aPercentileIsTheSmallestValueThatSoManyDoNotExceed(int percent, long value) {
        assertThat(CallerStatistics.percentile(new long[] {1, 2, 3, 4}, percent))
                .isEqualTo(value);
    }

    @Test
    void nobodyHasNoPercentile() {
        assertThat(CallerStatistics.percentile(new long[0], 99)).isEqualTo(-1);
    }

    @Test
    void trafficIsNormalAtOnceWhenEveryoneIsServed() {
        servedFrom(1_000, 2_000);
        assertThat(untilNormal(1_000)).hasValue(0);
    }

    @Test
    void trafficIsNormalFromTheFirstCallerAfterTheLastOneWhoWasNotServed() {
        servedFrom(1_000, 1_400);
        caller(1_400, 1, Answer.FALLBACK);
        servedFrom(1_500, 2_500);
        assertThat(untilNormal(1_000)).hasValue(500 * MS);
    }

    @Test
    void whoIsNotServedAfterTheSpellDoesNotCount() {
        servedFrom(1_000, 1_600);
        caller(1_600, 1, Answer.ERROR);
        servedFrom(1_700, 2_500);
        assertThat(untilNormal(1_000)).hasValue(0);
    }

    @Test
    void aSlowAnswerIsNotNormal() {
        caller(1_000, 251, Answer.FROM_B);
        servedFrom(1_100, 2_000);
        assertThat(untilNormal(1_000)).hasValue(100 * MS);
    }

    @Test
    void callersFromBeforeTheRecoveryDoNotCount() {
        caller(900, 5_000, Answer.ERROR);
        servedFrom(1_000, 2_000);
        assertThat(untilNormal(1_000)).hasValue(0);
    }

    @Test
    void normalIsNotReachedWithoutAWholeSpellBeforeTheNextTrouble() {
        servedFrom(1_000, 3_000);
        assertThat(Figures.untilNormal(callers, 1_000 * MS, OptionalLong.of(1_400 * MS)))
                .isEmpty();
        assertThat(Figures.untilNormal(List.of(), 0, OptionalLong.empty())).isEmpty();
    }

    @Test
    void callersOfATroubleAreThoseWhoCameWhileItLasted() {
        caller(0, 10, Answer.FROM_B);
        caller(1_000, 20, Answer.FALLBACK);
        caller(1_500, 30, Answer.ERROR);
        caller(2_000, 40, Answer.FALLBACK);
        Outage outage = new Outage(Fault.HANG, 1_000 * MS, 2_000 * MS);

        Figures figures = Figures.of(callers, 1, List.of(outage), Map.of(Fault.HANG, 7), 5, 6);

        assertThat(figures)
                .isEqualTo(new Figures(
                        5,
                        Map.of(Answer.FROM_B, 1, Answer.FALLBACK, 2, Answer.ERROR, 1),
                        1,
                        20 * MS,
                        40 * MS,
                        20 * MS,
                        30 * MS,
                        5,
                        6,
                        Map.of(Fault.HANG, 7),
                        Map.of(Fault.HANG, OptionalLong.empty())));
        assertThat(figures.unanswered()).isEqualTo(1);
    }

    private void servedFrom(int fromMillis, int toMillis) {
        for (int at = fromMillis; at < toMillis; at += 100) {
            caller(at, 3, Answer.FROM_B);
        }
    }

    private void caller(int atMillis, int waitedMillis, Answer answer) {
        callers.add(new Caller(atMillis * MS, (atMillis + waitedMillis) * MS, answer));
    }

    private OptionalLong untilNormal(int wellMillis) {
        return Figures.untilNormal(callers, wellMillis * MS, OptionalLong.empty());
    }
}
