package dev.cutout.bench.decisions;

import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import dev.cutout.lab.simulate.Guard;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerBuilder;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The circuit breakers to compare with, each at its defaults and as it is often tuned. The tunings have the same numbers wherever a
 * library can have them: <i>tuned</i> is a window of 10 s, at least 10 calls, 50 % failures, open for 30 s, 5 trial calls;
 * <i>classic</i> is 5 failures in a row, open for 30 s, 1 trial call.
 */
final class Peers {
    /** Longer than this, a call is slow, to the two settings that count slow calls. */
    private static final int SLOW_MILLIS = 500;

    private static final CircuitBreakerConfig R4J_DEFAULT = CircuitBreakerConfig.ofDefaults();
    private static final CircuitBreakerConfig R4J_TUNED = resilience4j(timeWindow(10), 50, Duration.ofSeconds(30), 5);
    private static final CircuitBreakerConfig R4J_QUICK = resilience4j(timeWindow(10), 50, Duration.ofSeconds(5), 3);

    /** A small window, a high bar, and the shortest wait of the grid. */
    private static final CircuitBreakerConfig R4J_BEST = resilience4j(countWindow(20), 70, Duration.ofSeconds(1), 1);

    private static final CircuitBreakerConfig R4J_SLOW = CircuitBreakerConfig.from(R4J_TUNED)
            .slowCallDurationThreshold(Duration.ofMillis(SLOW_MILLIS))
            .slowCallRateThreshold(50)
            .build();

    private static final CircuitBreakerBuilder<Object> FAILSAFE_DEFAULT = CircuitBreaker.builder();
    private static final CircuitBreakerBuilder<Object> FAILSAFE_CLASSIC = CircuitBreaker.builder()
            .withFailureThreshold(5)
            .withDelay(Duration.ofSeconds(30))
            .withSuccessThreshold(1);

    private static final CircuitBreakerBuilder<Object> FAILSAFE_TUNED = CircuitBreaker.builder()
            .withFailureRateThreshold(50, 10, Duration.ofSeconds(10))
            .withDelay(Duration.ofSeconds(30))
            .withSuccessThreshold(3, 5);

    /** Sentinel has no default for the ratio and for how long it stays open: these are what its demos set. */
    private static final DegradeRule SENTINEL_DEFAULT = new DegradeRule("simulated")
            .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
            .setCount(0.5)
            .setTimeWindow(10);

    private static final DegradeRule SENTINEL_TUNED = new DegradeRule("simulated")
            .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
            .setCount(0.5)
            .setMinRequestAmount(10)
            .setStatIntervalMs(10_000)
            .setTimeWindow(30);

    private static final DegradeRule SENTINEL_SLOW = new DegradeRule("simulated")
            .setGrade(RuleConstant.DEGRADE_GRADE_RT)
            .setCount(SLOW_MILLIS)
            .setSlowRatioThreshold(0.5)
            .setTimeWindow(10);

    private static final List<Guard.Kind> ALL = List.of(
            peer("r4j-default", R4J_DEFAULT),
            peer("r4j-tuned", R4J_TUNED),
            peer("r4j-quick", R4J_QUICK),
            peer("r4j-best", R4J_BEST),
            peer("r4j-slow", R4J_SLOW),
            peer("failsafe-default", FAILSAFE_DEFAULT),
            peer("failsafe-classic", FAILSAFE_CLASSIC),
            peer("failsafe-tuned", FAILSAFE_TUNED),
            peer("sentinel-default", SENTINEL_DEFAULT),
            peer("sentinel-tuned", SENTINEL_TUNED),
            peer("sentinel-rt", SENTINEL_DEFAULT, SENTINEL_SLOW),
            new Peer(
                    "smallrye-default",
                    (ticker, random) -> new SmallRyeGuard(Duration.ofSeconds(5), 20, 0.5, 1, ticker)),
            new Peer(
                    "hystrix-default",
                    (ticker, random) -> new HystrixGuard(20, 50, Duration.ofSeconds(5), ticker, random)),
            new Peer("gobreaker-default", (ticker, random) -> new GobreakerGuard(6, Duration.ofSeconds(60), 1, ticker)),
            new Peer("gobreaker-classic", (ticker, random) -> new GobreakerGuard(5, Duration.ofSeconds(30), 1, ticker)),
            new Peer(
                    "sre-default",
                    (ticker, random) -> new AdaptiveThrottlingGuard(2, Duration.ofMinutes(2), ticker, random)),
            new Peer(
                    "sre-tuned",
                    (ticker, random) -> new AdaptiveThrottlingGuard(1.5, Duration.ofSeconds(10), ticker, random)),
            new Peer(
                    "envoy-default",
                    (ticker, random) -> new EnvoyGuard(
                            5,
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(300),
                            ticker,
                            random)),
            new Peer(
                    "envoy-tuned",
                    (ticker, random) -> new EnvoyGuard(
                            7, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(300), ticker, random)));

