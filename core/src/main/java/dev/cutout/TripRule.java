package dev.cutout;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides, while the circuit is closed, that it must open. An immutable value that prints as it is written in
 * {@linkplain CircuitSettings settings}.
 *
 * <pre>{@code
 * TripRule.consecutive(5)                                                     // 5 consecutive
 * TripRule.failures(5).within(Duration.ofSeconds(10))                         // 5 failures within 10s
 * TripRule.failureRate(0.5).overCalls(100).atLeast(20)                        // 50% of last 100 calls, at least 20
 * TripRule.slowRate(0.8).overTime(Duration.ofSeconds(10)).atLeast(20)         // 80% slow of last 10s, at least 20
 * TripRule.adaptive()                                                         // adaptive
 * TripRule.consecutive(5).or(TripRule.failureRate(0.5).overCalls(100).atLeast(20))
 * }</pre>
 *
 * Only successes and failures are judged; ignored answers are not there. A rule is judged when an answer comes in, so that
 * the circuit is open before the answer's method returns.
 *
 * <p>Counting is exact for answers that come one after the other. Of answers that overlap on several threads none is lost or counted
 * twice; only the order in which they count is open, as it is in the world: a success and a failure that overlap can end as a streak of 1 or of
 * 0, and at the far end of a window either of two may have left it. The circuit opens exactly once all the same.
 */
public abstract sealed class TripRule {
    /** The most calls or failures that a rule can name. */
    static final int MOST = 1_000_000;

    TripRule() {}

    /**
     * So many failures in a row: a success starts the count anew, time does not. The rule of the classic circuit, from
     * Nygard, <cite>Release It!</cite> (2007).
     *
     * @param failures 1 to 1,000,000
     */
    public static TripRule consecutive(int failures) {
        return new Consecutive(Bounds.check("consecutive failures", failures, 1, MOST));
    }

    /**
     * The adaptive rule: net failures, weighed by how usual failures are here and how fast the calls come. It needs no window, no rate and no minimum,
     * opens after a handful of failed calls at any traffic, and takes no steady failure rate below one half for an outage. It is a
     * sequential test (Page, <cite>Continuous inspection schemes</cite>, Biometrika 1954) with a learnt step.
     */
    public static TripRule adaptive() {
        return Adaptive.RULE;
    }

    /**
     * So many failures within a time, to be given next, whatever succeeded in between.
     *
     * @param failures 1 to 10,000
     */
    public static Count failures(int failures) {
        return new Count(Bounds.check("failures within a time", failures, 1, Count.MOST));
    }

    /**
     * A share of failures among the answers of a window, to be given next. Trips at this share or more; the comparison
     * is exact.
     *
     * @param rate above 0 and at most 1, with at most six decimals (0.5 is 50 %)
     */
    public static Rate failureRate(double rate) {
        return new Rate(false, Percent.millionths(rate));
    }

    /**
     * A share of slow calls among the answers of a window, to be given next. What is slow is said by
     * {@link CircuitSettings#withSlow}, measured from the permit to the answer. A failed call can be slow too.
     *
     * @param rate above 0 and at most 1, with at most six decimals (0.5 is 50 %)
     */
    public static Rate slowRate(double rate) {
        return new Rate(true, Percent.millionths(rate));
    }

    /**
     * This rule or the other: opens as soon as either is satisfied.
     *
     * @throws IllegalArgumentException if a rule would stand twice
     */
    public TripRule or(TripRule other) {
        List<TripRule> rules = new ArrayList<>(parts());
        for (TripRule rule : other.parts()) {
            if (rules.contains(rule)) {
                throw new IllegalArgumentException("\"" + rule + "\" stands twice; leave one out.");
            }
            rules.add(rule);
        }
        return new AnyOf(rules);
    }

    /** A number of failures that wants a time. */
    public static final class Count {
        static final int MOST = 10_000;
        private final int failures;

        private Count(int failures) {
            this.failures = failures;
        }

        /**
         * The rule: so many failures, the first and the last no further apart than this. It keeps 8 bytes for each failure to count.
         *
         * @param time whole milliseconds, 1 ms to 8,760 h
         */
        public TripRule within(Duration time) {
            return new Within(failures, Bounds.check("the time of a trip rule", time));
        }
    }

    /** A share of calls that wants a window. */
    public static final class Rate {
        private final boolean slow;
        private final int millionths;

        private Rate(boolean slow, int millionths) {
            this.slow = slow;
            this.millionths = millionths;
        }

