package dev.cutout.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.demo.CallerStatistics.Answer;
import dev.cutout.lab.demo.CallerStatistics.Call;
import dev.cutout.lab.demo.CallerStatistics.Moment;
import org.junit.jupiter.api.Test;

class CallerStatisticsTest {
    private final CallerStatistics statistics = new CallerStatistics();

    @Test
    void aMomentTellsWhatHappenedSinceTheOneBefore() {
        caller(10, 13);
        caller(10, 15);
        statistics.sent();
        statistics.sent();
        statistics.failed();
        statistics.refused(statistics.sent());

        assertThat(statistics.moment()).isEqualTo(new Moment(2, 1, 1, 3, 5, 1, 1));
        assertThat(statistics.moment()).isEqualTo(new Moment(0, 0, 0, -1, -1, 0, 0));
    }

    @Test
    void whoHoldsAThreadAndWhoWaitsForOneCarryOverIntoTheNextMoment() {
        statistics.arrived();
        statistics.threadTaken();
        statistics.arrived();
        statistics.moment();

        assertThat(statistics.moment()).isEqualTo(new Moment(0, 0, 0, -1, -1, 1, 1));
        assertThat(statistics.figures())
                .returns(2, Figures::callers)
                .returns(2, Figures::unanswered)
                .returns(1, Figures::mostStuck)
                .returns(1, Figures::mostQueued);
    }

    @Test
    void onlyCallsToATroubledBAreHits() {
        statistics.sent();
        statistics.troubleBegins(Fault.KILL, 100);
        statistics.sent();
        statistics.sent();
        statistics.troubleEnds(200);
        statistics.sent();

        assertThat(statistics.figures())
                .returns(2, figures -> figures.hits(Fault.KILL))
                .returns(2, Figures::allHits);
    }

    @Test
    void aRefusedCallHitsNobodyWheneverTheRefusalIsKnown() {
        statistics.troubleBegins(Fault.KILL, 100);
        statistics.sent();
        Call call = statistics.sent();
        statistics.troubleEnds(200);
        statistics.refused(call);

        assertThat(statistics.figures()).returns(1, figures -> figures.hits(Fault.KILL));
        assertThat(statistics.moment().sent()).isEqualTo(1);
    }

    @Test
    void aCallRefusedAfterItsMomentIsNotMissingFromTheNext() {
        Call call = statistics.sent();
        assertThat(statistics.moment().sent()).isEqualTo(1);

        statistics.sent();
        statistics.refused(call);

        assertThat(statistics.moment()).isEqualTo(new Moment(1, 0, 1, -1, -1, 0, 0));
    }

    private void caller(long arrived, long answered) {
        statistics.arrived();
        statistics.threadTaken();
        statistics.answered(arrived, answered, Answer.FROM_B);
        statistics.threadFreed();
    }
}
