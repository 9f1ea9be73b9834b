package dev.cutout;

import static dev.cutout.Tape.tape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The circuit's behaviour as stories of two lines; {@link Tape} says how to read them. */
class TapeTest {

    @Nested
    class TheClassicCircuit {
        @Test
        void fiveFailuresOpenItThirtySecondsLaterOneProbeClosesIt() {
            tape("fffff s +29s s +1s s s").reads("CCCCO o O o O C C");
        }

        @Test
        void aFailedProbeOpensItForAnotherPeriod() {
            tape("fffff +30s f +29s s +1s s").reads("CCCCO O O O o O C");
        }

        @Test
        void aSuccessBreaksTheStreak() {
            tape("ffff s ffff s fffff").reads("CCCC C CCCC C CCCCO");
        }

        @Test
        void aStreakDoesNotAge() {
            tape("ffff +8760h f").reads("CCCC C O");
        }

        @Test
        void afterClosingTheStreakStartsAnew() {
            tape("fffff +30s s ffff s").reads("CCCCO O C CCCC C");
        }

        @Test
        void everyKindOfFailureCountsTheSame() {
            tape("fuebw s").reads("CCCCO o");
        }

        @Test
        void ignoredAnswersNeitherAddToAStreakNorBreakIt() {
            tape("ff icnr ff icnr f").reads("CC CCCC CC CCCC O");
        }

        @Test
        void itReadsOpenHoweverLongNobodyCalls() {
            tape("fffff +8760h s").reads("CCCCO O C");
        }

        @Test
        void itTellsItsStoryInFourEvents() {
            tape("fffff +30s f +30s s")
                    .reads("CCCCO O O O C")
                    .tells(
                            "opened: 5 failures in a row, the last java.io.IOException; next probe in 30 s",
                            "is half-open: a probe is under way",
                            "opened: the probe failed: java.io.IOException; next probe in 30 s",
                            "is half-open: a probe is under way",
                            "closed: the probe succeeded");
        }
    }

    @Nested
    class Probes {
        @Test
        void whileTheProbeIsUnderWayTheOthersAreRefused() {
            tape("fffff +30s 1< s s 1>s s").reads("CCCCO O H h h C C");
        }

        @Test
        void anIgnoredProbeIsGivenBack() {
            tape("fffff +30s icnr 1< 1>i 2< s 2>s").reads("CCCCO O HHHH H H H h C");
        }

        @Test
        void aProbeClosedWithoutAnAnswerHasFailed() {
            tape("fffff +30s 1< 1>.").reads("CCCCO O H O");
        }

        @Test
        void threeProbesMustAllSucceed() {
            tape("fffff +30s ss f +30s sss").on("probes 3").reads("CCCCO O HH O O HHC");
        }

        @Test
        void threeAreAdmittedAtOnceAndTheFourthIsRefused() {
            tape("fffff +30s 1<2<3< s 2>s 1>s s 3>s").on("probes 3").reads("CCCCO O HHH h H H h C");
        }

        @Test
        void twoOfThreeCloseItAsSoonAsThatIsCertain() {
            tape("fffff +30s 1<2<3< 3>s 1>s 2>f").on("probes 2 of 3").reads("CCCCO O HHH H C C~");
        }

        @Test
        void twoOfThreeBadOnesOpenItAsSoonAsThatIsCertain() {
            tape("fffff +30s 1<2<3< 3>f 1>f 2>s").on("probes 2 of 3").reads("CCCCO O HHH H O O~");
        }

        @Test
        void twoOfThreeForgiveOneFailure() {
            tape("fffff +30s f s s")
                    .on("probes 2 of 3")
                    .reads("CCCCO O H H C")
                    .tells(
                            "opened: 5 failures in a row, the last java.io.IOException; next probe in 30 s",
                            "is half-open: a probe is under way",
                            "closed: 2 of 3 probes succeeded");
        }

        @Test
        void anIgnoredProbeOfThreeMakesRoomForAnother() {
            tape("fffff +30s 1<2<3< s 2>c 4< s 1>s 3>s 4>s").on("probes 3").reads("CCCCO O HHH h H H h H H C");
        }

        @Test
        void withASlowRuleASlowProbeIsAFailedOne() {
            tape("SS +1s S +1s s")
                    .on("trip 100% slow of last 2 calls, at least 2; slow 2s; wait 1s; probe within 10s")
                    .reads("CO O O O C");
        }

