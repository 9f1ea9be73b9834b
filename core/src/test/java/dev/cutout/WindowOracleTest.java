package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Each window against the {@link NaiveWindow}, and each rule against the {@link NaiveRule}, on one thread: after every answer
 * they have counted the same.
 */
class WindowOracleTest {
    /** So near to where a long runs out that most of the answers below come after it. */
    private static final long ZERO = Long.MAX_VALUE - 1_000;

    private static final long LENGTH = Duration.ofSeconds(10).toNanos();
    private static final long SLICE = LENGTH / 10;

    /** An answer, some time after the one before. */
    private record Step(long pause, boolean failed, boolean slow) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> pauses = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.of(0L, 1L, 1_000_000L)),
                Tuple.of(5, Arbitraries.of(SLICE - 1, SLICE, SLICE + 1, 3 * SLICE)),
                Tuple.of(1, Arbitraries.of(9 * SLICE, LENGTH - 1, LENGTH, LENGTH + 1, 11 * SLICE)),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                Duration.ofHours(1).toNanos(),
                                Duration.ofDays(365).toNanos())));
        // Long healthy stretches as well as bad ones: windows behave differently where nothing is wrong.
        Arbitrary<Boolean> seldom = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
        Arbitrary<Boolean> often = Arbitraries.of(true, false);
        return Arbitraries.of(seldom, often)
                .flatMap(bad -> Combinators.combine(pauses, bad, bad)
                        .as(Step::new)
                        .list()
                        .ofMaxSize(400));
    }

    /** Every size up to 200, and oftener those around the words of 32 answers that a ring is made of. */
    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 200),
                Arbitraries.of(1, 2, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 129));
    }

    // ---- the windows

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aStreakCountsFailuresSinceTheLastSuccess(@ForAll("steps") List<Step> steps) {
        Streak streak = new Streak();
        NaiveWindow naive = new NaiveWindow(0);
        for (Step step : steps) {
            naive.add(step.failed, step.slow, 0);
            if (step.failed) {
                assertThat(streak.failure(step.slow, 0)).isEqualTo(naive.failuresInARow());
            } else {
                assertThat(streak.success(step.slow, 0)).isFalse();
            }
            assertThat(streak.length()).isEqualTo(naive.failuresInARow());
            assertThat(streak.isClean(0)).isEqualTo(naive.failuresInARow() == 0);
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void recentFailuresKnowHowManyOfTheLastAreRecent(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 12) int size) {
        RecentFailures window = new RecentFailures(size, ZERO);
        NaiveWindow naive = new NaiveWindow(0);
        long now = 0;
        for (Step step : steps) {
            now += step.pause;
            count(window, naive, step, now);
            for (long within :
                    new long[] {1_000_000, SLICE, LENGTH, Duration.ofDays(365).toNanos()}) {
                assertThat(window.within(within, ZERO + now))
                        .isEqualTo(Math.min(size, naive.failuresWithin(within, now)));
            }
        }
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void aCallWindowCountsTheLastCalls(@ForAll("steps") List<Step> steps, @ForAll("sizes") int size) {
        CallWindow window = new CallWindow(size);
        NaiveWindow naive = new NaiveWindow(0);
        for (Step step : steps) {
            boolean suspect = count(window, naive, step, 0);
            NaiveWindow.Count expected = naive.lastCalls(size);

            // In a full window without a fault a success is not even written: nothing that can be seen changes.
            assertThat(new NaiveWindow.Count(window.calls(), window.failures(), window.slow()))
                    .isEqualTo(expected);
            assertThat(window.isClean(0)).isEqualTo(isClean(expected));
            assertThat(step.failed || suspect == !isClean(expected)).isTrue();
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aTimeWindowCountsTheLastTenSlices(
            @ForAll("steps") List<Step> steps, @ForAll("lengths") long length, @ForAll("pauses") long later) {
        TimeWindow window = new TimeWindow(length, ZERO);
        NaiveWindow naive = new NaiveWindow(0);
        long now = 0;
        for (Step step : steps) {
            now += step.pause;
            boolean suspect = count(window, naive, step, now);

            assertThat(step.failed || suspect == !isClean(naive.lastTime(length, now)))
                    .isTrue();
            assertSame(window, naive, length, now);
            assertSame(window, naive, length, now + later); // merely reading, at some time to come
        }
    }

    @Provide
    Arbitrary<Long> lengths() {
        return Arbitraries.of(
                LENGTH,
                LENGTH - 1,
                LENGTH + 9,
                10_000_000L,
                Duration.ofDays(365).toNanos());
    }

    @Provide
    Arbitrary<Long> pauses() {
        return Arbitraries.of(0L, SLICE - 1, SLICE, 5 * SLICE, LENGTH, 11 * SLICE);
    }

    private static void assertSame(TimeWindow window, NaiveWindow naive, long length, long now) {
        NaiveWindow.Count expected = naive.lastTime(length, now);
        long reading = ZERO + now;
        assertThat(new NaiveWindow.Count(window.calls(reading), window.failures(reading), window.slow(reading)))
                .isEqualTo(expected);
        assertThat(window.isClean(reading)).isEqualTo(isClean(expected));
    }

    private static boolean isClean(NaiveWindow.Count count) {
        return count.failed() == 0 && count.slow() == 0;
    }

    /** Counts the step in both; gives what a success returned, and false for a failure. */
    private static boolean count(Window window, NaiveWindow naive, Step step, long now) {
        naive.add(step.failed, step.slow, now);
        if (step.failed) {
            window.failure(step.slow, ZERO + now);
            return false;
        }
        return window.success(step.slow, ZERO + now);
    }

    /** A failure is pushed out of the ring before it has reached the totals, so that these are 1 too low for an instant. */
    @Test
    void whoLooksAtACallWindowInTheMiddleOfAnAnswerStillSeesEverySlowCall() {
        CallWindow window = new CallWindow(4);
        window.success(true, 0);
        Window.TALLY.getAndAdd(window, -1L);

        assertThat(new NaiveWindow.Count(window.calls(), window.failures(), window.slow()))
                .isEqualTo(new NaiveWindow.Count(1, 0, 1));
    }

    // ---- what a window takes

    /** Two bits an answer, in words of 8 bytes. */
    @Test
    void aWindowOfCallsTakesAQuarterOfAByteForEach() {
        long least = bytesOf(1);

        assertThat(List.of(bytesOf(32) - least, bytesOf(33) - least, bytesOf(64) - least, bytesOf(1_000_000) - least))
                .containsExactly(0L, 8L, 8L, 250_000L - 8);
    }

    /** What a window of so many calls allocates, to the byte. */
    private static long bytesOf(int size) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Object[] escape = new Object[1];
        long bytes = 0;
        for (int i = 0; i < 2; i++) { // the first time, more than the window is made
            long before = thread.getCurrentThreadAllocatedBytes();
            escape[0] = new CallWindow(size);
            bytes = thread.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes;
    }

    // ---- time windows, looked at closely

    @Test
    void theTenSlicesFillAndEmptyOneByOne() {
        TimeWindow window = new TimeWindow(LENGTH, ZERO);
        List<Long> counted = new ArrayList<>();
        for (int slice = 0; slice < 12; slice++) {
            window.failure(false, ZERO + slice * SLICE);
            counted.add(window.failures(ZERO + slice * SLICE));
        }
        for (int slice = 12; slice < 24; slice++) {
            counted.add(window.failures(ZERO + slice * SLICE));
        }

        assertThat(counted)
                .containsExactly(
                        1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 10L, 10L, // one for each slice, then the first leave
                        9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L, 0L, 0L);
    }

    @Property(tries = 500)
    void aTimeWindowCoversTheLastNineToTenTenths(
            @ForAll @IntRange(max = 2_000_000_000) int begin, @ForAll @IntRange(max = 2_000_000_000) int age) {
        TimeWindow window = new TimeWindow(LENGTH, ZERO);
        long at = 5L * begin;
        long later = 6L * age;
        window.failure(false, ZERO + at);
        long counted = window.failures(ZERO + at + later);

        if (later <= 9 * SLICE) {
            assertThat(counted).isEqualTo(1);
        } else if (later >= LENGTH) {
            assertThat(counted).isZero();
        }
    }

    // ---- a thread that stalled between reading the clock and counting

    /** Fails if a slice that is over could begin again: what was counted since would be lost. */
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void anAnswerWithAnOldTimeIsCountedInTheNewestSlice(
            @ForAll("steps") List<Step> steps, @ForAll("delays") List<Long> delays) {
        TimeWindow window = new TimeWindow(LENGTH, ZERO);
        List<Long> slices = new ArrayList<>();
        long newest = 0;
        long now = 0;
        for (int i = 0; i < steps.size(); i++) {
            now += steps.get(i).pause;
            long read = now - (i < delays.size() ? delays.get(i) : 0);
            window.failure(false, ZERO + read);

            newest = Math.max(newest, Math.floorDiv(read, SLICE));
            slices.add(newest);

            long oldest = Math.floorDiv(now, SLICE) - 9;
            assertThat(window.failures(ZERO + now))
                    .isEqualTo(slices.stream().filter(it -> it >= oldest).count());
            assertThat(window.isClean(ZERO + now)).isEqualTo(slices.stream().allMatch(it -> it < oldest));
        }
    }

    @Provide
    Arbitrary<List<Long>> delays() {
        return Arbitraries.of(0L, 0L, 0L, 1L, SLICE, 4 * SLICE, 9 * SLICE, LENGTH, 21 * SLICE)
                .list()
                .ofMaxSize(400);
    }

    /** Without taking the later of the two times, the old one would overwrite one that is still recent. */
    @Test
    void aFailureWithAnOldTimeDoesNotHideARecentOne() {
        RecentFailures window = new RecentFailures(2, ZERO);
        window.failure(false, ZERO + 100);
        window.failure(false, ZERO + 101);
        window.failure(false, ZERO + 5); // comes a whole round late, into the place of the first

        assertThat(window.within(10, ZERO + 102)).isEqualTo(2);
    }

    // ---- the rules

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void aRuleJudgesAsItIsDefined(@ForAll("rule") NaiveRule rule, @ForAll("steps") List<Step> steps) {
        judgeAlike(List.of(rule), steps);
    }

    /** Rules over the same calls share a window: an answer that were counted by each of them would show as two calls. */
    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void joinedRulesJudgeAsEachOfThemWould(@ForAll("rules") List<NaiveRule> rules, @ForAll("steps") List<Step> steps) {
        judgeAlike(rules, steps);
    }

    @Provide
    Arbitrary<NaiveRule> rule() {
        return NaiveRule.any(70);
    }

    @Provide
    Arbitrary<List<NaiveRule>> rules() {
        return NaiveRule.any(5).list().ofMinSize(2).ofMaxSize(5).uniqueElements(NaiveRule::real);
    }

    private static void judgeAlike(List<NaiveRule> rules, List<Step> steps) {
        TripRule real = rules.stream().map(NaiveRule::real).reduce(TripRule::or).orElseThrow();
        Window window = real.windowKind().fresh(ZERO);
        NaiveWindow naive = new NaiveWindow(0);
        long now = 0;
        for (Step step : steps) {
            now += step.pause;
            long at = now;
            naive.add(step.failed, step.slow, now);
            // As the circuit does: where no rule wants to know when a success came, it is not read from the clock.
            long reading = step.failed || real.clocksSuccesses() ? ZERO + now : 0;
            boolean satisfied =
                    step.failed ? real.failed(window, step.slow, reading) : real.succeeded(window, step.slow, reading);

            assertThat(satisfied)
                    .as("whether %s is satisfied", real)
                    .isEqualTo(rules.stream().anyMatch(rule -> rule.isSatisfied(naive, step.failed, at)));
            assertThat(real.findings(window, ZERO + now))
                    .isEqualTo(String.join(
                            "; ",
                            rules.stream().map(rule -> rule.findings(naive, at)).toList()));
        }
    }

    /** The share at which a rule trips, and the number of bad answers that just reach it or just miss it. */
    @Property(tries = 1000)
    void aShareTripsExactlyWhereItIsReached(
            @ForAll @IntRange(min = 1, max = 1_000_000) int millionths,
            @ForAll @IntRange(min = 1, max = 200) int calls) {
        TripRule rule = TripRule.failureRate(millionths / 1e6).overCalls(calls).atLeast(calls);
        int enough = (int) ((long) millionths * calls / 1_000_000);
        int needed = (long) millionths * calls % 1_000_000 == 0 ? enough : enough + 1;

        assertThat(tripsAfter(rule, calls - needed, needed)).isTrue();
        assertThat(tripsAfter(rule, calls - needed + 1, needed - 1)).isFalse();
    }

    /** Whether the last of so many successes, then failures satisfies the rule. */
    private static boolean tripsAfter(TripRule rule, int successes, int failures) {
        Window window = rule.windowKind().fresh(ZERO);
        boolean tripped = false;
        for (int i = 0; i < successes; i++) {
            tripped = rule.succeeded(window, false, ZERO);
        }
        for (int i = 0; i < failures; i++) {
            tripped = rule.failed(window, false, ZERO);
        }
        return tripped;
    }

    @Test
    void belowTheMinimumNothingTripsAndASuccessCanCompleteIt() {
        for (TripRule rule : List.of(
                TripRule.failureRate(0.5).overCalls(100).atLeast(4),
                TripRule.failureRate(0.5).overTime(Duration.ofSeconds(10)).atLeast(4))) {
            Window window = rule.windowKind().fresh(ZERO);

            assertThat(rule.failed(window, false, ZERO)).isFalse();
            assertThat(rule.failed(window, false, ZERO)).isFalse();
            assertThat(rule.failed(window, false, ZERO)).isFalse();
            assertThat(rule.succeeded(window, false, ZERO)).isTrue();
            assertThat(rule.findings(window, ZERO)).startsWith("3 of 4 calls failed (75%)");
        }
    }

    @Test
    void aFailedCallCanBeSlowTooAndCountsOnceAsEach() {
        TripRule failed = TripRule.failureRate(1).overCalls(10).atLeast(2);
        TripRule slow = TripRule.slowRate(1).overCalls(10).atLeast(2);
        TripRule either = failed.or(slow);
        Window window = either.windowKind().fresh(ZERO);

        assertThat(either.failed(window, true, ZERO)).isFalse();
        assertThat(either.findings(window, ZERO)).isEqualTo("1 of 1 call failed (100%); 1 of 1 call slow (100%)");
        assertThat(either.succeeded(window, true, ZERO)).isTrue();
        assertThat(either.findings(window, ZERO)).isEqualTo("1 of 2 calls failed (50%); 2 of 2 calls slow (100%)");
    }

    @Test
    void theLargestWindowIsAsExactAsTheSmallest() {
        int size = 1_000_000;
        TripRule rule = TripRule.slowRate(1).overCalls(size).atLeast(size);
        CallWindow window = (CallWindow) rule.windowKind().fresh(ZERO);
        boolean tripped = false;
        for (int i = 0; i < size; i++) {
            assertThat(tripped).isFalse();
            tripped = i % 2 == 0 ? rule.failed(window, true, ZERO) : rule.succeeded(window, true, ZERO);
        }

        assertThat(tripped).isTrue();
        assertThat(List.of(window.calls(), window.failures(), window.slow()))
                .containsExactly(1_000_000L, 500_000L, 1_000_000L);

        for (int i = 0; i < size; i++) {
            window.success(false, ZERO);
        }
        assertThat(List.of(window.calls(), window.failures(), window.slow())).containsExactly(1_000_000L, 0L, 0L);
        assertThat(window.isClean(ZERO)).isTrue();
    }

    // ---- what is kept when the rule changes

    @Test
    void aWindowIsKeptWhereItsKindAndSizeAreEqual() {
        Window.Kind calls = new Window.LastCalls(10);
        Window old = calls.fresh(ZERO);

        assertThat(new Window.LastCalls(10).from(old, ZERO)).isSameAs(old);
        assertThat(new Window.LastCalls(11).from(old, ZERO)).isNotSameAs(old);
        assertThat(new Window.LastFailures(10).from(old, ZERO).kind()).isEqualTo(new Window.LastFailures(10));
        assertThat(new Window.LastTime(10).from(old, ZERO).kind()).isEqualTo(new Window.LastTime(10));
        assertThat(new Window.InARow().from(old, ZERO).kind()).isEqualTo(new Window.InARow());
    }

    @Test
    void aWindowIsKeptAmongSeveralAndTakenOutOfThem() {
        Window old = new Window.LastCalls(10).fresh(ZERO);
        Window.Several joined = (Window.Several)
                new Window.Each(List.of(new Window.InARow(), new Window.LastCalls(10))).from(old, ZERO);

        assertThat(joined.at(1)).isSameAs(old);
        assertThat(new Window.LastCalls(10).from(joined, ZERO)).isSameAs(old);
        assertThat(new Window.InARow().from(joined, ZERO)).isSameAs(joined.at(0));
        assertThat(new Window.LastCalls(11).from(joined, ZERO)).isNotSameAs(old);
    }

    @Test
    void severalWindowsAreCleanWhenAllAre() {
        Window several = new Window.Each(List.of(new Window.InARow(), new Window.LastFailures(2))).fresh(ZERO);

        assertThat(several.isClean(ZERO)).isTrue();
        several.failure(false, ZERO);
        several.success(false, ZERO);
        assertThat(several.isClean(ZERO)).isFalse(); // the streak is over, the failure is not forgotten
    }
}
