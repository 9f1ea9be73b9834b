package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cutout.lab.simulate.Timeline.Series;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an upstream and its clients do, in worlds small enough to be worked out by hand. */
class UpstreamTest {
    /** Calls come at 1 s, 2 s, ... in batches; all work takes exactly as long as said. */
    private static final String BATCHES = "network 0ms; timeout 500ms; ";

    private final Scripted guard = new Scripted();

    private Run play(String world) {
        return Run.of(World.parse(world), 1, guard);
    }

    @Test
    void slotsWorkAtOnceTheQueueWaitsAndTheRestIsRefused() {
        play(BATCHES + "arrivals batches of 6; steady 6/s; slots 2; queue 3; service 100ms sigma 0; run 1500ms");

        assertThat(guard.told)
                .containsExactly("refused 1000", "good 1100", "good 1100", "good 1200", "good 1200", "good 1300");
        assertThat(guard.failures).hasOnlyElementsOfType(ConnectException.class);
    }

    @Test
    void everyAnswerTakesTheWayBack() {
        play("network 7ms; arrivals regular; steady 1/s; slots 1; queue 0; service 2s sigma 0; timeout 5s; run 2500ms");

        assertThat(guard.told).containsExactly("refused 2007", "good 3007");
    }

    @Test
    void anUpstreamWorksOnForClientsThatGaveUp() {
        String world = BATCHES + "arrivals batches of 3; steady 3/s; slots 1; queue 9; service 400ms sigma 0; ";
        play(world + "run 2500ms");
        List<String> unnoticed = List.copyOf(guard.told);
        guard.told.clear();
        play(world + "notices timeouts; run 2500ms");

        // the third call of the first batch holds the slot until 2200, so the first of the second is done at 2600
        assertThat(unnoticed)
                .containsExactly(
                        "good 1400",
                        "timed out 1500",
                        "timed out 1500",
                        "timed out 2500",
                        "timed out 2500",
                        "timed out 2500");
        assertThat(guard.told)
                .containsExactly(
                        "good 1400",
                        "timed out 1500",
                        "timed out 1500",
                        "good 2400",
                        "timed out 2500",
                        "timed out 2500");
        assertThat(guard.failures).hasOnlyElementsOfType(SocketTimeoutException.class);
    }

    @Test
    void anUpstreamThatNoticesDropsWhatWaitsToo() {
        Run run = play(BATCHES
                + "arrivals batches of 3; steady 3/s; slots 1; queue 9; service 2s sigma 0; notices timeouts; run 2s");

        // the first is given up at work, the others in the queue: nothing is left at the end of the second second
        assertThat(run.timeline().get(Series.HELD, 1)).isZero();
        assertThat(guard.told).hasSize(3).allMatch("timed out 1500"::equals);
    }

    @Test
    void retriesAskTheGuardAgainAndARefusalEndsTheCall() {
        Scripted choosy = new Scripted(at -> at >= 3_000);
        Run run = Run.of(
                World.parse("network 0ms; arrivals regular; steady 1/s; retries 2; run 500ms; outage 3s"), 1, choosy);

        // at 1 s and 2 s three attempts each, at 3 s none
        assertThat(run.timeline().sum(Series.ADMITTED, 0, 4)).isEqualTo(6);
        assertThat(run.timeline().sum(Series.FAILED, 0, 4)).isEqualTo(6);
        assertThat(run.timeline().sum(Series.REFUSED, 0, 4)).isEqualTo(1);
        assertThat(run.calls()).isEqualTo(3);
    }

    @Test
    void waitsBeforeRetriesDoubleWithJitterUpToTheLongest() {
        play("network 0ms; arrivals regular; steady 10/m; retries 4 after 100ms to 300ms; run 1s; outage 7s");

        assertThat(guard.asked).hasSize(5).startsWith(6_000L);
        long[] most = {100, 200, 300, 300};
        for (int i = 0; i < most.length; i++) {
            assertThat(guard.asked.get(i + 1) - guard.asked.get(i)).isBetween(most[i] / 2, most[i]);
        }
    }

    @Test
    void anOutageRefusesAndAHangNeverAnswers() {
        play(
                "network 0ms; timeout 700ms; arrivals regular; steady 1/s; service 1ms sigma 0; run 1500ms; outage 1s; hang 1s; run 1s");

        assertThat(guard.told).containsExactly("good 1001", "refused 2000", "timed out 3700", "good 4001");
    }

    @Test
    void aCrashLosesWhatIsUnderWay() {
        play(BATCHES
                + "arrivals batches of 2; steady 2/s; slots 1; service 300ms sigma 0; run 1200ms; crash 1s; run 1s");

        assertThat(guard.told)
                .containsExactly(
                        "timed out 1500",
                        "timed out 1500",
                        "refused 2000",
                        "refused 2000",
                        "good 3300",
                        "timed out 3500");
    }

