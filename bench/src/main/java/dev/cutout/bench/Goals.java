package dev.cutout.bench;

import java.util.List;

/** What a call may cost, each goal once. Change one here and the report follows. */
final class Goals {
    private static final String R4J = "Resilience4j";
    private static final String R4J_DEFAULT = "Resilience4j's default";

    // Why some are missed.
    private static final String ONE_ORDER =
            "an exact window has one order of calls for all threads: while it holds a failure, each call takes a place in it, by one"
                    + " atomic add to one word";
    private static final String STRIPES =
            "the count of calls is striped, and its stripes are not quite free where threads outnumber cores";
    private static final String NOTED =
            "the state is looked at before the clock, and the moment of the refusal is noted after it, for `retryAfter()`";
    private static final String COUNTED =
            "refusals are counted exactly; a clock read and the atomic add after it alone leave hardly anything for the exception";
    private static final String REAL_CALL =
            "the look-up is compiled together with the making of breakers, too big to be inlined into its caller: it is a real call";

    private static final String SLICED =
            "a time window does what the goal allows and looks up its slice besides; the two clock reads are four fifths of both sides";
    private static final String ASKED_FIRST =
            "a place is taken only where one is free, so it is a read and a compare-and-set, which costs more than a `getAndAdd`";

    private static final String NETWORK =
            "sockets, and the other threads that a call wakes, move it by more than this from fork to fork; what guarding adds shows"
                    + " without a network";
    private static final String PROXIES =
            "a connection, its statement and its results are a proxy each, with a handler; and each time that the database is asked, or"
                    + " may be, is a permit";

    /** A profiler counts what JMH itself allocates too: less than a tenth of a byte for each call. */
    static final double BYTES_OF_JMH = 0.1;

    /** What an adapter may add to a call: one microsecond. */
    private static final double OVERHEAD_NANOS = 1_000;

    private static final double OVERHEAD_BYTES = 300;