        @Test
        void withoutASlowRuleASlowProbeIsAGoodOne() {
            tape("ff +1s S")
                    .on("trip 2 consecutive; slow 2s; wait 1s; probe within 10s")
                    .reads("CO O C");
        }
    }

    @Nested
    class Leases {
        @Test
        void aLostProbeLapsesAfterAsLongAsTheWait() {
            tape("fffff +30s 1< +29s s +1s s").reads("CCCCO O H H h O o");
        }

        @Test
        void theWaitAfterALapsedProbeCountsFromItsDeadline() {
            tape("fffff +30s 1< +59s s +1s s").reads("CCCCO O H O o O C");
        }

        @Test
        void anAnswerAfterTheLeaseIsLate() {
            tape("fffff +30s 1< +30s 1>s +30s s 1<").reads("CCCCO O H O O~ O C C");
        }

        @Test
        void anAnswerAfterTheLeaseIsLateAlsoWhereTheOtherProbesStillDecide() {
            tape("fffff +30s 1< +10s 2<3< +20s 1>s 2>s 3>s").on("probes 2 of 3").reads("CCCCO O H H HH H H~ H C");
        }

        @Test
        void eachLapseDoublesTheNextLease() {
            tape("ff +1s 1< +2s +1s 2< +3s s +1s +1s 3< +7s s +1s")
                    .on("trip 2 consecutive; wait 1s; probe within 2s")
                    .reads("CO O H O O H H h O O H H h O")
                    .tells(
                            "opened: 2 failures in a row, the last java.io.IOException; next probe in 1 s",
                            "is half-open: a probe is under way",
                            "opened: the probe failed: not answered within 2 s; next probe in 1 s",
                            "is half-open: a probe is under way",
                            "opened: the probe failed: not answered within 4 s; next probe in 1 s",
                            "is half-open: a probe is under way");
        }

        /** Three lapses make a lease of 16 s: long enough for an answer that takes 15 s. */
        @Test
        void aSlowButHealthyDependencyClosesItInTheEnd() {
            tape("ff +1s 1<+15s1>s +1s 2<+15s2>s +1s 3<+15s3>s +1s 4<+15s4>s")
                    .on("trip 2 consecutive; wait 1s; probe within 2s")
                    .reads("CO O H O O~ O H O O~ O H O O~ O H H C");
        }

        @Test
        void theDoublingEndsAtTenMinutes() {
            tape("f +1s 1< +5m +1s 2< +10m +1s 3< +599s s +1s")
                    .on("trip 1 consecutive; wait 1s; probe within 5m")
                    .reads("O O H O O H O O H H h O");
        }

        @Test
        void afterClosingTheLeaseIsTheFirstOneAgain() {
            tape("f +1s 1< +2s +1s s f +1s 2< +1s s +1s s")
                    .on("trip 1 consecutive; wait 1s; probe within 2s")
                    .reads("O O H O O C O O H H h O o");
        }

        @Test
        void oneLapsedProbeOfThreeIsOneBadProbe() {
            tape("fffff +30s 1< +10s 2<3< +20s 2>s s 3>s 1>s")
                    .on("probes 2 of 3")
                    .reads("CCCCO O H H HH H H h C C~");
        }
    }

    @Nested
    class GrowingWaits {
        private static final String SETTINGS = "trip 1 consecutive; wait 1s to 5s; probe within 1h";

        @Test
        void theShortestDrawsAreTheFirstWaitThenHalfOfEachDoublingUpToTheLongest() {
            tape("f +999ms s +1ms f +1999ms s +1ms f +2499ms s +1ms f +2499ms s +1ms s")
                    .on(SETTINGS)
                    .reads("O O o O O O o O O O o O O O o O C");
        }

        @Test
        void theLongestDrawsDoubleUpToTheLongestWait() {
            tape("f +1999ms s +1ms f +3999ms s +1ms f +4999ms s +1ms f +4999ms s +1ms s")
                    .on(SETTINGS)
                    .withLongestWaits()
                    .reads("O O o O O O o O O O o O O O o O C");
        }

        @Test
        void openingAgainSoonAfterClosingGrowsOn() {
            tape("f +1s s +999ms f +1s s +1s s").on(SETTINGS).reads("O O C C O O o O C");
        }

        @Test
        void closedForAsLongAsTheLastWaitTheGrowthIsForgotten() {
            tape("f +1s f +2s s +2s f +1s s").on(SETTINGS).reads("O O O O C C O O C");
        }