    @Test
    void aPauseDelaysWhatIsUnderWayAndWhatComesMeanwhile() {
        play("network 0ms; timeout 9s; arrivals regular; steady 1/s; slots 1; queue 1; service 300ms sigma 0;"
                + " run 1100ms; pause 2s; run 1s");

        // 100 ms of the first are done before it and 200 ms after it; the second waits, and there is no room for the
        // third
        assertThat(guard.told).containsExactly("refused 3000", "good 3300", "good 3600", "good 4300");
    }

    @Test
    void slownessHoldsForWorkThatBeginsInIt() {
        play("network 0ms; arrivals regular; steady 1/s; service 100ms sigma 0; run 1500ms; slow 4x for 1s; run 1s");

        assertThat(guard.told).containsExactly("good 1100", "good 2400", "good 3100");
    }

    @Test
    void aFullQueueSlowsTheWorkDown() {
        play(
                "network 0ms; timeout 9s; arrivals batches of 5; steady 5/s; slots 1; queue 4; service 100ms sigma 0; overload slows 3x;"
                        + " run 1500ms");

        // work begins with 0, then 3, 2, 1, 0 of 4 places taken: 1x, then 2.5x, 2x, 1.5x, 1x
        assertThat(guard.told).containsExactly("good 1100", "good 1350", "good 1550", "good 1700", "good 1800");
    }

    @Test
    void lessCapacityIsFewerSlots() {
        play("network 0ms; timeout 9s; arrivals batches of 4; steady 4/s; slots 4; queue 0; service 100ms sigma 0;"
                + " run 1500ms; capacity 50% for 1s");

        assertThat(guard.told)
                .containsExactly(
                        "good 1100",
                        "good 1100",
                        "good 1100",
                        "good 1100",
                        "refused 2000",
                        "refused 2000",
                        "good 2100",
                        "good 2100");
    }

    @Test
    void coldCapacityComesBackEvenly() {
        Run run = play(
                "arrivals regular; steady 1/s; service 100ms sigma 0; slots 100; cold start 10% over 10s; run 5s; outage 5s; run 15s");

        // as in the middle of each second: 10 % + 90 % x t / 10 s of 100 slots, each for 10 attempts a second
        assertThat(run.timeline().get(Series.CAPACITY, 4)).isEqualTo(1_000);
        assertThat(run.timeline().get(Series.CAPACITY, 7)).isZero();
        assertThat(run.timeline().get(Series.CAPACITY, 10)).isEqualTo(150); // 14.5 slots
        assertThat(run.timeline().get(Series.CAPACITY, 15)).isEqualTo(600); // 59.5 slots
        assertThat(run.timeline().get(Series.CAPACITY, 20)).isEqualTo(1_000);
    }

    @Test
    void aQueueIsServedAsColdCapacityComesBack() {
        play(
                "network 0ms; timeout 9s; arrivals batches of 5; steady 1/s; slots 3; service 4s sigma 0; cold start 34% over 3s;"
                        + " run 4s; crash 500ms; run 2s");

        // cold from 4.5 s on, a step each 30 ms: one slot; 1.5 of 3 after 0.73 s, so the second at 5.25 s; 2.5 of 3
        // after 2.24 s, the third at 6.75 s
        assertThat(guard.told.subList(0, 3)).containsExactly("good 9000", "good 9250", "good 10750");
    }

    @Test
    void aDeadShardRefusesItsShare() {
        Run run = play("arrivals regular; steady 1000/s; service 1ms; shards 4; run 10s; shard down 10s; run 10s");

        assertThat(run.timeline().sum(Series.FAILED, 0, 10)).isZero();
        assertThat(run.timeline().sum(Series.FAILED, 10, 20)).isCloseTo(2_500, within(130.0));
        assertThat(guard.failures).hasOnlyElementsOfType(ConnectException.class);
    }

    @Test
    void severalShardsCanBeDead() {
        Run run = play("arrivals regular; steady 1000/s; service 1ms; shards 4; run 1s; 3 shards down for 10s");

        assertThat(run.timeline().sum(Series.FAILED, 1, 11)).isCloseTo(7_500, within(130.0));
    }

    @Test
    void aRetryAsksForTheSameShard() {
        Run run = play("arrivals regular; steady 1000/s; service 1ms; shards 4; retries 2; run 1s; shard down 10s");

        assertThat(run.timeline().sum(Series.FAILED, 1, 11)).isCloseTo(3 * 2_500, within(400.0));
    }

