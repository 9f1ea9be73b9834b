package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitSettings;
import dev.cutout.lab.simulate.Timeline.Series;
import org.junit.jupiter.api.Test;

/** A run is decided by its world, its seed and its guards, and by nothing else. */
class RunTest {
    private static final World WORLD =
            World.parse("clients 5; arrivals poisson; wave 30% over 20s; timeout 200ms; retries 2 after 20ms to 100ms;"
                    + " tail 2% at 10x; slots 10; queue 30; overload slows 1.5x; errors 3%; bursts 50ms every 5s; shards 3;"
                    + " cold start 20% over 5s; steady 150/s; run 10s; outage 5s; run 10s; hang 3s; run 5s; errors 0% to 90% for 10s;"
                    + " crash 2s; run 10s");

    private static final Guard.Kind BREAKER = CutoutGuard.with(
            CircuitSettings.parse("trip 5 consecutive or 40% of last 20 calls, at least 10; wait 100ms to 2s"));

    @Test
    void theSameSeedGivesTheSameHistory() {
        Run run = Run.of(WORLD, 7, BREAKER);
        Run again = Run.of(WORLD, 7, BREAKER);

        assertThat(again.history()).isEqualTo(run.history());
        assertThat(again.figures(Run.oracle(WORLD, 7))).isEqualTo(run.figures(Run.oracle(WORLD, 7)));
        assertThat(Run.of(WORLD, 8, BREAKER).history()).isNotEqualTo(run.history());
        assertThat(Run.of(WORLD, 7, new Unguarded()).history()).isNotEqualTo(run.history());
    }

    /** Written down once, so that another machine, JDK or day shows if it gives another history. */
    @Test
    void theHistoryIsTheSameOnAnyMachine() {
        assertThat(Long.toHexString(Run.of(WORLD, 7, new Unguarded()).history()))
                .isEqualTo("17ef843f3005a15a");
        assertThat(Long.toHexString(Run.of(WORLD, 7, CutoutGuard.with(CircuitSettings.classic()))
                        .history()))
                .isEqualTo("284491609c842a7d");
        assertThat(Long.toHexString(Run.oracle(WORLD, 7).history())).isEqualTo("30397a7ba7ec7a06");
    }

    @Test
    void allGuardsMeetTheSameCallers() {
        Timeline none = Run.of(WORLD, 7, new Unguarded()).timeline();
        Timeline breaker = Run.of(WORLD, 7, BREAKER).timeline();

        for (int second = 0; second < none.seconds(); second++) {
            assertThat(breaker.get(Series.OFFERED, second)).isEqualTo(none.get(Series.OFFERED, second));
        }
    }

    @Test
    void everyCallEndsInOneWay() {
        Run run = Run.of(WORLD, 7, BREAKER);
        Witness seen = run.witness();

        // an attempt is answered or failed; a call ends with a success, a refusal, or the failure of its last attempt
        assertThat(seen.attempts).isEqualTo(seen.succeeded + seen.failedAttempts);
        assertThat(seen.offered).isGreaterThan(seen.succeeded + seen.refusals);
        assertThat(seen.refusals).isPositive();
        Timeline timeline = run.timeline();
        assertThat(timeline.seconds()).isEqualTo(55);
        assertThat(timeline.sum(Series.ADMITTED, 0, 55)).isEqualTo((double) seen.attempts);
        assertThat(timeline.sum(Series.FAILED, 0, 55)).isEqualTo((double) seen.failedAttempts);
        assertThat(timeline.sum(Series.SUCCEEDED, 0, 55)).isEqualTo((double) seen.succeeded);
        assertThat(timeline.sum(Series.REFUSED, 0, 55)).isEqualTo((double) seen.refusals);
    }

    @Test
    void theStateOfABreakerIsSeenAndThatOfOthersGuessed() {
        World world = World.parse("arrivals regular; steady 20/s; run 10s; outage 10s; run 30s");
        Timeline breaker =
                Run.of(world, 1, CutoutGuard.with(CircuitSettings.classic())).timeline();
        Timeline scripted = Run.of(world, 1, new Scripted(at -> at >= 12_000 && at < 15_000))
                .timeline();

        assertThat(breaker.get(Series.OPEN, 5)).isZero();
        assertThat(breaker.get(Series.OPEN, 15)).isEqualTo(1);
        assertThat(breaker.get(Series.OPEN, 45)).isZero();
        assertThat(scripted.get(Series.OPEN, 11)).isZero();
        assertThat(scripted.get(Series.OPEN, 13)).isEqualTo(1);
        assertThat(scripted.get(Series.OPEN, 16)).isZero();
    }
}