        @Test
        void aResetForgetsTheGrowth() {
            tape("f +1s f [reset] f +1s s").on(SETTINGS).reads("O O O C O O C");
        }
    }

    @Nested
    class LateAnswers {
        @Test
        void answersOfAClosedStayDecideNothingInTheNextOnes() {
            tape("1<2<3<4< fffff 1>s 2>f +30s 5< 3>s 4>f 5>s").reads("CCCC CCCCO O~ O~ O H H~ H~ C");
        }

        @Test
        void aLateSuccessDoesNotBreakTheStreakOfALaterStay() {
            tape("1< fffff +30s s ffff 1>s f").reads("C CCCCO O C CCCC C~ O");
        }

        @Test
        void aLateFailureDoesNotAddToTheStreakOfALaterStay() {
            tape("1< fffff +30s s ffff 1>f s").reads("C CCCCO O C CCCC C~ C");
        }

        @Test
        void aLateIgnoredAnswerFreesNoProbe() {
            tape("1< fffff +30s 2< 1>i s").reads("C CCCCO O H H~ h");
        }

        @Test
        void aResetMakesEverythingUnderWayLate() {
            tape("1<ffff [reset] 1>f ffff f").reads("CCCCC C C~ CCCC O");
        }
    }

    @Nested
    class Holds {
        @Test
        void heldOpenRefusesEverythingAndResumesAtProbing() {
            tape("[hold open] s +1h s [release] s").reads("O o O o O C");
        }

        @Test
        void heldOpenEndsByItselfAtProbing() {
            tape("[hold open 10s] +9s s +1s s")
                    .reads("O O o O C")
                    .tells(
                            "is held open for 10 s",
                            "opened: held open for 10 s",
                            "is no longer held open for 10 s (its time is over)",
                            "is half-open: a probe is under way",
                            "closed: the probe succeeded");
        }

        @Test
        void heldOpenWhileHalfOpenMakesTheProbeLate() {
            tape("fffff +30s 1< [hold open] 1>s s [release] s").reads("CCCCO O H O O~ o O C");
        }

        @Test
        void heldClosedPassesEverythingAndIsJudgedAfterwards() {
            tape("[hold closed] ffffffff [release] f").reads("C CCCCCCCC C O");
        }

        @Test
        void heldClosedClosesAnOpenCircuit() {
            tape("fffff s [hold closed] s").reads("CCCCO o C C");
        }

        @Test
        void observingNeverRefusesAndJudgesOnlyWhatItWouldHaveAdmitted() {
            tape("[observe] fffff sss +30s 1< s 1>f s +30s s f").reads("C CCCCO O?O?O? O H H? O O? O C C");
        }

        @Test
        void observingEndsByItself() {
            tape("[observe 10s] fffff s +10s s").reads("C CCCCO O? O o");
        }

        @Test
        void aHoldSurvivesAReset() {
            tape("[hold open] [reset] s [release] s").reads("O O o O C");
        }

        @Test
        void oneHoldReplacesAnother() {
            tape("[hold open] s [hold closed] fffff [observe] f s [hold open] s")
                    .reads("O o C CCCCC C O O? O o");
        }
    }

    @Nested
    class Limits {
        @Test
        void theCallBeyondTheLimitIsRefusedAndNoFailure() {
            Tape tape = tape("1<2< sssss 1>s s 2>f").on("limit 2").reads("CC ccccc C C C");
            assertThat(tape.snapshot().counts().refused()).isEqualTo(Map.of(Refusal.Reason.LIMIT, 5L));
            assertThat(tape.snapshot().counts().failures()).isEqualTo(1);
        }

        @Test
        void aCallUnderWaySinceBeforeAnOpeningStillTakesItsPlace() {
            tape("1<2< fffff s").on("limit 7").reads("CC CCCCO o");
            tape("1< fffff +30s s s 1>s s").on("limit 2").reads("C CCCCO O C C C~ C");
            tape("1< 2< 1>f +30s 3< 3>s 4< s 2>f s")
                    .on("trip 1 consecutive; limit 2")
                    .reads("C C O O H C C c C~ C");
        }

        @Test
        void probesAreNotLimitedByIt() {
            tape("1<2< 1>f +30s 3<3>s").on("trip 1 consecutive; limit 1").reads("Cc O O HC");
        }

        @Test
        void observingTheLimitOnlyCounts() {
            tape("[observe] 1< s f").on("limit 1").reads("C C C? C?");
        }
    }