        /**
         * Over the last so many answers: a quarter of a byte for each.
         *
         * @param calls 1 to 1,000,000
         */
        public Minimum overCalls(int calls) {
            Bounds.check("calls in a window", calls, 1, MOST);
            return new Minimum(slow, millionths, calls, null);
        }

        /**
         * Over the answers of the last so much time. The time is cut into ten slices and the window covers the last 9 to 10
         * tenths of it. The clock is read once for each answer.
         *
         * @param time whole milliseconds, 10 ms to 8,760 h
         */
        public Minimum overTime(Duration time) {
            Bounds.check("the time of a window", time);
            if (time.toMillis() < TimeWindow.SLICES) {
                throw new IllegalArgumentException(
                        "The time of a window is at least 10ms, since it is cut into ten slices; given "
                                + DurationText.exact(time) + ".");
            }
            return new Minimum(slow, millionths, 0, time);
        }
    }

    /** A share and a window that want a minimum number of calls. */
    public static final class Minimum {
        private final boolean slow;
        private final int millionths;
        private final int calls;
        private final @Nullable Duration time;

        private Minimum(boolean slow, int millionths, int calls, @Nullable Duration time) {
            this.slow = slow;
            this.millionths = millionths;
            this.calls = calls;
            this.time = time;
        }

        /**
         * The rule: not judged before the window holds so many successes and failures. There is no default, because no number
         * suits every traffic: below it the circuit never opens.
         *
         * @param minimum 1 to 1,000,000, and no more than the window can hold
         */
        public TripRule atLeast(int minimum) {
            Bounds.check("the minimum number of calls", minimum, 1, MOST);
            if (time == null && minimum > calls) {
                throw new IllegalArgumentException("A window of the last " + calls + " calls never holds at least "
                        + minimum + ": lower the minimum or widen the window.");
            }
            return time == null
                    ? new RateOverCalls(slow, millionths, calls, minimum)
                    : new RateOverTime(slow, millionths, time, minimum);
        }
    }

    // ---- what the breaker asks of a rule

    /** What this rule wants counted. */
    abstract Window.Kind windowKind();

    /** Counts a success and says whether it satisfies the rule. */
    boolean succeeded(Window window, boolean slow, long now) {
        return window.success(slow, now) && isSatisfiedBySuccess(window, now);
    }

    /** Counts a failure and says whether it satisfies the rule. */
    boolean failed(Window window, boolean slow, long now) {
        window.failure(slow, now);
        return isSatisfied(window, now);
    }

    /** Judges what has been counted, without counting. */
    abstract boolean isSatisfied(Window window, long now);

    /**
     * Judges after a success was counted. A success can satisfy a rate, whose minimum it completes; rules that count failures only must not
     * even be asked, since the clock is not read for them.
     */
    boolean isSatisfiedBySuccess(Window window, long now) {
        return false;
    }

    /** Whether what has been counted could never help to satisfy this rule, so that nothing would be lost with it. */
    boolean isUnsuspecting(Window window, long now) {
        return window.isClean(now);
    }

    /** What has been counted, in words and numbers. */
    abstract String findings(Window window, long now);

    /**
     * What satisfied the rule a moment ago, in words and numbers. The window may have moved on since: an answer that came too late to
     * prevent the opening must not make it look unfounded.
     */
    String evidence(Window window, long now) {
        return findings(window, now);
    }

    /**
     * How near the rule is to opening, from 0 to 1. 0 where nothing has failed but what always may: one failure, or a rate of less than
     * half of what opens.
     */
    abstract double nearness(Window window, long now);

    /** The failure rate, if it has been so high for so many answers that it is worth trying whether fewer calls would fare better; else 0. */
    double excessiveRate(Window window, int answers, long now) {
        return 0;
    }

    /**
     * Whether so many more failures, one after the other within so many nanoseconds, would satisfy the rule: {@code overdue} calls that are as good as failed.
     */
    abstract boolean isSatisfiedWith(long overdue, long nanos, Window window, long now);

    /** Whether counting a success takes a reading of the clock. */
    boolean clocksSuccesses() {
        return false;
    }

    /** Whether counting a failure does. */
    boolean clocksFailures() {
        return clocksSuccesses();
    }

    /** Whether slow calls are judged. */
    boolean judgesSlowness() {
        return false;
    }

    /** So many failures of those that open, the first not counted. */
    static double beyondOne(long failures, int needed) {
        return failures <= 1 ? 0 : Math.min(1, (failures - 1.0) / (needed - 1.0));
    }

