package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code trip adaptive} counts, on one thread. */
class SuspicionTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** So near to where a long runs out that the answers below come before and after it. */
    private static final long ZERO = Long.MAX_VALUE - SECOND;

    /** Answers of each kind of traffic that are looked at in each build. */
    private static final long FEW = 500_000;

    private final Suspicion window = new Suspicion(ZERO);

    /** The same in plain fields, with the two roundings of the word written out: of the rate and of the step. */
    private static final class Plain {
        private double rate = rounded(0.05, 65_536);
        private double evidence;
        private int answers;
        private long began;

        boolean answered(boolean failed, long now) {
            if (failed && evidence == 0) {
                began = now;
            }
            double points = rate * 65_536;
            rate = failed
                    ? (points + Math.floor((65_536 - points) / 128)) / 65_536
                    : Math.max(rounded(0.05, 65_536), (points - Math.max(1, Math.floor(points / 128))) / 65_536);
            evidence = Math.max(0, evidence + (failed ? step() : -step()));
            answers = evidence == 0 ? 0 : answers + 1;
            return failed && evidence >= enough(now);
        }

        private double step() {
            double usual = Math.min(0.35, Math.max(0.05, Math.floor(rate * 256) / 256));
            return rounded(Math.log((1 - usual) / usual), 128);
        }

        private double enough(long now) {
            double seconds = Math.max(1e-4, (now - began) / 1e9);
            return Math.min(20, Math.max(6, Math.log(1e4 * answers / seconds)));
        }

        double nearness(long now) {
            return Math.min(1, Math.max(0, (evidence - step()) / (enough(now) - step())));
        }

        private static double rounded(double number, int parts) {
            return (double) Math.round(number * parts) / parts;
        }
    }

    private static boolean answer(Suspicion window, boolean failed, long now) {
        if (failed) {
            return window.isEnough(window.failure(false, now), now);
        }
        window.success(false, now);
        return false;
    }

    // ---- against the plain one

    @Test
    void itCountsAndDecidesLikeThePlainOne() {
        int opened = 0;
        for (int seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double bad = random.nextDouble();
            long between = (long) Math.exp(random.nextDouble() * Math.log(1e11)); // up to 100 s
            Suspicion real = new Suspicion(ZERO);
            Plain plain = new Plain();
            long now = ZERO;
            for (int i = 0; i < 300; i++) {
                now += random.nextLong(2 * between + 1);
                boolean failed = random.nextDouble() < bad;
                boolean enough = answer(real, failed, now);

                assertThat(enough).isEqualTo(plain.answered(failed, now));
                assertThat(real.usualRate()).isEqualTo(plain.rate, within(1e-9));
                assertThat(real.nearness(now)).isEqualTo(plain.nearness(now), within(1e-9));
                long later = now + SECOND;
                assertThat(real.nearness(later)).isEqualTo(plain.nearness(later), within(1e-9));
                String found = plain.evidence == 0 ? "0 net failures" : " in " + plain.answers + " answer";
                assertThat(real.findings(real.tally, now)).contains(found);
                if (enough) {
                    opened++;
                    break;
                }
            }
        }
        assertThat(opened).as("runs that opened").isBetween(50, 250);
    }

    /** An average with a memory of 128 answers, without any rounding. */
    @Test
    void theUsualRateIsTheAverageOfTheLatestAnswers() {
        SplittableRandom random = new SplittableRandom(1);
        double usual = 0.05;
        for (int i = 0; i < 100_000; i++) {
            boolean failed = random.nextDouble() < i / 100_000.0;
            answer(window, failed, ZERO);
            usual = Math.max(0.05, usual + ((failed ? 1 : 0) - usual) / 128);
            assertThat(window.usualRate()).isEqualTo(usual, within(0.003));
        }
        assertThat(usual).as("at the end").isGreaterThan(0.9);
    }

    // ---- at rest

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 20, 500})
    void itComesToRestAfterEnoughSuccesses(int failures) {
        for (int i = 0; i < failures; i++) {
            window.failure(false, ZERO);
            assertThat(window.isCalm()).isFalse();
            assertThat(window.isClean(ZERO)).isFalse();
        }
        for (int i = 0; i < 2 * failures + 600; i++) {
            assertThat(window.success(false, ZERO)).isFalse();
        }
        assertThat(window.tally).isZero();
        assertThat(window.isCalm() && window.isClean(ZERO)).isTrue();
        assertThat(window.usualRate()).isEqualTo(Suspicion.FLOOR, within(1e-5));
        assertThat(window.nearness(ZERO)).isZero();
        assertThat(window.findings(window.tally, ZERO)).isEqualTo("0 net failures");
    }

    @Test
    void anEndOfSuspicionIsForgottenButForTheUsualRate() {
        window.failure(false, ZERO);
        window.success(false, ZERO);
        window.failure(false, ZERO + 5 * SECOND);
        assertThat(window.findings(window.tally, ZERO + 6 * SECOND))
                .startsWith("1 net failure in 1 answer within 1 s,");
        assertThat(window.usualRate()).isGreaterThan(Suspicion.FLOOR);
    }

    // ---- at the highest

    @Test
    void evidenceStopsAtItsHighestAndSpillsNowhere() {
        long word = 0;
        for (int i = 0; i < 100_000; i++) {
            word = window.failure(false, ZERO);
        }
        assertThat(window.isEnough(word, ZERO + Duration.ofDays(365).toNanos())).isTrue();
        assertThat(window.usualRate()).isBetween(0.99, 1.0);
        assertThat(window.findings(word, ZERO)).contains(" in 65535 answers ");
        assertThat(window.nearness(ZERO)).isEqualTo(1);
        assertThat(window.excessiveRate(word, 65_535, ZERO))
                .as("nearer to opening than to a trial")
                .isZero();
    }

    @Test
    void theCountsStopAtTheirHighest() {
        for (int i = 0; i < 3; i++) {
            window.failure(false, ZERO);
        }
        for (int i = 0; i < 70_000; i++) {
            window.success(false, ZERO);
            window.failure(false, ZERO);
        }
        long word = window.tally;
        assertThat(window.usualRate()).isEqualTo(0.5, within(0.01));
        assertThat(window.findings(word, ZERO)).contains(" in 65535 answers ");
        assertThat(window.excessiveRate(word, 65_535, ZERO)).isEqualTo(0.5, within(0.01));
        assertThat(window.excessiveRate(word, 65_536, ZERO)).isZero();
    }

    // ---- the clock

    @Test
    void theClockMayWrap() {
        Suspicion early = new Suspicion(0);
        for (int i = 0; i < 200; i++) {
            long now = i * SECOND / 20;
            boolean failed = i % 3 != 0;
            assertThat(answer(window, failed, ZERO + now)).isEqualTo(answer(early, failed, now));
            assertThat(window.nearness(ZERO + now + SECOND)).isEqualTo(early.nearness(now + SECOND));
            assertThat(window.findings(window.tally, ZERO + now)).isEqualTo(early.findings(early.tally, now));
        }
    }

    /** Fails if an old reading could make the suspicion look older than it is: slower calls need less evidence. */
    @Test
    void aThreadThatComesLateDoesNotMakeTheSuspicionOlder() {
        Suspicion late = new Suspicion(ZERO);
        late.failure(false, ZERO + 100 * SECOND);
        late.success(false, ZERO + 100 * SECOND);
        late.failure(false, ZERO); // read its clock long ago
        assertThat(late.findings(late.tally, ZERO + 101 * SECOND)).contains(" within 1 s,");
    }

    // ---- what is handed on

    @Test
    void theUsualRateIsRememberedAndNothingElse() {
        for (int i = 0; i < 100; i++) {
            window.failure(false, ZERO);
        }
        Suspicion next = new Suspicion(ZERO);
        next.remember(window.remembered());
        assertThat(next.remembered()).isEqualTo(window.remembered());
        assertThat(next.findings(next.tally, ZERO)).isEqualTo("0 net failures");
        assertThat(next.nearness(ZERO)).isZero();
        assertThat(next.excessiveRate(next.tally, 1, ZERO)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 0.05", "0.04, 0.05", "0.05, 0.05", "0.2, 0.2", "1, 1", "7, 1"})
    void whatIsRememberedIsBetweenTheFloorAndOne(double handed, double remembered) {
        window.remember(handed);
        assertThat(window.remembered()).isEqualTo(remembered, within(1e-5));
        assertThat(window.isCalm()).isEqualTo(remembered == Suspicion.FLOOR);
        answer(window, true, ZERO);
        answer(window, false, ZERO);
        assertThat(window.remembered()).isEqualTo(remembered, within(0.01));
    }

    // ---- whether fewer calls might fare better

    @Test
    void aHighRateBelowOneHalfIsWorthATrialForHalfAMinute() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 400; i++) {
            answer(window, random.nextInt(10) < 4, ZERO + i * SECOND / 100);
        }
        long now = ZERO + 4 * SECOND;
        assertThat(window.excessiveRate(window.tally, 100, now)).isBetween(0.3, 0.5);
        assertThat(window.excessiveRate(window.tally, 401, now)).isZero();
        assertThat(window.excessiveRate(window.tally, 100, now + 31 * SECOND)).isZero();
    }

    @Test
    void aLowRateIsNot() {
        for (int i = 0; i < 10_000; i++) {
            answer(window, i % 10 == 0, ZERO);
            assertThat(window.excessiveRate(window.tally, 1, ZERO)).isZero();
        }
    }

    // ---- how often it opens by chance

    /**
     * Once in 10,000 seconds of calls is promised. {@code -Dsuspicion.answers=100000000} looks at two hundred times as many answers, and prints what
     * it sees.
     */
    @ParameterizedTest(name = "{0} of the calls fail, {1} calls a second")
    @CsvSource({
        "0.01, 1", "0.1, 1", "0.2, 1", "0.3, 1",
        "0.01, 100", "0.1, 100", "0.2, 100", "0.3, 100",
        "0.01, 10000", "0.1, 10000", "0.2, 10000", "0.3, 10000"
    })
    void chanceOpensItNoOftenerThanPromised(double bad, int callsPerSecond) {
        long answers = Long.getLong("suspicion.answers", FEW);
        SplittableRandom random = new SplittableRandom(1);
        Suspicion counting = new Suspicion(ZERO);
        long now = ZERO;
        long opened = 0;
        for (long i = 0; i < answers; i++) {
            now += SECOND / callsPerSecond;
            if (answer(counting, random.nextDouble() < bad, now)) {
                opened++;
                double learnt = counting.remembered();
                counting = new Suspicion(now);
                counting.remember(learnt);
            }
        }
        double promised = answers / (double) callsPerSecond / 10_000;
        if (answers > FEW) {
            System.out.printf("%s fail, %d/s: %d of %.2f%n", bad, callsPerSecond, opened, promised);
        }
        assertThat((double) opened).as("false openings").isLessThanOrEqualTo(promised + 3 * Math.sqrt(promised));
    }
}
