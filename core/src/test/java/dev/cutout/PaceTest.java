package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule of the recovery, one verdict after the other, by answers made by hand. What its numbers are worth is measured in the simulator. */
class PaceTest {
    private static final long MILLISECOND = Duration.ofMillis(1).toNanos();
    private static final long SECOND = 1000 * MILLISECOND;
    private static final long BEGINNING = Long.MAX_VALUE - SECOND;
    private static final long USUAL_TIME = 10 * MILLISECOND;
    private static final Trouble FRESH = Trouble.showing(Past.NONE, BEGINNING);

    /** So many answers are enough for any verdict whose answers leave no doubt. */
    private static final int PLENTY = 1_000;

    private long now = BEGINNING;
    private Pace pace = afterProbe(FRESH, 0);
    private Lane lane = laneOf(pace);

    private static Pace afterProbe(Trouble trouble, double usualRate) {
        return Pace.afterProbe(trouble, usualRate, USUAL_TIME, 0, BEGINNING);
    }

    private static Lane laneOf(Pace pace) {
        return new Lane(pace, BEGINNING, Duration.ofHours(1).toNanos());
    }

    private void begin(Pace first) {
        pace = first;
        lane = laneOf(first);
    }

    // ---- one call after the other

    private void answer(boolean good, long took) {
        while (!pace.passes(now, lane.ask())) {
            lane.heldBack();
            now += MILLISECOND;
        }
        int place = lane.enter(now, (int) Math.min(Integer.MAX_VALUE, pace.window(now)));
        assertThat(place).as("a place alone on the ramp").isNotNegative();
        int cut = pace.cut;
        now += took;
        lane.leave(place, now);
        pace = good ? pace.succeeded(cut, took, now, lane) : pace.failed(cut, took, now, lane);
    }

    private void good() {
        answer(true, USUAL_TIME);
    }

    private void good(int times) {
        for (int i = 0; i < times; i++) {
            good();
        }
    }

    private void bad() {
        answer(false, USUAL_TIME);
    }

    /** Goes on while nothing follows and this is not so; fails if that takes too long. Returns how often. */
    private int until(BooleanSupplier reached, Runnable next) {
        for (int times = 0; times < PLENTY; times++) {
            if (pace.verdict != Pace.Verdict.GO_ON || reached.getAsBoolean()) {
                return times;
            }
            next.run();
        }
        throw new AssertionError("nothing came of it: " + pace.findings(now, lane.asked()));
    }

    private void untilVerdict(Runnable next) {
        until(() -> false, next);
    }

    /** Two of three fail, which is far beyond what is usual, and no wall. */
    private void untilCut() {
        int before = pace.cut;
        good();
        until(() -> pace.cut > before, () -> {
            bad();
            if (pace.cut == before) {
                good();
            }
            if (pace.cut == before) {
                bad();
            }
        });
        assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
    }

    private double share() {
        return pace.share(now, lane.asked());
    }

    private double window() {
        return pace.window(now);
    }

