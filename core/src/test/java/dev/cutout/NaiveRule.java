package dev.cutout;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** A trip rule by its definition, beside the {@link TripRule} it stands for. */
sealed interface NaiveRule {
    /** The real rule. */
    TripRule real();

    /** What is counted, over how much: rules for which this is equal look at the same count. */
    String counts();

    /** Whether the answer that was counted just now satisfies the rule. */
    boolean isSatisfied(NaiveWindow window, boolean byFailure, long now);

    /** What was found, in words. */
    String findings(NaiveWindow window, long now);

    default boolean judgesSlowness() {
        return false;
    }

    record InARow(int failures) implements NaiveRule {
        @Override
        public TripRule real() {
            return TripRule.consecutive(failures);
        }

        @Override
        public String counts() {
            return "failures in a row";
        }

        @Override
        public boolean isSatisfied(NaiveWindow window, boolean byFailure, long now) {
            return byFailure && window.failuresInARow() >= failures;
        }

        @Override
        public String findings(NaiveWindow window, long now) {
            int found = window.failuresInARow();
            return found + (found == 1 ? " failure in a row" : " failures in a row");
        }
    }

    record Within(int failures, Duration time) implements NaiveRule {
        @Override
        public TripRule real() {
            return TripRule.failures(failures).within(time);
        }

        @Override
        public String counts() {
            return "last " + failures + " failures";
        }

        @Override
        public boolean isSatisfied(NaiveWindow window, boolean byFailure, long now) {
            return byFailure && window.failuresWithin(time.toNanos(), now) >= failures;
        }

        @Override
        public String findings(NaiveWindow window, long now) {
            int found = Math.min(failures, window.failuresWithin(time.toNanos(), now));
            return found + (found == 1 ? " failure within " : " failures within ") + DurationText.exact(time);
        }
    }

    record ShareOfCalls(boolean slow, int millionths, int calls, int minimum) implements NaiveRule {
        @Override
        public TripRule real() {
            return share(slow, millionths).overCalls(calls).atLeast(minimum);
        }

        @Override
        public String counts() {
            return "last " + calls + " calls";
        }

        @Override
        public boolean isSatisfied(NaiveWindow window, boolean byFailure, long now) {
            return isReached(window.lastCalls(calls), slow, millionths, minimum);
        }

        @Override
        public String findings(NaiveWindow window, long now) {
            return found(window.lastCalls(calls), slow);
        }

        @Override
        public boolean judgesSlowness() {
            return slow;
        }
    }

    record ShareOfTime(boolean slow, int millionths, Duration time, int minimum) implements NaiveRule {
        @Override
        public TripRule real() {
            return share(slow, millionths).overTime(time).atLeast(minimum);
        }

        @Override
        public String counts() {
            return "last " + time;
        }

        @Override
        public boolean isSatisfied(NaiveWindow window, boolean byFailure, long now) {
            return isReached(window.lastTime(time.toNanos(), now), slow, millionths, minimum);
        }

        @Override
        public String findings(NaiveWindow window, long now) {
            return found(window.lastTime(time.toNanos(), now), slow) + " within " + DurationText.exact(time);
        }

        @Override
        public boolean judgesSlowness() {
            return slow;
        }
    }

    private static TripRule.Rate share(boolean slow, int millionths) {
        return slow ? TripRule.slowRate(millionths / 1e6) : TripRule.failureRate(millionths / 1e6);
    }

    /** At least so many calls, and hits / calls >= millionths / 1,000,000. */
    private static boolean isReached(NaiveWindow.Count count, boolean slow, int millionths, int minimum) {
        BigInteger hits = BigInteger.valueOf(slow ? count.slow() : count.failed());
        BigInteger left = hits.multiply(BigInteger.valueOf(1_000_000));
        BigInteger right = BigInteger.valueOf(count.calls()).multiply(BigInteger.valueOf(millionths));
        return count.calls() >= minimum && count.calls() > 0 && left.compareTo(right) >= 0;
    }

    private static String found(NaiveWindow.Count count, boolean slow) {
        if (count.calls() == 0) {
            return "no calls";
        }
        long hits = slow ? count.slow() : count.failed();
        double percent = Math.round(1000.0 * hits / count.calls()) / 10.0;
        return hits + " of " + count.calls() + (count.calls() == 1 ? " call " : " calls ") + (slow ? "slow" : "failed")
                + " (" + BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + "%)";
    }

    // ---- any of them, with small numbers, so that something happens

    /** Any rule over windows of at most so many calls. */
    static Arbitrary<NaiveRule> any(int mostCalls) {
        return Arbitraries.frequencyOf(
                Tuple.of(2, inARow()),
                Tuple.of(2, within()),
                Tuple.of(3, shareOfCalls(mostCalls)),
                Tuple.of(3, shareOfTime()));
    }

    private static Arbitrary<NaiveRule> inARow() {
        return Arbitraries.integers().between(1, 4).map(InARow::new);
    }

    private static Arbitrary<NaiveRule> within() {
        return Combinators.combine(Arbitraries.integers().between(1, 4), times())
                .as(Within::new);
    }

    private static Arbitrary<NaiveRule> shareOfCalls(int mostCalls) {
        return Arbitraries.integers()
                .between(1, mostCalls)
                .flatMap(calls -> Combinators.combine(
                                Arbitraries.of(true, false),
                                shares(),
                                Arbitraries.integers().between(1, calls))
                        .as((slow, share, minimum) -> new ShareOfCalls(slow, share, calls, minimum)));
    }

    private static Arbitrary<NaiveRule> shareOfTime() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        shares(),
                        times(),
                        Arbitraries.integers().between(1, 5))
                .as(ShareOfTime::new);
    }

    /** Shares that small windows hit exactly, and some that they never do. */
    private static Arbitrary<Integer> shares() {
        return Arbitraries.of(
                1, 100_000, 200_000, 250_000, 333_333, 333_334, 500_000, 666_666, 666_667, 750_000, 1_000_000);
    }

    private static Arbitrary<Duration> times() {
        return Arbitraries.of(
                Duration.ofMillis(10), Duration.ofSeconds(1), Duration.ofMillis(9_999), Duration.ofSeconds(10));
    }
}