    List<TripRule> parts() {
        return List.of(this);
    }

    /** The rule as it is written in settings. */
    @Override
    public abstract String toString();

    @Override
    public final boolean equals(@Nullable Object other) {
        // The text says everything there is to a rule, and the same rule always has the same text.
        return other instanceof TripRule rule && toString().equals(rule.toString());
    }

    @Override
    public final int hashCode() {
        return toString().hashCode();
    }

    // ---- the rules

    private static final class Adaptive extends TripRule {
        private static final TripRule RULE = new Adaptive();

        @Override
        Window.Kind windowKind() {
            return Suspicion.KIND;
        }

        @Override
        boolean failed(Window window, boolean slow, long now) {
            return ((Suspicion) window).isEnough(window.failure(slow, now), now);
        }

        @Override
        boolean isSatisfied(Window window, long now) {
            return ((Suspicion) window).isEnough(window.tally, now);
        }

        @Override
        double excessiveRate(Window window, int answers, long now) {
            return ((Suspicion) window).excessiveRate(window.tally, answers, now);
        }

        @Override
        boolean clocksFailures() {
            return true;
        }

        @Override
        double nearness(Window window, long now) {
            return ((Suspicion) window).nearness(now);
        }

        @Override
        String findings(Window window, long now) {
            return ((Suspicion) window).findings(window.tally, now);
        }

        @Override
        boolean isSatisfiedWith(long overdue, long nanos, Window window, long now) {
            return ((Suspicion) window).isEnoughWith(overdue, nanos);
        }

        @Override
        public String toString() {
            return "adaptive";
        }
    }

    private static final class Consecutive extends TripRule {
        private static final Window.Kind WINDOW = new Window.InARow();
        private final int failures;

        Consecutive(int failures) {
            this.failures = failures;
        }

        @Override
        Window.Kind windowKind() {
            return WINDOW;
        }

        @Override
        boolean failed(Window window, boolean slow, long now) {
            return window.failure(slow, now) >= failures;
        }

        @Override
        boolean isSatisfied(Window window, long now) {
            return ((Streak) window).length() >= failures;
        }

        @Override
        double nearness(Window window, long now) {
            return beyondOne(((Streak) window).length(), failures);
        }

        @Override
        String findings(Window window, long now) {
            return inARow(((Streak) window).length());
        }

        @Override
        String evidence(Window window, long now) {
            return inARow(Math.max(failures, ((Streak) window).length()));
        }

        private static String inARow(long length) {
            return length == 1 ? "1 failure in a row" : length + " failures in a row";
        }

        @Override
        boolean isSatisfiedWith(long overdue, long nanos, Window window, long now) {
            return ((Streak) window).length() + overdue >= failures;
        }

        @Override
        public String toString() {
            return failures + " consecutive";
        }
    }

    private static final class Within extends TripRule {
        private final int failures;
        private final Duration time;
        private final long nanos;

        Within(int failures, Duration time) {
            this.failures = failures;
            this.time = time;
            this.nanos = time.toNanos();
        }

        @Override
        Window.Kind windowKind() {
            return new Window.LastFailures(failures);
        }

        @Override
        boolean isSatisfied(Window window, long now) {
            return ((RecentFailures) window).within(nanos, now) >= failures;
        }

        @Override
        boolean clocksFailures() {
            return true;
        }

        @Override
        boolean isUnsuspecting(Window window, long now) {
            // The window keeps times; how old is too old is known here.
            return ((RecentFailures) window).within(nanos, now) == 0;
        }

        @Override
        double nearness(Window window, long now) {
            return beyondOne(((RecentFailures) window).within(nanos, now), failures);
        }

        @Override
        String findings(Window window, long now) {
            int count = ((RecentFailures) window).within(nanos, now);
            return count + (count == 1 ? " failure within " : " failures within ") + DurationText.exact(time);
        }

        @Override
        boolean isSatisfiedWith(long overdue, long others, Window window, long now) {
            return others <= nanos && ((RecentFailures) window).within(nanos, now) + overdue >= failures;
        }

        @Override
        public String toString() {
            return failures + (failures == 1 ? " failure" : " failures") + " within " + DurationText.exact(time);
        }
    }

    /** What rates over calls and over time have in common: how they judge, and how they read. */
    private abstract static sealed class RateRule extends TripRule {
        final boolean slow;
        final int millionths;
        final int minimum;

        RateRule(boolean slow, int millionths, int minimum) {
            this.slow = slow;
            this.millionths = millionths;
            this.minimum = minimum;
        }

