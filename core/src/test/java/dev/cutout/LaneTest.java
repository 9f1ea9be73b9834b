package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The places on the ramp, on one thread. A lease is ten ticks long, and the clock wraps in the first one. */
class LaneTest {
    private static final long LEASE = 10;
    static final long SINCE = Long.MAX_VALUE - 4;
    private static final int MANY = 100;

    /** The numbers of leases begin anew after so many. */
    private static final long LEASES = 1L << 24;

    private final Lane lane = laneOf(LEASE);

    static Lane laneOf(long lease) {
        Pace pace = Pace.afterProbe(Trouble.showing(Past.NONE, SINCE), 0, 1, 0, SINCE);
        return new Lane(pace, SINCE, lease);
    }

    /** Ticker reading in the middle of this lease. */
    private static long in(long lease) {
        return SINCE + lease * LEASE + LEASE / 2;
    }

    private static long beginningOf(long lease) {
        return SINCE + lease * LEASE;
    }

    // ---- places

    @Test
    void aPlaceIsTakenWhileFewerThanTheLimitAreUnderWay() {
        int first = lane.enter(SINCE, 2);
        assertThat(first).isNotNegative();
        assertThat(lane.enter(SINCE, 2)).isNotNegative();
        assertThat(lane.enter(SINCE, 2)).isNegative();
        assertThat(lane.underWay(SINCE)).isEqualTo(2);

        assertThat(lane.leave(first, SINCE)).isTrue();
        assertThat(lane.underWay(SINCE)).isEqualTo(1);
        assertThat(lane.enter(SINCE, 2)).isNotNegative();
        assertThat(lane.enter(SINCE, 1)).isNegative();
    }

    @Test
    void callsOfTheLeaseBeforeHoldTheirPlacesAndGiveThemBack() {
        int first = lane.enter(in(0), MANY);
        int second = lane.enter(in(1), MANY);
        assertThat(second).isNotEqualTo(first);
        assertThat(lane.underWay(in(1))).isEqualTo(2);
        assertThat(lane.enter(in(1), 2)).isNegative();

        assertThat(lane.leave(first, in(1))).isTrue();
        assertThat(lane.underWay(in(1))).isEqualTo(1);
        assertThat(lane.underWay(in(2))).as("the second is of this lease").isEqualTo(1);
        assertThat(lane.leave(second, in(2))).isTrue();
        assertThat(lane.underWay(in(2))).isZero();
        assertThat(lane.lost(in(9))).isNull();
    }

    @Test
    void aMillionCallsCanBeUnderWay() {
        Lane wide = laneOf(Long.MAX_VALUE);
        int most = 0;
        while (wide.enter(SINCE, Integer.MAX_VALUE) >= 0) {
            most++;
        }
        assertThat(most).isEqualTo((1 << 20) - 1);
        assertThat(wide.underWay(SINCE)).isEqualTo(most);
        assertThat(wide.lost(SINCE)).isNull();
    }

    // ---- calls that are never answered

    @Test
    void aCallIsLostWhenTheLeaseAfterItsOwnIsOver() {
        lane.enter(in(3), MANY);
        lane.enter(in(3), MANY);

        assertThat(lane.lost(in(3))).isNull();
        assertThat(lane.lost(beginningOf(5) - 1)).isNull();
        assertThat(lane.lost(beginningOf(5))).isEqualTo(new Lane.Lost(2, beginningOf(5)));
        assertThat(lane.lost(in(8)))
                .as("as late as anyone looks, at the time it was lost")
                .isEqualTo(new Lane.Lost(2, beginningOf(5)));
    }

    @Test
    void theFirstOfTheLostSaysWhen() {
        lane.enter(in(3), MANY);
        lane.enter(in(4), MANY);
        lane.enter(in(4), MANY);

        assertThat(lane.lost(beginningOf(5) - 1)).isNull();
        assertThat(lane.lost(in(5))).isEqualTo(new Lane.Lost(1, beginningOf(5)));
        assertThat(lane.lost(in(6))).isEqualTo(new Lane.Lost(3, beginningOf(5)));
    }

    @Test
    void theAnswerOfALostCallGivesNothingBack() {
        int lost = lane.enter(in(0), MANY);
        lane.enter(in(1), MANY);
        lane.enter(in(2), MANY);

        assertThat(lane.leave(lost, in(2))).isFalse();
        assertThat(lane.underWay(in(2))).isEqualTo(2);
        assertThat(lane.leave(lost, in(1))).as("with an old reading neither").isFalse();
        assertThat(lane.underWay(in(2))).isEqualTo(2);
    }

    // ---- a thread that stalled between reading the clock and what it does

    @Test
    void anOldReadingLosesNobody() {
        lane.enter(in(0), MANY);
        lane.enter(in(1), MANY);

        assertThat(lane.lost(in(0))).isNull();
        assertThat(lane.underWay(in(0))).isEqualTo(2);
    }