    @Test
    void errorsAreAShareThatMayGrow() {
        Run constant =
                play("arrivals regular; steady 1000/s; service 1ms; errors 2%; run 20s; errors 30% for 20s; run 10s");
        assertThat(constant.timeline().sum(Series.FAILED, 0, 20)).isCloseTo(400, within(60.0));
        assertThat(constant.timeline().sum(Series.FAILED, 20, 40)).isCloseTo(6_000, within(200.0));
        assertThat(guard.failures).hasOnlyElementsOfType(IOException.class);

        Run growing = play("arrivals regular; steady 1000/s; service 1ms; run 1s; errors 0% to 80% for 20s");
        assertThat(growing.timeline().sum(Series.FAILED, 1, 11)).isCloseTo(2_000, within(130.0));
        assertThat(growing.timeline().sum(Series.FAILED, 11, 21)).isCloseTo(6_000, within(180.0));
    }

    @Test
    void inABurstEverythingFails() {
        Run run = play("arrivals regular; steady 1000/s; service 1ms; bursts 100ms every 2s; run 200s");

        // one burst each 2.1 s, of 100 calls; each begins after a gap, so failures come in runs of 100
        assertThat(run.timeline().sum(Series.FAILED, 0, 200)).isCloseTo(9_500, within(2_000.0));
        int runs = 0;
        for (int i = 1; i < guard.told.size(); i++) {
            runs += guard.told.get(i).startsWith("failed")
                            && guard.told.get(i - 1).startsWith("good")
                    ? 1
                    : 0;
        }
        assertThat(run.timeline().sum(Series.FAILED, 0, 200) / runs).isCloseTo(100, within(25.0));
    }

    @Test
    void aRateLimitRefusesWhatIsBeyondAndMayTellWhenToComeBack() {
        Run run =
                play("network 0ms; arrivals regular; steady 100/s; service 1ms; run 10s; limit 50/s for 10s; run 10s");
        assertThat(run.timeline().sum(Series.FAILED, 0, 10)).isZero();
        assertThat(run.timeline().sum(Series.FAILED, 10, 20)).isCloseTo(500, within(6.0)); // 5 tokens are there at once
        assertThat(run.timeline().sum(Series.FAILED, 20, 30)).isZero();

        guard.failures.clear();
        play("network 0ms; arrivals regular; steady 10/s; service 1ms; limit 1/s with retry-after; run 1500ms");
        // the token of 100 ms is back at 1100 ms
        assertThat(guard.failures)
                .hasSize(12)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(BusyException.class));
        assertThat(((BusyException) guard.failures.get(0)).retryAfter()).hasMillis(900);
        assertThat(((BusyException) guard.failures.get(8)).retryAfter()).hasMillis(100);
    }

    @Test
    void callsArriveAsTheWorldSays() {
        assertThat(play("arrivals regular; steady 10/s; run 9999ms").calls()).isEqualTo(99);
        assertThat(play("steady 1000/s; run 100s").calls()).isCloseTo(100_000L, within(1_000L));
        assertThat(play("arrivals batches of 20; steady 10/s; run 11s").calls()).isEqualTo(100);
        assertThat(play("arrivals regular; steady 10/s; run 10s; steady 100/s; run 10s")
                        .calls())
                .isCloseTo(1_100L, within(2L));
        assertThat(play("arrivals regular; steady 10/s; run 10s; spike 10x for 10s; run 10s")
                        .calls())
                .isCloseTo(1_200L, within(3L));

        Timeline wave = play("arrivals regular; steady 100/s; wave 50% over 40s; run 40s")
                .timeline();
        assertThat(wave.sum(Series.OFFERED, 0, 40)).isCloseTo(4_000, within(60.0));
        assertThat(wave.get(Series.OFFERED, 10)).isCloseTo(150, within(2.0));
        assertThat(wave.get(Series.OFFERED, 30)).isCloseTo(50, within(2.0));
    }

    @Test
    void workTakesItsMedianAndHasItsTail() {
        World world = World.parse("service 100ms sigma 0.5; tail 10% at 50x");
        Fate fate = new Fate(world, 1);
        int below = 0;
        int slow = 0;
        double logarithms = 0;
        for (int call = 0; call < 100_000; call++) {
            double millis = fate.serviceNanos(call, 0) / 1e6;
            slow += millis > 700 ? 1 : 0;
            below += millis < 100 ? 1 : 0;
            logarithms += millis > 700 ? 0 : Math.pow(Math.log(millis / 100), 2);
        }
        assertThat(slow / 1_000.0).isCloseTo(10, within(0.5));
        assertThat(below / 1_000.0).isCloseTo(45, within(0.7));
        assertThat(Math.sqrt(logarithms / 90_000)).isCloseTo(0.5, within(0.01));
    }
}