        final boolean isReached(long calls, long hits) {
            return calls >= minimum && Percent.isReached(hits, calls, millionths);
        }

        final double nearness(long calls, long hits) {
            double needed = Math.max(calls, minimum) * (millionths / 1e6);
            return Math.max(0, Math.min(1, 2 * hits / needed - 1));
        }

        final String findings(long calls, long hits) {
            if (calls == 0) {
                return "no calls";
            }
            return hits + " of " + calls + (calls == 1 ? " call " : " calls ") + (slow ? "slow" : "failed") + " ("
                    + Percent.rounded(hits, calls) + ")";
        }

        final String text(String window) {
            return Percent.exact(millionths) + (slow ? " slow" : "") + " of last " + window + ", at least " + minimum;
        }

        @Override
        final boolean isSatisfiedBySuccess(Window window, long now) {
            return isSatisfied(window, now);
        }

        @Override
        boolean judgesSlowness() {
            return slow;
        }
    }

    private static final class RateOverCalls extends RateRule {
        private final int calls;

        RateOverCalls(boolean slow, int millionths, int calls, int minimum) {
            super(slow, millionths, minimum);
            this.calls = calls;
        }

        @Override
        Window.Kind windowKind() {
            return new Window.LastCalls(calls);
        }

        @Override
        boolean isSatisfied(Window window, long now) {
            CallWindow counted = (CallWindow) window;
            return isReached(counted.calls(), hits(counted));
        }

        @Override
        double nearness(Window window, long now) {
            CallWindow counted = (CallWindow) window;
            return nearness(counted.calls(), hits(counted));
        }

        @Override
        String findings(Window window, long now) {
            CallWindow counted = (CallWindow) window;
            return findings(counted.calls(), hits(counted));
        }

        @Override
        boolean isSatisfiedWith(long overdue, long nanos, Window window, long now) {
            CallWindow counted = (CallWindow) window;
            long all = Math.min(calls, counted.calls() + overdue);
            return !slow && isReached(all, Math.min(all, counted.failures() + overdue));
        }

        private long hits(CallWindow counted) {
            return slow ? counted.slow() : counted.failures();
        }

        @Override
        public String toString() {
            return text(calls + (calls == 1 ? " call" : " calls"));
        }
    }

    private static final class RateOverTime extends RateRule {
        private final Duration time;

        RateOverTime(boolean slow, int millionths, Duration time, int minimum) {
            super(slow, millionths, minimum);
            this.time = time;
        }

        @Override
        Window.Kind windowKind() {
            return new Window.LastTime(time.toNanos());
        }

        @Override
        boolean isSatisfied(Window window, long now) {
            TimeWindow counted = (TimeWindow) window;
            long hits = hits(counted, now);
            // Among many calls a few hits are no reason to add up all stripes of the count.
            return Percent.isReached(hits, counted.callsAtLeast(now), millionths)
                    && isReached(counted.calls(now), hits);
        }

        @Override
        double nearness(Window window, long now) {
            TimeWindow counted = (TimeWindow) window;
            return nearness(counted.calls(now), hits(counted, now));
        }

        @Override
        String findings(Window window, long now) {
            TimeWindow counted = (TimeWindow) window;
            return findings(counted.calls(now), hits(counted, now)) + " within " + DurationText.exact(time);
        }

        @Override
        boolean isSatisfiedWith(long overdue, long nanos, Window window, long now) {
            TimeWindow counted = (TimeWindow) window;
            return !slow && isReached(counted.calls(now) + overdue, counted.failures(now) + overdue);
        }

        private long hits(TimeWindow counted, long now) {
            return slow ? counted.slow(now) : counted.failures(now);
        }

        @Override
        boolean clocksSuccesses() {
            return true;
        }

        @Override
        public String toString() {
            return text(DurationText.exact(time));
        }
    }

    private static final class AnyOf extends TripRule {
        private final List<TripRule> rules;
        private final Window.Each windows;
        /** Which of the windows each rule looks at: rules over the same calls share one. */
        private final int[] window;

        AnyOf(List<TripRule> rules) {
            this.rules = List.copyOf(rules);
            List<Window.Kind> kinds =
                    rules.stream().map(TripRule::windowKind).distinct().toList();
            this.windows = new Window.Each(kinds);
            this.window = rules.stream()
                    .mapToInt(rule -> kinds.indexOf(rule.windowKind()))
                    .toArray();
        }

        @Override
        Window.Kind windowKind() {
            return windows;
        }

