package dev.cutout;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All numbers of a breaker, as one immutable value with a one-line text form.
 *
 * <p><b>The default is {@link #classic()}: 5 failures in a row open the circuit, it stays open for 30 s, then one probe
 * decides.</b> {@link CircuitBreaker#of(String)} uses exactly these.
 *
 * <h2>The text form</h2>
 *
 * An optional preset, {@code classic} or {@code adaptive}, then clauses in any order, separated by {@code ;}, each at most once and in lower case. What is not
 * said is as in the preset, or as in {@code classic} where there is none.
 *
 * <table>
 *   <caption>Clauses</caption>
 *   <tr><th>clause</th><th>meaning</th><th>default</th></tr>
 *   <tr><td>{@code trip 5 consecutive}</td><td>opens after so many failures in a row</td><td>this one</td></tr>
 *   <tr><td>{@code trip 5 failures within 10s}</td><td>opens after so many failures within a time</td><td></td></tr>
 *   <tr><td>{@code trip 50% of last 100 calls, at least 20}</td><td>opens at a failure rate over calls, once so many were made</td><td></td></tr>
 *   <tr><td>{@code trip 50% of last 10s, at least 20}</td><td>opens at a failure rate over a time</td><td></td></tr>
 *   <tr><td>{@code trip 80% slow of last 100 calls, at least 20}</td><td>opens at a rate of slow calls; wants {@code slow}</td><td></td></tr>
 *   <tr><td>{@code trip 5 consecutive or 50% of last 10s, at least 20}</td><td>any number of rules, joined by {@code or}</td><td></td></tr>
 *   <tr><td>{@code trip adaptive}</td><td>opens at net failures that chance cannot explain, at any traffic</td><td>in {@code adaptive}</td></tr>
 *   <tr><td>{@code wait 30s}</td><td>how long the circuit stays open before the next probe</td><td>30s</td></tr>
 *   <tr><td>{@code wait 1s to 60s}</td><td>the same, growing with each opening in a row, with jitter</td><td></td></tr>
 *   <tr><td>{@code wait adaptive}, {@code wait adaptive 1s to 60s}</td><td>the circuit paces probes and recovery itself, with so much time between probes</td><td>in {@code adaptive}, 100ms to 60s</td></tr>
 *   <tr><td>{@code probes 3}</td><td>so many probes, all of which must succeed</td><td>1</td></tr>
 *   <tr><td>{@code probes 2 of 3}</td><td>so many probes, of which so many must succeed</td><td></td></tr>
 *   <tr><td>{@code probe within 10s}</td><td>a probe not answered by then has failed</td><td>as long as the wait before it</td></tr>
 *   <tr><td>{@code slow 2s}</td><td>a call that took longer is slow</td><td>none</td></tr>
 *   <tr><td>{@code hang 2s}</td><td>calls under way for longer are evidence before they return</td><td>none</td></tr>
 *   <tr><td>{@code hang learnt}</td><td>the same, with twice as long as answers take</td><td>none</td></tr>
 *   <tr><td>{@code limit 200}</td><td>so many calls in flight at most; the rest is refused</td><td>none</td></tr>
 *   <tr><td>{@code limit adaptive}</td><td>as many calls in flight as the dependency answers without a queue</td><td>none</td></tr>
 * </table>
 *
 * A time is a whole number and {@code ms}, {@code s}, {@code m} or {@code h}, 1ms to 8760h; a percentage is above 0 and at most
 * 100, exact to four decimals. The words {@code ramp} and {@code health}
 * are reserved for later versions. Nothing is repaired silently: what is unknown, doubled or contradictory is a
 * {@link SettingsSyntaxException} that points at the column. A preset's numbers never change within a major version.
 *
 * <p>{@code CircuitSettings.parse(settings.toString()).equals(settings)} holds for all settings.
 */
public final class CircuitSettings {
    /** The shortest time that settings can name. */
    static final Duration SHORTEST = Duration.ofMillis(1);

    /** The longest time that settings can name: a year, far from where nanoseconds in a long run out. */
    static final Duration LONGEST = Duration.ofDays(365);

    static final int MOST_PROBES = 1_000;
    static final int MOST_CALLS_IN_FLIGHT = 1_000_000;

    /** A lapsed probe doubles the next lease, up to this, or to the lease itself if that is longer. */
    private static final long LONGEST_DOUBLED_LEASE = Duration.ofMinutes(10).toNanos();

    private static final long LEASE_OF_ADAPTIVE_PROBES = Duration.ofMinutes(1).toNanos();

    private static final Duration SHORTEST_GAP = Duration.ofMillis(100);
    private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

    private static final CircuitSettings CLASSIC = new CircuitSettings(new Draft());

    private static final CircuitSettings ADAPTIVE =
            CLASSIC.withTrip(TripRule.adaptive()).withAdaptiveWait();

    private final TripRule trip;
    /** Whether the waits are found by the circuit itself, between the first and the longest. */
    private final boolean waitAdaptive;

    private final Duration firstWait;
    private final Duration longestWait;
    private final int probesNeeded;
    private final int probes;
    private final @Nullable Duration probeWithin;
    private final @Nullable Duration slow;
    /** The same, as the call path wants it; {@link Long#MAX_VALUE} for none. */
    private final long slowNanos;

    private final @Nullable Duration hang;
    private final boolean hangLearnt;
    /** 0 for none. */
    private final int limit;

    private final boolean limitAdaptive;
    /** Of every breaker with these settings about which nothing else is to be said. */
    private final Terms terms = new Terms(this, null, null);

    private CircuitSettings(Draft draft) {
        if (Objects.requireNonNull(draft.trip, "trip").judgesSlowness() && draft.slow == null) {
            throw new IllegalArgumentException(
                    "The trip rule \"" + draft.trip
                            + "\" judges slow calls, but nothing says what is slow: set slow first, for example withSlow(Duration.ofSeconds(2)) or \"slow 2s\".");
        }
        this.trip = draft.trip;
        this.waitAdaptive = draft.waitAdaptive;
        this.firstWait = draft.firstWait;
        this.longestWait = draft.longestWait;
        this.probesNeeded = draft.probesNeeded;
        this.probes = draft.probes;
        this.probeWithin = draft.probeWithin;
        this.slow = draft.slow;
        this.slowNanos = slow == null ? Long.MAX_VALUE : slow.toNanos();
        this.hang = draft.hang;
        this.hangLearnt = draft.hangLearnt;
        this.limit = draft.limit;
        this.limitAdaptive = draft.limitAdaptive;
    }

    /** Settings in the making: classic, until something else is said. */
    private static final class Draft {
        TripRule trip = TripRule.consecutive(5);
        boolean waitAdaptive;
        Duration firstWait = Duration.ofSeconds(30);
        Duration longestWait = firstWait;
        int probesNeeded = 1;
        int probes = 1;

        @Nullable Duration probeWithin;

        @Nullable Duration slow;

        @Nullable Duration hang;

        boolean hangLearnt;
        int limit;
        boolean limitAdaptive;
    }

    private CircuitSettings with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.trip = trip;
        draft.waitAdaptive = waitAdaptive;
        draft.firstWait = firstWait;
        draft.longestWait = longestWait;
        draft.probesNeeded = probesNeeded;
        draft.probes = probes;
        draft.probeWithin = probeWithin;
        draft.slow = slow;
        draft.hang = hang;
        draft.hangLearnt = hangLearnt;
        draft.limit = limit;
        draft.limitAdaptive = limitAdaptive;
        change.accept(draft);
        return new CircuitSettings(draft);
    }

    private CircuitSettings with(boolean adaptive, Duration first, Duration longest) {
        return with(draft -> {
            draft.waitAdaptive = adaptive;
            draft.firstWait = first;
            draft.longestWait = longest;
        });
    }

    /** The classic circuit, and the default: 5 failures in a row open it, for 30 s, then one probe decides. */
    public static CircuitSettings classic() {
        return CLASSIC;
    }

    /**
     * The adaptive circuit, {@code trip adaptive; wait adaptive}: opens after a handful of failed calls at any traffic, probes soon after a blip and seldom in a long
     * outage, and comes back at the pace of the dependency's own answers. There is no number to choose.
     */
    public static CircuitSettings adaptive() {
        return ADAPTIVE;
    }

    /**
     * Reads the text form.
     *
     * @throws SettingsSyntaxException if the text is not a settings line
     */
    public static CircuitSettings parse(String line) {
        return new SettingsParser(line).parse();
    }

    /**
     * These settings with another trip rule. Default: 5 consecutive failures.
     *
     * @throws IllegalArgumentException if the rule judges slow calls and nothing says what is slow
     */
    public CircuitSettings withTrip(TripRule rule) {
        return with(draft -> draft.trip = rule);
    }

    /**
     * These settings with a fixed wait: how long the circuit stays open before the next probe. Default: 30 s.
     *
     * @param wait whole milliseconds, 1 ms to 8,760 h
     */
    public CircuitSettings withWait(Duration wait) {
        Bounds.check("the wait", wait);
        return with(false, wait, wait);
    }

    /**
     * These settings with a growing wait. The n-th wait in a row is drawn evenly between its half and its whole, which is twice the first wait
     * for the first and doubles with each opening in a row; it is never shorter than {@code first} nor longer than {@code longest}. So
     * callers that opened together do not come back together ("equal jitter", after Brooker, <cite>Exponential Backoff And
     * Jitter</cite>, AWS Architecture Blog, 2015). The growth starts anew once the circuit stayed closed as long as the last wait.
     *
     * @param first whole milliseconds, 1 ms to 8,760 h
     * @param longest the same, and longer than {@code first}
     */
    public CircuitSettings withWait(Duration first, Duration longest) {
        Bounds.check("the first wait", first);
        Bounds.check("the longest wait", longest);
        if (longest.compareTo(first) <= 0) {
            throw new IllegalArgumentException("The longest wait (" + DurationText.exact(longest)
                    + ") must be longer than the first (" + DurationText.exact(first)
                    + "); for a wait that does not grow, give one time only.");
        }
        return with(false, first, longest);
    }

    /**
     * These settings with probes and recovery that the circuit paces itself, with at least 100 ms and at most 60 s between probes.
     *
     * @see #withAdaptiveWait(Duration, Duration)
     */
    public CircuitSettings withAdaptiveWait() {
        return withAdaptiveWait(SHORTEST_GAP, LONGEST_GAP);
    }

    /**
     * These settings with probes and recovery that the circuit paces itself. While open, the gap between two probes is about twice the root
     * of the calls since the opening: soon after a blip, seldom in a long outage, at any traffic. The first good probe half-opens the circuit, and a part
     * of the calls that grows with their successes is let through until nothing is held back. How many probes that takes follows from
     * what they say, so {@link #withProbes(int)} has no part in it. A probe must answer within 60 s, unless {@link #withProbeWithin} says otherwise.
     *
     * @param shortest between two probes; whole milliseconds, 1 ms to 8,760 h
     * @param longest the same, and longer than {@code shortest}
     */
    public CircuitSettings withAdaptiveWait(Duration shortest, Duration longest) {
        Bounds.check("the shortest time between probes", shortest);
        Bounds.check("the longest time between probes", longest);
        if (longest.compareTo(shortest) <= 0) {
            throw new IllegalArgumentException("The longest time between probes (" + DurationText.exact(longest)
                    + ") must be longer than the shortest (" + DurationText.exact(shortest) + ").");
        }
        return with(true, shortest, longest).with(draft -> {
            draft.probesNeeded = 1;
            draft.probes = 1;
        });
    }

    /**
     * These settings with so many probes, all of which must succeed for the circuit to close. Default: 1.
     *
     * @param probes 1 to 1,000
     */
    public CircuitSettings withProbes(int probes) {
        return withProbes(probes, probes);
    }

    /**
     * These settings with so many probes, of which so many must succeed for the circuit to close. Decided as soon as it is
     * certain.
     *
     * @param needed 1 to {@code probes}
     * @param probes 1 to 1,000; also the most that are under way at once
     */
    public CircuitSettings withProbes(int needed, int probes) {
        Bounds.check("probes", probes, 1, MOST_PROBES);
        Bounds.check("good probes needed of " + probes, needed, 1, probes);
        if (waitAdaptive) {
            throw new IllegalArgumentException(
                    "With an adaptive wait the circuit finds out itself how many probes it takes: leave the probes out, or set a wait such as \"wait 30s\" first.");
        }
        return with(draft -> {
            draft.probesNeeded = needed;
            draft.probes = probes;
        });
    }

    /**
     * These settings with a lease for probes: a probe that is not answered by then has failed. Each lapsed lease doubles
     * the next, up to ten minutes, so that a slow but healthy dependency closes the circuit in the end. Default: as long as the
     * wait before the probe.
     *
     * @param lease whole milliseconds, 1 ms to 8,760 h
     */
    public CircuitSettings withProbeWithin(Duration lease) {
        Bounds.check("the time for a probe", lease);
        return with(draft -> draft.probeWithin = lease);
    }

    /**
     * These settings with a time beyond which a call is slow, measured from the permit to the answer. It costs two readings of the
     * clock for each call. By itself it changes one thing: a call that is cancelled after that time is a failure. Slow
     * calls open the circuit only through a {@linkplain TripRule#slowRate rule for them}; with such a rule, a slow probe is a failed one. Default: none.
     *
     * @param slow whole milliseconds, 1 ms to 8,760 h
     */
    public CircuitSettings withSlow(Duration slow) {
        Bounds.check("slow", slow);
        return with(draft -> draft.slow = slow);
    }

    /**
     * These settings with a time beyond which a call that is still under way counts as evidence, before it returns: when so many calls in a row as would open the
     * circuit by failing are under way for longer, and none that began after them is answered, the circuit opens. It is looked at whenever a call begins, to an eighth of that time. A call that is
     * cancelled after that time is a failure. It costs two readings of the clock for each call. Default: none.
     *
     * @param hang whole milliseconds, 1 ms to 8,760 h
     */
    public CircuitSettings withHang(Duration hang) {
        Bounds.check("hang", hang);
        return with(draft -> {
            draft.hang = hang;
            draft.hangLearnt = false;
        });
    }

    /**
     * The same with a time that the circuit learns: twice as long as the longest of the last hundred or two successes took, and at least
     * 200 ms. Before any success nothing is overdue.
     */
    public CircuitSettings withHangLearnt() {
        return with(draft -> {
            draft.hang = null;
            draft.hangLearnt = true;
        });
    }

    /**
     * These settings with a limit on calls in flight. The rest is refused with {@link Refusal.Reason#LIMIT}, which never counts as a
     * failure. Probes are not limited by it: they have their own number. Default: none.
     *
     * @param limit 1 to 1,000,000
     */
    public CircuitSettings withLimit(int limit) {
        Bounds.check("the limit on calls in flight", limit, 1, MOST_CALLS_IN_FLIGHT);
        return with(draft -> {
            draft.limit = limit;
            draft.limitAdaptive = false;
        });
    }

    /**
     * These settings with a limit on calls in flight that the circuit finds itself, and only when it is needed: when answers take longer than the dependency needs by itself,
     * calls are queueing somewhere, and the circuit half-opens and lets so many through as keep the queue short. It costs two readings of the clock for each
     * call. Default: none.
     */
    public CircuitSettings withAdaptiveLimit() {
        return with(draft -> {
            draft.limit = 0;
            draft.limitAdaptive = true;
        });
    }

    /** What opens the circuit. */
    public TripRule trip() {
        return trip;
    }

    /** Whether the circuit paces probes and recovery itself. */
    public boolean isWaitAdaptive() {
        return waitAdaptive;
    }

    /** The wait, or the first one if it grows; the shortest time between probes if it is adaptive. */
    public Duration firstWait() {
        return firstWait;
    }

    /** The longest wait; the same as {@link #firstWait} if it is fixed; the longest time between probes if it is adaptive. */
    public Duration longestWait() {
        return longestWait;
    }

    /** How many probes decide. Of no account where the wait is adaptive. */
    public int probes() {
        return probes;
    }

    /** How many of them must succeed. */
    public int probesNeeded() {
        return probesNeeded;
    }

    /** The time within which a probe must answer; empty if it is as long as the wait before it, or 60 s where the wait is adaptive. */
    public Optional<Duration> probeWithin() {
        return Optional.ofNullable(probeWithin);
    }

    /** The time beyond which a call is slow. */
    public Optional<Duration> slow() {
        return Optional.ofNullable(slow);
    }

    /** The time beyond which calls under way are evidence; empty if there is none, or if it is learnt. */
    public Optional<Duration> hang() {
        return Optional.ofNullable(hang);
    }

    /** Whether the time beyond which calls under way are evidence is learnt. */
    public boolean isHangLearnt() {
        return hangLearnt;
    }

    /** Whether the circuit finds the limit on calls in flight itself. */
    public boolean isLimitAdaptive() {
        return limitAdaptive;
    }

    /** The limit on calls in flight; empty if there is none, or if it is adaptive. */
    public OptionalInt limit() {
        return limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    // ---- what the generations ask

    /** The n-th wait in a row (from 0), in nanoseconds. Draws from {@code random} only if the wait grows. */
    long drawWait(int step, Supplier<? extends RandomGenerator> random) {
        long first = firstWait.toNanos();
        long longest = longestWait.toNanos();
        if (first == longest) {
            return first;
        }
        long whole = step < Long.numberOfLeadingZeros(first) - 2 ? Math.min(longest, first << (step + 1)) : longest;
        long least = Math.max(first, whole / 2);
        return random.get().nextLong(least, whole + 1);
    }

    /** The lease of a probe after a wait, in nanoseconds, when so many probes have lapsed since the circuit was last closed. */
    long lease(long wait, int lapsed) {
        long unsaid = waitAdaptive ? LEASE_OF_ADAPTIVE_PROBES : wait;
        long lease = probeWithin == null ? unsaid : probeWithin.toNanos();
        long longest = Math.max(lease, LONGEST_DOUBLED_LEASE);
        return lapsed < Long.numberOfLeadingZeros(lease) - 1 ? Math.min(longest, lease << lapsed) : longest;
    }

    /** The terms of a breaker with these settings, without a hold and without calls in flight that are counted. */
    Terms terms() {
        return terms;
    }

    /** How many calls may be in flight; 0 for any number. */
    int mostInFlight() {
        return limitAdaptive ? Integer.MAX_VALUE : limit;
    }

    /** In nanoseconds; {@link Long#MAX_VALUE} for none. */
    long slowNanos() {
        return slowNanos;
    }

    // ---- value

    @Override
    public boolean equals(@Nullable Object other) {
        // The text says everything there is to settings, and equal settings always have the same text.
        return other instanceof CircuitSettings that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The settings in one line, every clause that is in force spelled out: {@code trip 5 consecutive; wait 30s; probes 1}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("trip ").append(trip);
        text.append("; wait ").append(waitAdaptive ? "adaptive " : "").append(DurationText.exact(firstWait));
        if (!firstWait.equals(longestWait)) {
            text.append(" to ").append(DurationText.exact(longestWait));
        }
        if (!waitAdaptive) {
            text.append("; probes ");
            if (probesNeeded != probes) {
                text.append(probesNeeded).append(" of ");
            }
            text.append(probes);
        }
        if (probeWithin != null) {
            text.append("; probe within ").append(DurationText.exact(probeWithin));
        }
        if (slow != null) {
            text.append("; slow ").append(DurationText.exact(slow));
        }
        if (hang != null || hangLearnt) {
            text.append("; hang ").append(hang == null ? "learnt" : DurationText.exact(hang));
        }
        if (limit != 0 || limitAdaptive) {
            text.append("; limit ").append(limitAdaptive ? "adaptive" : String.valueOf(limit));
        }
        return text.toString();
    }
}