    private Peers() {}

    /** Each peer at its defaults and its common tunings, in the order of the tables. */
    static List<Guard.Kind> all() {
        return ALL;
    }

    /** Each peer at its defaults. */
    static List<Guard.Kind> defaults() {
        return ALL.stream().filter(peer -> peer.name().endsWith("-default")).toList();
    }

    /** @throws IllegalArgumentException if there is none of that name; the message lists all names */
    static Guard.Kind named(String name) {
        return ALL.stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no peer is called \"" + name + "\"; there are "
                        + String.join(", ", ALL.stream().map(Guard.Kind::name).toList())));
    }

    /**
     * The 39 settings of Resilience4j to choose from with hindsight: windows of 10, 20, 50 and 100 calls, 5 s and 10 s; 50 and 70 %; and
     * open for 1 s with 1 or 5 trial calls, or for 5 s with 3. And its defaults, the usual tuning, and that with a quick return.
     */
    static List<Guard.Kind> resilience4jGrid() {
        List<Guard.Kind> grid = new ArrayList<>(Stream.of("r4j-default", "r4j-tuned", "r4j-quick")
                .map(Peers::named)
                .toList());
        List<Window> windows = List.of(
                countWindow(10), countWindow(20), countWindow(50), countWindow(100), timeWindow(5), timeWindow(10));
        for (Window window : windows) {
            for (int threshold : new int[] {50, 70}) {
                grid.add(gridPoint(window, threshold, 1, 1));
                grid.add(gridPoint(window, threshold, 1, 5));
                grid.add(gridPoint(window, threshold, 5, 3));
            }
        }
        return grid;
    }

    private static Guard.Kind gridPoint(Window window, int threshold, int waitSeconds, int trials) {
        return peer(
                "r4j " + threshold + "% of " + window + ", wait " + waitSeconds + "s, trials " + trials,
                resilience4j(window, threshold, Duration.ofSeconds(waitSeconds), trials));
    }

    private static CircuitBreakerConfig resilience4j(Window window, int threshold, Duration wait, int trials) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(window.size(), window.atLeast(), window.type())
                .failureRateThreshold(threshold)
                .waitDurationInOpenState(wait)
                .permittedNumberOfCallsInHalfOpenState(trials)
                .build();
    }

    private static Window countWindow(int calls) {
        return new Window(SlidingWindowType.COUNT_BASED, calls, calls);
    }

    private static Window timeWindow(int seconds) {
        return new Window(SlidingWindowType.TIME_BASED, seconds, 10);
    }

    /** Of Resilience4j: its last so many calls or seconds, and how many calls must be in it before they are judged. */
    private record Window(SlidingWindowType type, int size, int atLeast) {
        @Override
        public String toString() {
            return size + (type == SlidingWindowType.COUNT_BASED ? " calls" : "s");
        }
    }

    private static Guard.Kind peer(String name, CircuitBreakerConfig settings) {
        return new Peer(name, (ticker, random) -> new Resilience4jGuard(settings, ticker, random));
    }

    private static Guard.Kind peer(String name, CircuitBreakerBuilder<Object> builder) {
        return new Peer(
                name, (ticker, random) -> new FailsafeGuard(builder.build().getConfig(), ticker, random));
    }

    private static Guard.Kind peer(String name, DegradeRule... rules) {
        return new Peer(name, (ticker, random) -> new SentinelGuard(List.of(rules), ticker, random));
    }
}