    @Test
    void anOldReadingTakesAPlaceInTheNewestLease() {
        lane.enter(in(0), MANY);
        int newest = lane.enter(in(1), MANY);

        assertThat(lane.enter(in(0), 2)).as("there are two").isNegative();
        assertThat(lane.enter(in(0), 3)).isEqualTo(newest);
        assertThat(lane.underWay(in(1))).isEqualTo(3);
        assertThat(lane.lost(beginningOf(2))).isEqualTo(new Lane.Lost(1, beginningOf(2)));
    }

    @Test
    void anOldReadingGivesBackOnePlaceAndNoOther() {
        int first = lane.enter(in(0), MANY);
        int second = lane.enter(in(1), MANY);
        lane.enter(in(1), MANY);

        assertThat(lane.leave(first, in(0))).isTrue();
        assertThat(lane.underWay(in(1))).isEqualTo(2);
        assertThat(lane.leave(second, in(0))).isTrue();
        assertThat(lane.underWay(in(1))).isEqualTo(1);
        assertThat(lane.lost(beginningOf(2))).isNull();
    }

    @Test
    void aReadingFromBeforeTheBeginningIsOfTheFirstLease() {
        int first = lane.enter(SINCE - 3 * LEASE, MANY);
        assertThat(first).isZero();
        assertThat(lane.leave(first, in(1))).isTrue();
    }

    // ---- the numbers of leases begin anew

    @Test
    void theNumbersOfLeasesBeginAnewWithoutLosingOrKeepingAnyone() {
        for (long lease = 0; lease < LEASES; lease += LEASES / 4) {
            int passing = lane.enter(in(lease), MANY); // as rare as calls may be, each finds an empty lane
            assertThat(lane.underWay(in(lease))).isEqualTo(1);
            assertThat(lane.leave(passing, in(lease))).isTrue();
        }
        int last = lane.enter(in(LEASES - 1), MANY);
        int again = lane.enter(in(LEASES), MANY);

        assertThat(again).isZero();
        assertThat(last).isEqualTo((int) LEASES - 1);
        assertThat(lane.underWay(in(LEASES))).isEqualTo(2);
        assertThat(lane.lost(in(LEASES - 1))).isNull();
        assertThat(lane.leave(last, in(LEASES))).isTrue();
        assertThat(lane.underWay(in(LEASES))).isEqualTo(1);
        assertThat(lane.lost(in(LEASES + 2))).isEqualTo(new Lane.Lost(1, beginningOf(LEASES + 2)));
    }

    @Test
    void aCallThatWasLostLongAgoStaysLost() {
        int lost = lane.enter(in(0), MANY);
        for (long lease = LEASES / 4; lease < LEASES; lease += LEASES / 4) {
            lane.enter(in(lease - 1), MANY);
            lane.enter(in(lease), MANY);
            assertThat(lane.leave(lost, in(lease))).isFalse();
            assertThat(lane.underWay(in(lease))).isEqualTo(2);
        }
    }

    // ---- what else is counted

    @Test
    void itKnowsHowManyAskedAndHowManyWereUnderWayAtOnce() {
        assertThat(lane.ask()).isEqualTo(1);
        assertThat(lane.ask()).isEqualTo(2);
        assertThat(lane.asked()).isEqualTo(2);

        int first = lane.enter(SINCE, MANY);
        lane.leave(lane.enter(SINCE, MANY), SINCE);
        lane.leave(first, SINCE);
        lane.enter(SINCE, MANY);
        assertThat(lane.most()).isEqualTo(2);
    }

    @Test
    void itKnowsHowManyEnteredSinceOneWasHeldBack() {
        for (int i = 0; i < 3; i++) {
            lane.leave(lane.enter(SINCE, MANY), SINCE);
        }
        assertThat(lane.free()).isEqualTo(3);
        lane.heldBack();
        assertThat(lane.free()).isZero();
        lane.enter(SINCE, MANY);
        assertThat(lane.enter(SINCE, 1)).isNegative();
        assertThat(lane.free()).isEqualTo(1);
    }

    /** Against two plain counts, in any order of calls, answers and time. */
    @Test
    void itCountsLikeTwoPlainCounts() {
        for (int seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            Lane real = laneOf(LEASE);
            int current = 0;
            int previous = 0;
            long lease = 0;
            for (int step = 0; step < 200; step++) {
                if (random.nextInt(8) == 0 && previous == 0) { // whoever sees a lost call leaves the ramp
                    lease++;
                    previous = current;
                    current = 0;
                }
                boolean room = current + previous < 5;
                if (random.nextBoolean()) {
                    assertThat(real.enter(in(lease), 5)).isEqualTo(room ? (int) lease : -1);
                    current += room ? 1 : 0;
                } else if (current > 0 && random.nextBoolean()) {
                    assertThat(real.leave((int) lease, in(lease))).isTrue();
                    current--;
                } else if (previous > 0) {
                    assertThat(real.leave((int) lease - 1, in(lease))).isTrue();
                    previous--;
                }
                assertThat(real.underWay(in(lease))).isEqualTo(current + previous);
                assertThat(real.lost(in(lease))).isNull();
                int lost = previous;
                Lane.Lost next = real.lost(in(lease + 1));
                assertThat(next == null ? 0 : next.calls()).isEqualTo(lost);
            }
        }
    }
}
