package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.LongPredicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The figures of worlds small enough to be worked out by hand. */
class FiguresTest {
    private static final Offset<Double> EXACTLY = within(1e-9);

    /** Calls at 0.1 s, 0.2 s, ... 29.9 s; down from 10.0 s on, healthy from 20.0 s on; so 299 calls, 100 of them in the outage. */
    private static final String OUTAGE =
            "network 1ms; arrivals regular; service 10ms sigma 0; steady 10/s; run 10s; outage 10s; run 10s";

    private static Figures figures(String world, LongPredicate refusesAtMillis) {
        World parsed = World.parse(world);
        return Run.of(parsed, 1, new Scripted(refusesAtMillis)).figures(Run.oracle(parsed, 1));
    }

    @Test
    void whoeverNeverRefusesWastesTheOutage() {
        Figures none = figures(OUTAGE, at -> false);

        assertThat(none.regret()).isCloseTo(100 * 100 / 299.0, EXACTLY);
        assertThat(none.wasted()).isCloseTo(100 * 100 / 299.0, EXACTLY);
        assertThat(none.needless()).isZero();
        assertThat(none.opened()).isZero();
        assertThat(none.opensAfterSeconds()).isNaN();
        assertThat(none.falseOpeningsPerHour()).isZero();
        assertThat(none.admitsAgainSeconds()).isZero();
        assertThat(none.goodput()).isCloseTo(100, EXACTLY);
        assertThat(none.timeoutMillisPerCall()).isZero();
        // 10 attempts a second; 50 slots of 10 ms could answer 5,000
        assertThat(none.peakLoad()).isCloseTo(0.002, EXACTLY);
    }

    @Test
    void whoeverOpensLateAndComesBackLatePaysForBoth() {
        Figures late = figures(OUTAGE, at -> at >= 12_000 && at < 22_000);

        // sent in vain: 10.0 to 11.9; refused although all is well: 20.0 to 21.9
        assertThat(late.wasted()).isCloseTo(100 * 20 / 299.0, EXACTLY);
        assertThat(late.needless()).isCloseTo(100 * 20 / 299.0, EXACTLY);
        assertThat(late.regret()).isCloseTo(100 * 40 / 299.0, EXACTLY);
        assertThat(late.opened()).isEqualTo(100);
        assertThat(late.opensAfterSeconds()).isCloseTo(2, EXACTLY);
        assertThat(late.opensAfterCalls()).isEqualTo(20);
        assertThat(late.falseOpeningsPerHour()).isZero();
        assertThat(late.goodput()).isCloseTo(100 * 179 / 199.0, EXACTLY);
        // the first 20 calls of which 19 are admitted come after the one at 21.8
        assertThat(late.admitsAgainSeconds()).isCloseTo(1.8, EXACTLY);
    }

    @Test
    void whoeverNeverComesBackIsCutOff() {
        Figures never = figures(OUTAGE, at -> at >= 11_000);

        assertThat(never.admitsAgainSeconds()).isCloseTo(10, EXACTLY);
        assertThat(never.peakLoad()).isZero();
        assertThat(never.needless()).isCloseTo(100 * 100 / 299.0, EXACTLY);
    }

    @Test
    void refusalsAreAnOpeningWhenTheyAreTheMajorityOfTen() {
        // four refusals never are; five are, and so is any number of them until half of the last ten are admitted again
        assertThat(figures(OUTAGE, at -> at >= 11_000 && at < 11_400).opened()).isZero();
        assertThat(figures(OUTAGE, at -> at >= 11_000 && at < 11_500).opened()).isEqualTo(100);
    }

    @Test
    void openingsWhileAllIsWellAreFalse() {
        // calm are the seconds 0 to 9, and those that begin more than 5 s after the outage: 26 to 29
        Figures once = figures(OUTAGE, at -> at >= 5_000 && at < 6_000);
        assertThat(once.falseOpeningsPerHour()).isCloseTo(3_600 / 14.0, EXACTLY);
        Figures twice = figures(OUTAGE, at -> at % 4_000 >= 3_000 && at < 9_000);
        assertThat(twice.falseOpeningsPerHour()).isCloseTo(2 * 3_600 / 14.0, EXACTLY);
        Figures aftermath = figures(OUTAGE, at -> at >= 21_000 && at < 22_000);
        assertThat(aftermath.falseOpeningsPerHour()).isZero();
    }

    @Test
    void timeSpentInTimeOutsIsSharedByAllCalls() {
        Figures hang = figures(
                "timeout 300ms; arrivals regular; service 10ms sigma 0; steady 10/s; run 10s; hang 10s; run 10s",
                at -> false);

        assertThat(hang.timeoutMillisPerCall()).isCloseTo(100 * 300 / 299.0, EXACTLY);
        assertThat(hang.regret()).isCloseTo(100 * 100 / 299.0, EXACTLY);
    }

    @Test
    void eachOutageOfARepetitionIsOne() {
        Figures flapping = figures(
                "arrivals regular; service 10ms sigma 0; steady 10/s; run 10s; repeat 4 times outage 5s, run 10s",
                at -> (at >= 10_000 && at < 12_000) || (at >= 26_000 && at < 28_000));

        // opened in the first at once, in the second (from 25 s on) after a second and 10 calls
        assertThat(flapping.opened()).isEqualTo(50);
        assertThat(flapping.opensAfterSeconds()).isCloseTo(0.5, EXACTLY);
        assertThat(flapping.opensAfterCalls()).isEqualTo(5);
    }

    @Test
    void aPeakIsTheLoadOfASecondByItsCapacity() {
        // 10 calls a second for one slot of 200 ms, which could answer 5
        Figures overloaded = figures(
                "arrivals regular; service 200ms sigma 0; slots 1; queue 0; steady 10/s; run 5s; outage 5s; run 5s",
                at -> false);

        assertThat(overloaded.peakLoad()).isCloseTo(2, EXACTLY);
    }

    @Test
    void aMeanIsOverTheRunsToWhichAFigureApplies() {
        Figures never = figures(OUTAGE, at -> false);
        Figures late = figures(OUTAGE, at -> at >= 12_000 && at < 22_000);

        Figures mean = Figures.mean(List.of(never, late));
        assertThat(mean.regret()).isCloseTo((never.regret() + late.regret()) / 2, EXACTLY);
        assertThat(mean.opensAfterSeconds()).isCloseTo(2, EXACTLY);
    }
}