    @Nested
    class TheFirstAnswers {
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3})
        void aFailureAmongThemOpens(int goodBefore) {
            good(goodBefore);
            assertThat(pace.isProvisional()).isTrue();
            bad();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.OPEN);
            assertThat(pace.because).isEqualTo("a failure among the first 5 answers");
        }

        @Test
        void aFailureAfterThemDoesNot() {
            good(Pace.PROVISIONAL - 1); // the probe was the first
            assertThat(pace.isProvisional()).isFalse();
            bad();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
        }

        @Test
        void aTrialHasNone() {
            begin(Pace.trial(FRESH, 0.3, BEGINNING));
            assertThat(pace.isProvisional()).isFalse();
            bad();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
        }
    }

    @Nested
    class AWall {
        @Test
        void failuresInARowOpenAndCutNothing() {
            good(20);
            untilVerdict(PaceTest.this::bad);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.OPEN);
            assertThat(pace.because).endsWith("failures in a row on the ramp");
            assertThat(pace.failures).isBetween(2, 5);
            assertThat(pace.cut).isZero();
            assertThat(share()).isEqualTo(1);
        }

        @Test
        void oneFailureIsNone() {
            good(20);
            for (int i = 0; i < 10; i++) {
                bad();
                good(10);
            }
            assertThat(pace.verdict).isIn(Pace.Verdict.GO_ON, Pace.Verdict.CLOSE);
            assertThat(pace.cut).isZero();
        }

        @Test
        void whereManyFailUsuallyItTakesMore() {
            good(20);
            untilVerdict(PaceTest.this::bad);
            int seldom = pace.failures;
            begin(afterProbe(FRESH, 0.4));
            good(20);
            untilVerdict(PaceTest.this::bad);
            assertThat(pace.failures).isGreaterThan(seldom);
        }

        @Test
        void nothingThatSucceedsAfterCutsIsOneToo() {
            good(20);
            untilCut();
            untilVerdict(PaceTest.this::bad);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.OPEN);
        }

        @Test
        void itMarksTheKneeIfManyCallsWereUnderWay() {
            good(20);
            for (int i = 0; i < 10; i++) {
                lane.enter(now, 100);
            }
            untilVerdict(PaceTest.this::bad);
            assertThat(pace.knee).isBetween(2.0, 10.0);
        }

        @Test
        void butNotIfFewWere() {
            good(20);
            untilVerdict(PaceTest.this::bad);
            assertThat(pace.knee).isInfinite();
        }
    }

    @Nested
    class TooMuchLoad {
        @Test
        void failuresBetweenSuccessesHalveTheWindowIfItWasFull() {
            good(20);
            double before = window();
            lane.wasFull = true;
            untilCut();
            assertThat(window()).isBetween(before / 4, before * 0.6);
            assertThat(share()).isEqualTo(1);
            assertThat(lane.wasFull).as("to be seen anew").isFalse();
            assertThat(lane.free()).as("to be counted anew").isZero();
        }

        @Test
        void orCutTheShareIfItWasNot() {
            good(20);
            double before = window();
            untilCut();
            assertThat(share()).isBetween(0.3, 0.9);
            assertThat(window()).isGreaterThanOrEqualTo(before);
        }

        @Test
        void answersOfCallsFromBeforeACutSayNothingAboutWhatItLeft() {
            good(20);
            untilCut();
            double left = share();
            for (int i = 0; i < 50; i++) {
                pace = pace.failed(0, USUAL_TIME, now, lane);
            }
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
            assertThat(pace.cut).isEqualTo(1);
            assertThat(share()).isEqualTo(left);
        }

        @Test
        void theShareIsSpreadEvenly() {
            good(20);
            untilCut();
            double part = share();
            long asked = lane.asked();
            int passed = 0;
            for (int i = 1; i <= 100; i++) {
                passed += pace.passes(now, asked + i) ? 1 : 0;
                assertThat((double) passed).isBetween(i * part - 2, i * part + 2);
            }
        }
    }

    @Nested
    class AQueue {
        @Test
        void lateAnswersCutTheWindowWhileOthersAreUnderWay() {
            good(20);
            for (int i = 0; i < 5; i++) {
                lane.enter(now, 100);
            }
            double before = window();
            until(() -> pace.cut > 0, () -> answer(true, 5 * USUAL_TIME));
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
            assertThat(window()).isLessThan(before / 2);
            assertThat(pace.knee).isLessThanOrEqualTo(window());
            assertThat(share()).isEqualTo(1);
        }

        @Test
        void orTheShareIfEachCallIsAlone() {
            good(20);
            until(() -> pace.cut > 0, () -> answer(true, 5 * USUAL_TIME));
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
            assertThat(share()).isBetween(0.4, 0.95);
        }

        @Test
        void oneLateAnswerIsNone() {
            good(20);
            for (int i = 0; i < 10; i++) {
                answer(true, 20 * USUAL_TIME);
                good(10);
            }
            assertThat(pace.cut).isZero();
        }

        @Test
        void answersThatAlwaysDifferAreNone() {
            begin(afterProbe(FRESH, 0));
            for (int i = 0; i < 55; i++) {
                answer(true, (i % 3 == 0 ? 8 : 1) * USUAL_TIME);
            }
            assertThat(pace.cut).isZero();
        }

        @Test
        void millisecondsAreNone() {
            begin(Pace.afterProbe(FRESH, 0, 1, 0, BEGINNING));
            for (int i = 0; i < 15; i++) {
                answer(true, 1_000);
            }
            for (int i = 0; i < 40; i++) {
                answer(true, 300_000); // 300 times as long
            }
            assertThat(pace.cut).isZero();
        }

        @Test
        void slownessThatDoesNotDependOnTheLoadIsLearntAndHoldsNothingBack() {
            good(20);
            untilVerdict(() -> answer(true, 5 * USUAL_TIME));
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
            assertThat(pace.cut).isBetween(1, 5);
        }
    }

    @Nested
    class InVain {
        private int calls;

        /** Every third call fails, whatever is let through. */
        private void everyThirdIsBad() {
            if (++calls % 3 == 0) {
                bad();
            } else {
                good();
            }
        }

        @Test
        void failuresThatDoNotDependOnTheLoadBecomeUsualAndHoldNothingBack() {
            good(20);
            untilVerdict(this::everyThirdIsBad);
            assertThat(pace.cut).isPositive();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.IN_VAIN);
            assertThat(pace.because).contains("however few calls are let through");
            assertThat(pace.usualRate).isBetween(0.2, 0.49);

            pace = pace.goingOn();
            int cuts = pace.cut;
            untilVerdict(this::everyThirdIsBad);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
            assertThat(pace.cut).isEqualTo(cuts);
        }

        @Test
        void aTrialThatDoesNotHelpEnds() {
            begin(Pace.trial(FRESH, 0.34, BEGINNING));
            assertThat(share()).isBetween(0.3, 0.66);
            untilVerdict(this::everyThirdIsBad);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.IN_VAIN);
            assertThat(pace.answers).isLessThan(100);
        }

        @Test
        void aTrialAfterWhichMostStillFailIsInVainTooSinceOpeningIsForTheTripRule() {
            begin(Pace.trial(FRESH, 0.6, BEGINNING));
            untilVerdict(PaceTest.this::bad);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.IN_VAIN);
        }

        @Test
        void aTrialThatHelpsGoesOnUntilNothingIsHeldBack() {
            begin(Pace.trial(FRESH, 0.34, BEGINNING));
            double first = share();
            good(3);
            assertThat(share()).as("not before it is sure to help").isEqualTo(first);
            untilVerdict(PaceTest.this::good);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
            assertThat(pace.cut).isZero();
        }
    }

    @Nested
    class Growth {
        @Test
        void eachSuccessIsOneMorePlace() {
            for (int places = 1; places <= 30; places++) {
                assertThat(window()).isEqualTo(places);
                good();
            }
        }

        @Test
        void aboveTheKneeItIsSlow() {
            begin(afterProbe(FRESH.withKnee(8), 0));
            good(7);
            assertThat(window()).isEqualTo(8);
            good(8);
            assertThat(window()).isBetween(8.5, 9.5);
        }

        @Test
        void theWindowDoublesWhileNobodyAsksButNotBeyondTheKnee() {
            good(2);
            assertThat(pace.window(now)).isEqualTo(3);
            assertThat(pace.window(now + 10 * SECOND)).isGreaterThan(10_000);
            begin(afterProbe(FRESH.withKnee(8), 0));
            assertThat(pace.window(now + 10 * SECOND)).isEqualTo(8);
        }

        @Test
        void aShareDoesNotGrowBeforeASuccess() {
            good(20);
            untilCut();
            double left = share();
            assertThat(pace.share(now + 60 * SECOND, lane.asked() + 10_000)).isEqualTo(left);
            good();
            assertThat(pace.share(now + 60 * SECOND, lane.asked() + 10_000)).isGreaterThan(left);
        }

        @Test
        void itGrowsWithTheCallsAndWithTimeUntilItIsOne() {
            cutAndGood();
            double left = share();
            long asked = lane.asked();
            double byCalls = pace.share(now, asked + 5);
            assertThat(byCalls).isGreaterThan(left);
            assertThat(pace.share(now, asked + 10)).isGreaterThan(byCalls);
            double byTime = pace.share(now + SECOND / 100, asked);
            assertThat(byTime).isGreaterThan(left);
            assertThat(pace.share(now + SECOND / 50, asked)).isGreaterThan(byTime);
            assertThat(pace.share(now + SECOND / 100, asked + 5)).isGreaterThan(Math.max(byCalls, byTime));
            assertThat(pace.share(now + 1_000 * SECOND, asked)).isEqualTo(1);
            assertThat(pace.share(now, asked + 1_000_000)).isEqualTo(1);
        }

        @Test
        void theLongerTheTroubleTheSlower() {
            cutAndGood();
            double left = share();
            double byCalls = pace.share(now, lane.asked() + 5) / left;
            double byTime = pace.share(now + SECOND / 100, lane.asked()) / left;

            now = BEGINNING;
            begin(afterProbe(new Trouble(BEGINNING - 3_600 * SECOND, BEGINNING, 100_000, Double.POSITIVE_INFINITY), 0));
            cutAndGood();
            left = share();
            assertThat(pace.share(now, lane.asked() + 5) / left)
                    .isGreaterThan(1)
                    .isLessThan(byCalls);
            assertThat(pace.share(now + SECOND / 100, lane.asked()) / left)
                    .isGreaterThan(1)
                    .isLessThan(byTime);
        }

        private void cutAndGood() {
            good(20);
            untilCut();
            good();
        }
    }

    @Nested
    class Closing {
        @Test
        void itIsOverWhenEnoughCallsInARowFoundNothingInTheirWay() {
            good(Pace.CLOSE_AFTER - 1);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
            good();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
            assertThat(pace.because)
                    .isEqualTo(Pace.CLOSE_AFTER + " calls in a row found nothing in their way, " + Pace.CLOSE_AFTER
                            + " of " + Pace.CLOSE_AFTER + " answers were good");
        }

        @Test
        void aCallThatIsHeldBackBeginsTheRowAnew() {
            good(Pace.CLOSE_AFTER - 1);
            lane.heldBack();
            good(Pace.CLOSE_AFTER - 1);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
            good();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
        }

        @Test
        void aFailureDoesNotClose() {
            good(Pace.CLOSE_AFTER - 1);
            bad();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.GO_ON);
            good();
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
        }

        @Test
        void nothingClosesWhileAShareIsHeldBack() {
            good(20);
            untilCut();
            until(() -> share() >= 1, () -> {
                good();
                assertThat(pace.verdict == Pace.Verdict.CLOSE && share() < 1).isFalse();
            });
            assertThat(lane.free()).isLessThan(Pace.CLOSE_AFTER);
            untilVerdict(PaceTest.this::good);
            assertThat(pace.verdict).isEqualTo(Pace.Verdict.CLOSE);
        }
    }

    // ---- what can be seen of it

    @ParameterizedTest
    @CsvSource({
        "0, 'ramp: every call, 1 at once, 0 of 0 answers good'",
        "4, 'ramp: every call, 5 at once, 4 of 4 answers good'"
    })
    void itSaysWhatIsLetThrough(int goodOnes, String text) {
        good(goodOnes);
        assertThat(pace.findings(now, lane.asked())).isEqualTo(text);
    }

    @Test
    void itSaysWhichShareIsLetThrough() {
        begin(Pace.trial(FRESH, 0.34, BEGINNING));
        bad();
        assertThat(pace.findings(now, lane.asked()))
                .matches("trying whether fewer calls fare better: \\d\\d % of the calls, 0 of 1 answers good");
    }

    @Test
    void anAnswerMakesACopyAndChangesNothing() {
        Pace before = pace;
        good();
        bad();
        assertThat(before.answers).isZero();
        assertThat(before.window(BEGINNING)).isEqualTo(1);
        assertThat(before.verdict).isEqualTo(Pace.Verdict.GO_ON);
    }
}