    static final List<Goal> ALL = List.of(
            Goal.nanos("classic, success", "2 raw calls + ½ `getAndAdd`", n -> n.nanos(Rows.CLASSIC), Goals::clockless),
            Goal.nanos(
                    "count window, success", "2 raw calls + ½ `getAndAdd`", n -> n.nanos(Rows.COUNT), Goals::clockless),
            Goal.timesFaster(
                    "classic, success", 25, R4J_DEFAULT, n -> n.nanos(Rows.CLASSIC), n -> n.nanos(Rows.R4J_COUNT)),
            Goal.timesFaster(
                    "count window, success", 25, R4J_DEFAULT, n -> n.nanos(Rows.COUNT), n -> n.nanos(Rows.R4J_COUNT)),
            Goal.nanos(
                    "count window, success, counted for metrics",
                    "the same + a striped increment",
                    n -> n.nanos(Rows.COUNTING_SUCCESSES),
                    n -> clockless(n) + n.nanos(Rows.STRIPED_INCREMENT)),
            Goal.timesFaster(
                    "count window, success, counted for metrics",
                    15,
                    R4J_DEFAULT,
                    n -> n.nanos(Rows.COUNTING_SUCCESSES),
                    n -> n.nanos(Rows.R4J_COUNT)),
            Goal.atMostTimes(
                    "classic, success, 8 threads",
                    1.5,
                    "its core time with 1 thread",
                    n -> n.nanos(Rows.CLASSIC, 8),
                    n -> n.nanos(Rows.CLASSIC)),
            Goal.atMostTimes(
                    "count window, success, 8 threads",
                    1.5,
                    "its core time with 1 thread",
                    n -> n.nanos(Rows.COUNT, 8),
                    n -> n.nanos(Rows.COUNT)),
            Goal.timesFaster(
                    "classic, success, 8 threads",
                    50,
                    R4J_DEFAULT,
                    n -> n.nanos(Rows.CLASSIC, 8),
                    n -> n.nanos(Rows.R4J_COUNT, 8)),
            Goal.timesFaster(
                    "count window, success, 8 threads",
                    50,
                    R4J_DEFAULT,
                    n -> n.nanos(Rows.COUNT, 8),
                    n -> n.nanos(Rows.R4J_COUNT, 8)),
            Goal.timesFaster(
                            "count window, 1 % failures",
                            6,
                            "Resilience4j's lock window",
                            n -> n.nanos(Rows.COUNT_FAILURES),
                            n -> n.nanos(Rows.R4J_COUNT_FAILURES))
                    .missedBecause(ONE_ORDER),
            Goal.timesFaster(
                            "count window, 1 % failures, 8 threads",
                            5,
                            "Resilience4j's lock window",
                            n -> n.nanos(Rows.COUNT_FAILURES, 8),
                            n -> n.nanos(Rows.R4J_COUNT_FAILURES, 8))
                    .missedBecause(ONE_ORDER),
            Goal.timesFaster(
                    "count window, 1 % failures, 8 threads",
                    20,
                    "Resilience4j's lock-free window",
                    n -> n.nanos(Rows.COUNT_FAILURES, 8),
                    n -> n.nanos(Rows.R4J_LOCK_FREE_FAILURES, 8)),
            Goal.nanos(
                    "time window 10 s", "1.4 clock reads", n -> n.nanos(Rows.TIME), n -> 1.4 * n.nanos(Rows.NANO_TIME)),
            Goal.atMostTimes(
                            "time window 10 s, 8 threads",
                            1.15,
                            "its core time with 1 thread (flat)",
                            n -> n.nanos(Rows.TIME, 8),
                            n -> n.nanos(Rows.TIME))
                    .missedBecause(STRIPES),
            Goal.timesFaster("time window 10 s", 2.5, R4J, n -> n.nanos(Rows.TIME), n -> n.nanos(Rows.R4J_TIME)),
            Goal.timesFaster(
                            "time window 10 s, 8 threads",
                            6,
                            R4J,
                            n -> n.nanos(Rows.TIME, 8),
                            n -> n.nanos(Rows.R4J_TIME, 8))
                    .missedBecause(STRIPES),
            Goal.nanos(
                    "slow-call timing, count window",
                    "2 clock reads + 5 `getAndAdd`",
                    n -> n.nanos(Rows.SLOW),
                    Goals::timing),
            Goal.nanos(
                            "slow-call timing, time window",
                            "2 clock reads + 5 `getAndAdd`",
                            n -> n.nanos(Rows.SLOW_TIME),
                            Goals::timing)
                    .missedBecause(SLICED),
            Goal.nanos(
                            "refused, `tryAcquire`",
                            "a clock read, then a `getAndAdd`",
                            n -> n.nanos(Rows.REFUSED_TRY_ACQUIRE),
                            n -> refusal(n, 1))
                    .missedBecause(NOTED),
            Goal.nanos(
                            "refused, fallback",
                            "a clock read, then a `getAndAdd`",
                            n -> n.nanos(Rows.REFUSED_FALLBACK),
                            n -> refusal(n, 1))
                    .missedBecause(NOTED),
            Goal.nanos(
                            "refused, exception",
                            "a clock read, then 4 `getAndAdd`",
                            n -> n.nanos(Rows.REFUSED_EXCEPTION),
                            n -> refusal(n, 4))
                    .missedBecause(NOTED),
            Goal.timesFaster(
                            "refused, exception",
                            8,
                            "Resilience4j's without stack trace",
                            n -> n.nanos(Rows.REFUSED_EXCEPTION),
                            n -> n.nanos(Rows.R4J_REFUSED_STACKLESS))
                    .missedBecause(COUNTED),
            Goal.bytes("a call on any closed path", 0, n -> n.mostBytes(Rows.CLOSED)),
            Goal.bytes(
                    "a refusal without exception",
                    0,
                    n -> n.mostBytes(List.of(Rows.REFUSED_TRY_ACQUIRE, Rows.REFUSED_FALLBACK))),
            Goal.bytes("a refusal with exception", 48, n -> n.mostBytes(List.of(Rows.REFUSED_EXCEPTION))),
            Goal.bytes("a permit by hand", 32, n -> n.mostBytes(List.of(Rows.BY_HAND))),
            Goal.bytes(
                    "`callAsync` while pending, over the bare stage",
                    112,
                    n -> n.footprint(Footprint.CALL_ASYNC) - n.footprint(Footprint.BARE_STAGE)),
            Goal.nanos(
                            "a limit on calls in flight",
                            "2 `getAndAdd` over the call without",
                            n -> n.nanos(Rows.LIMIT) - n.nanos(Rows.CLASSIC),
                            n -> 2 * n.nanos(Rows.GET_AND_ADD))
                    .missedBecause(ASKED_FIRST),
            overheadNanos(Rows.HTTP_INSTANT),
            overheadBytes(Rows.HTTP_INSTANT),
            overheadNanos(Rows.HTTP_STRING).missedBecause(NETWORK),
            overheadBytes(Rows.HTTP_STRING),
            overheadNanos(Rows.HTTP_DISCARDING).missedBecause(NETWORK),
            overheadBytes(Rows.HTTP_DISCARDING),
            overheadNanos(Rows.GRPC),
            overheadBytes(Rows.GRPC),
            overheadNanos(Rows.JDBC),
            overheadBytes(Rows.JDBC).missedBecause(PROXIES),
            Goal.bytes("an idle breaker, classic", 128, n -> n.footprint(Footprint.CLASSIC)),
            Goal.bytes("an idle breaker, count window 100", 200, n -> n.footprint(Footprint.COUNT)),
            Goal.bytes("an idle breaker, time window 10 s", 1_000, n -> n.footprint(Footprint.TIME)),
            Goal.bytes("an idle breaker, adaptive", 250, n -> n.footprint(Footprint.ADAPTIVE)),
            Goal.atMostTimes(
                            "`CircuitBreakerRegistry.get`, existing key",
                            1.3,
                            "`ConcurrentHashMap.get`",
                            n -> n.nanos(Rows.REGISTRY_GET),
                            n -> n.nanos(Rows.MAP_GET))
                    .missedBecause(REAL_CALL),
            Goal.bytes("`CircuitBreakerRegistry.get`, existing key", 0, n -> n.mostBytes(List.of(Rows.REGISTRY_GET))),
            Goal.bytes(
                    "each of 1,000,000 keyed breakers, with the registry",
                    280,
                    n -> n.keyedBreakers().bytes()),
            new Goal(
                    "keyed breakers made in a second",
                    "at least 2 million",
                    n -> n.keyedBreakers().perSecond() / 1e6,
                    n -> 2,
                    false,
                    "million",
                    ""));

    private Goals() {}

    private static Goal overheadNanos(Overhead overhead) {
        return Goal.nanos(overOf(overhead), "1 µs", overhead::nanos, n -> OVERHEAD_NANOS);
    }

    private static Goal overheadBytes(Overhead overhead) {
        return Goal.bytes(overOf(overhead), OVERHEAD_BYTES, overhead::bytes);
    }

    private static String overOf(Overhead overhead) {
        return "guarding " + overhead.of() + ", over the bare client";
    }

    /** What a call may cost that needs no clock. */
    private static double clockless(Numbers n) {
        return 2 * n.nanos(Rows.RAW) + 0.5 * n.nanos(Rows.GET_AND_ADD);
    }

    private static double timing(Numbers n) {
        return 2 * n.nanos(Rows.NANO_TIME) + 5 * n.nanos(Rows.GET_AND_ADD);
    }

    /** A clock read and so many writes after it, the first of which waits for the clock. */
    private static double refusal(Numbers n, int writes) {
        return n.nanos(Rows.NANO_TIME_THEN_GET_AND_ADD) + (writes - 1) * n.nanos(Rows.GET_AND_ADD);
    }
}