        @Override
        boolean failed(Window counted, boolean slow, long now) {
            // The first rule of each window counts, so that a streak is judged by the very failure that made it; the
            // rest look.
            boolean satisfied = false;
            int counting = 0;
            for (int i = 0; i < window.length; i++) {
                Window own = ((Window.Several) counted).at(window[i]);
                if (window[i] == counting) {
                    counting++;
                    satisfied |= rules.get(i).failed(own, slow, now);
                } else {
                    satisfied |= rules.get(i).isSatisfied(own, now);
                }
            }
            return satisfied;
        }

        @Override
        boolean isSatisfied(Window counted, long now) {
            for (int i = 0; i < window.length; i++) {
                if (rules.get(i).isSatisfied(((Window.Several) counted).at(window[i]), now)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        boolean isSatisfiedBySuccess(Window counted, long now) {
            for (int i = 0; i < window.length; i++) {
                if (rules.get(i).isSatisfiedBySuccess(((Window.Several) counted).at(window[i]), now)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        boolean isUnsuspecting(Window counted, long now) {
            for (int i = 0; i < window.length; i++) {
                if (!rules.get(i).isUnsuspecting(((Window.Several) counted).at(window[i]), now)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        double nearness(Window counted, long now) {
            double most = 0;
            for (int i = 0; i < window.length; i++) {
                most = Math.max(most, rules.get(i).nearness(((Window.Several) counted).at(window[i]), now));
            }
            return most;
        }

        @Override
        double excessiveRate(Window counted, int answers, long now) {
            double most = 0;
            for (int i = 0; i < window.length; i++) {
                Window own = ((Window.Several) counted).at(window[i]);
                most = Math.max(most, rules.get(i).excessiveRate(own, answers, now));
            }
            return most;
        }

        @Override
        boolean isSatisfiedWith(long overdue, long nanos, Window counted, long now) {
            for (int i = 0; i < window.length; i++) {
                Window own = ((Window.Several) counted).at(window[i]);
                if (rules.get(i).isSatisfiedWith(overdue, nanos, own, now)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        String findings(Window counted, long now) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < window.length; i++) {
                texts.add(rules.get(i).findings(((Window.Several) counted).at(window[i]), now));
            }
            return String.join("; ", texts);
        }

        @Override
        boolean clocksSuccesses() {
            return rules.stream().anyMatch(TripRule::clocksSuccesses);
        }

        @Override
        boolean clocksFailures() {
            return rules.stream().anyMatch(TripRule::clocksFailures);
        }

        @Override
        boolean judgesSlowness() {
            return rules.stream().anyMatch(TripRule::judgesSlowness);
        }

        @Override
        List<TripRule> parts() {
            return rules;
        }

        @Override
        public String toString() {
            return rules.stream().map(TripRule::toString).collect(Collectors.joining(" or "));
        }
    }

    /** Shares as whole millionths, so that they are compared and printed exactly. */
    static final class Percent {
        static final long WHOLE = 1_000_000;
        private static final int PER_PERCENT = 10_000;

        private Percent() {}

        static int millionths(double rate) {
            if (!(rate > 0 && rate <= 1)) {
                throw new IllegalArgumentException("A rate is above 0 and at most 1 (1 is 100 %), not " + rate + ".");
            }
            try {
                return BigDecimal.valueOf(rate).movePointRight(6).intValueExact();
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "A rate has at most six decimals, that is four of a percent, so that it is compared exactly; given "
                                + rate + ".",
                        e);
            }
        }

        /** Whether {@code part / whole} is at least so many millionths. Exact, also where the products leave a long. */
        static boolean isReached(long part, long whole, int millionths) {
            if (whole <= Long.MAX_VALUE / WHOLE) {
                return part * WHOLE >= millionths * whole;
            }
            return BigDecimal.valueOf(part)
                            .movePointRight(6)
                            .compareTo(BigDecimal.valueOf(whole).multiply(BigDecimal.valueOf(millionths)))
                    >= 0;
        }

        static String exact(int millionths) {
            return BigDecimal.valueOf(millionths)
                            .divide(BigDecimal.valueOf(PER_PERCENT))
                            .stripTrailingZeros()
                            .toPlainString()
                    + "%";
        }

        static String rounded(long part, long whole) {
            return new BigDecimal(Math.round(1000.0 * part / whole))
                            .movePointLeft(1)
                            .stripTrailingZeros()
                            .toPlainString()
                    + "%";
        }
    }
}