    @Nested
    class Windows {
        @Test
        void aRateIsNotJudgedBelowItsMinimum() {
            tape("fff f").on("trip 50% of last 10 calls, at least 4").reads("CCC O");
        }

        @Test
        void aSuccessMayCompleteTheMinimum() {
            tape("ff s").on("trip 50% of last 10 calls, at least 3").reads("CC O");
        }

        @Test
        void ratesTripAtTheShareItself() {
            tape("sf").on("trip 50% of last 2 calls, at least 2").reads("CO");
            tape("ssf sff").on("trip 66.67% of last 3 calls, at least 3").reads("CCC CCC");
        }

        @Test
        void theOldestAnswerLeavesAWindowOfCalls() {
            tape("f sss f sss ff").on("trip 50% of last 4 calls, at least 4").reads("C CCC C CCC CO");
        }

        @Test
        void ignoredAnswersCountTowardNoMinimum() {
            tape("fff iiii cccc f").on("trip 50% of last 10 calls, at least 4").reads("CCC CCCC CCCC O");
        }

        /** The window covers 9 to 10 tenths of its length: what came in its first slice is in for 9 s at least, out after 10 s. */
        @Test
        void aWindowOfTimeForgetsSliceBySlice() {
            tape("ff +9s f").on("trip 100% of last 10s, at least 3").reads("CC C O");
            tape("ff +10s f").on("trip 100% of last 10s, at least 3").reads("CC C C");
            tape("+999ms ff +9s f").on("trip 100% of last 10s, at least 3").reads("C CC C O");
            tape("+999ms ff +9001ms f").on("trip 100% of last 10s, at least 3").reads("C CC C C");
        }

        @Test
        void failuresWithinATimeCountWhateverSucceedsInBetween() {
            tape("f s f s +9s f").on("trip 3 failures within 10s").reads("C C C C C O");
            tape("f +5s f +6s f +4s f").on("trip 3 failures within 10s").reads("C C C C C C O");
        }

        @Test
        void slowCallsOpenItAlthoughTheySucceed() {
            tape("s S s S")
                    .on("trip 50% slow of last 4 calls, at least 4; slow 2s")
                    .reads("C C C O");
        }

        @Test
        void aFailedCallCanBeSlowToo() {
            tape("F F")
                    .on("trip 100% slow of last 2 calls, at least 2; slow 2s")
                    .reads("C O");
        }

        @Test
        void aCallCancelledAfterSlowIsAFailure() {
            tape("cn CN C").on("trip 3 consecutive; slow 2s").reads("CC CC O");
        }

        @Test
        void eitherOfTwoRulesOpensIt() {
            String settings = "trip 3 consecutive or 50% of last 10 calls, at least 6";
            tape("fff").on(settings).reads("CCO");
            tape("ffs fs f").on(settings).reads("CCC CC O");
        }
    }

    @Nested
    class NewSettings {
        @Test
        void whileClosedTheCountIsKeptAndTheNextAnswerIsJudged() {
            tape("ffff [trip 3 consecutive] i f").reads("CCCC C C O");
        }

        @Test
        void whileClosedAnotherKindOfWindowStartsEmpty() {
            tape("ffff [trip 100% of last 5 calls, at least 5] ffff f").reads("CCCC C CCCC O");
        }

        @Test
        void whileOpenTheShorterWaitCounts() {
            tape("fffff +5s [wait 10s] s +5s s").reads("CCCCO O O o O C");
            tape("fffff +5s [wait 1h] +25s s").reads("CCCCO O O O C");
        }

        @Test
        void whileHalfOpenTheNumbersCountFromTheNextStay() {
            tape("fffff +30s 1< [probes 2; wait 1s] s 1>f +1s ss").reads("CCCCO O H H h O O HC");
        }
    }

    /** A tape that could not fail would prove nothing. */
    @Nested
    class TheTapeItself {
        @Test
        void pointsAtTheStepThatReadsOtherwise() {
            assertThatThrownBy(() -> tape("ffff f s").reads("CCCC C o"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("f O");
        }

        @Test
        void wantsAStateForEachStep() {
            assertThatThrownBy(() -> tape("ff").reads("C")).isInstanceOf(AssertionError.class);
        }

        @Test
        void takesNothingThatIsNoStep() {
            assertThatThrownBy(() -> tape("f +5 f").reads("C C C")).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> tape("1>s").reads("C")).isInstanceOf(AssertionError.class);
        }
    }
}
