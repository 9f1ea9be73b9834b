package dev.cutout;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The places on the ramp, under every order in which a few calls come and go, and at every moment at which a lease may turn. */
class LaneLincheckTest {
    /** Were the count read and then written, two calls could take one place. */
    @Test
    void aPlaceIsTakenIfAndOnlyIfOneIsFree() {
        Interleavings.linearizable(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(Places.class);
    }

    /** Could a thread that stalled turn the leases back, the calls of the newest would be forgotten, and their places be taken twice. */
    @Test
    void aLeaseThatTurnsMeanwhileForgetsNobody() {
        Interleavings.validated(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(TurningLease.class);
    }

    /** Did the answer of a lost call give back a place, it would be that of another. */
    @Test
    void theAnswerOfALostCallGivesNothingBack() {
        Interleavings.validated(3, 1).iterations(8).invocationsPerIteration(200).check(LostCall.class);
    }

    private static void holds(boolean truth, String what) {
        if (!truth) {
            throw new IllegalStateException(what);
        }
    }

    /** Room for two calls, and one is under way, so that it can end at any moment. */
    public static final class Places {
        private static final int LIMIT = 2;

        private final Lane lane = LaneTest.laneOf(1);
        private final int first = enter();

        private int enter() {
            return lane.enter(LaneTest.SINCE, LIMIT);
        }

        @Operation
        public boolean begin() {
            return enter() >= 0;
        }

        @Operation(runOnce = true)
        public boolean end() {
            return lane.leave(first, LaneTest.SINCE);
        }

        @Operation
        public int count() {
            return lane.underWay(LaneTest.SINCE);
        }
    }

    /** Room for two calls, and threads that read the clock in the first lease or in the second. */
    @Param(name = "lease", gen = IntGen.class, conf = "0:1")
    public static final class TurningLease {
        private static final int LIMIT = 2;

        private final Lane lane = LaneTest.laneOf(1);
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicInteger mostUnderWay = new AtomicInteger();
        private final AtomicInteger notGivenBack = new AtomicInteger();

        private int enter(int lease) {
            int number = lane.enter(LaneTest.SINCE + lease, LIMIT);
            if (number >= 0) {
                mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            }
            return number;
        }

        @Operation
        public void begin(@Param(name = "lease") int lease) {
            enter(lease);
        }

        @Operation
        public void beginAndEnd(@Param(name = "lease") int lease) {
            int number = enter(lease);
            if (number >= 0) {
                underWay.decrementAndGet();
                if (!lane.leave(number, LaneTest.SINCE + lease)) {
                    notGivenBack.incrementAndGet();
                }
            }
        }

        @Validate
        public void everyCallHasItsOwnPlace() {
            holds(mostUnderWay.get() <= LIMIT, "3 calls under way");
            holds(notGivenBack.get() == 0, "a call was lost within a lease");
            holds(lane.underWay(LaneTest.SINCE + 1) == underWay.get(), "a place was forgotten, or kept");
            holds(lane.most() >= mostUnderWay.get() && lane.most() <= LIMIT, "the most calls at once are not known");
            holds(lane.lost(LaneTest.SINCE + 1) == null, "a call seems lost");
        }
    }

    /** A call of the first lease is answered in the second or the third, when it is lost. */
    @Param(name = "lease", gen = IntGen.class, conf = "1:2")
    public static final class LostCall {
        private static final int ROOM = 10;

        private final Lane lane = LaneTest.laneOf(1);
        private final int lost = lane.enter(LaneTest.SINCE, ROOM);
        private final AtomicInteger entered = new AtomicInteger();

        @Operation
        public void begin(@Param(name = "lease") int lease) {
            lane.enter(LaneTest.SINCE + lease, ROOM);
            entered.incrementAndGet();
        }

        @Operation(runOnce = true)
        public void answer(@Param(name = "lease") int lease) {
            lane.leave(lost, LaneTest.SINCE + lease);
        }

        @Validate
        public void theOthersKeepTheirPlaces() {
            holds(lane.underWay(LaneTest.SINCE + 2) == entered.get(), "the place of another was given back");
        }
    }
}
