package dev.cutout.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All rows, in the order of the tables. A row that says nothing of threads runs with one, in the full profile only. */
final class Rows {
    private static final List<Row> ALL = new ArrayList<>();
    private static final List<Overhead> OVERHEADS = new ArrayList<>();

    // the limits
    static final Row RAW = add(limit("raw call", "raw").quick(1, 8).full(1, 2, 4, 8));
    static final Row RAW_FAILURES = add(limit("raw call, 1 % failures", "rawFailures"));
    static final Row RAW_DISTANT = add(limit("raw call through a real frame", "rawDistant"));
    static final Row RAW_MEGAMORPHIC = add(limit("raw call, four classes of lambdas in turn", "rawMegamorphic"));
    static final Row NANO_TIME =
            add(limit("`System.nanoTime()`", "nanoTime").quick(1).full(1, 8));
    static final Row GET_AND_ADD =
            add(limit("`getAndAdd`", "getAndAdd").quick(1).full(1, 8));
    static final Row NANO_TIME_THEN_GET_AND_ADD =
            add(limit("`System.nanoTime()`, then `getAndAdd`", "nanoTimeThenGetAndAdd")
                    .quick(1));
    static final Row STRIPED_INCREMENT =
            add(limit("`LongAdder.increment`", "stripedIncrement").quick(1).full(1, 8));
    static final Row MAP_GET =
            add(limit("`ConcurrentHashMap.get`, 1,024 keys", "mapGet").quick(1));
    static final Row BARE_PENDING =
            add(limit("bare stage, completed later", "bareStagePending").quick(1));
    static final Row BARE_COMPLETED = add(limit("bare stage, completed already", "bareStageCompleted"));

    // closed
    static final Row CLASSIC = add(
            cutout("classic, success", "classic").quick(1, 8).full(1, 2, 4, 8).withoutEscapeAnalysisToo());
    static final Row COUNT = add(cutout("count window 100, success", "count")
            .quick(1, 8)
            .full(1, 2, 4, 8)
            .withoutEscapeAnalysisToo());
    static final Row COUNTING_SUCCESSES =
            add(cutout("count window 100, success, `countSuccesses()`", "countCountingSuccesses")
                    .quick(1)
                    .full(1, 8)
                    .withoutEscapeAnalysisToo());
    static final Row COUNT_FAILURES = add(cutout("count window 100, 1 % failures", "countFailures")
            .quick(1, 8)
            .full(1, 8)
            .withoutEscapeAnalysisToo());
    static final Row TIME = add(
            cutout("time window 10 s, success", "time").quick(1, 8).full(1, 8).withoutEscapeAnalysisToo());
    static final Row SLOW = add(cutout("`slow 2s`, count window 100, success", "slow")
            .quick(1)
            .full(1, 8)
            .withoutEscapeAnalysisToo());
    static final Row SLOW_TIME = add(cutout("`slow 2s`, time window 10 s, success", "slowTime")
            .full(1, 8)
            .withoutEscapeAnalysisToo());
    static final Row LIMIT = add(cutout("classic with `limit 1000`, success", "limit")
            .quick(1)
            .full(1, 8)
            .withoutEscapeAnalysisToo());
    static final Row BY_HAND = add(cutout("count window 100, permit by hand, success", "byHand")
            .quick(1)
            .withoutEscapeAnalysisToo());
    static final Row DISTANT = add(cutout("count window 100, success, through real frames", "countDistant")
            .quick(1)
            .withoutEscapeAnalysisToo());
    static final Row MEGAMORPHIC =
            add(cutout("count window 100, success, four classes of lambdas in turn", "countMegamorphic")
                    .withoutEscapeAnalysisToo());

    // refused
    static final Row REFUSED_TRY_ACQUIRE = add(cutout("refused, `tryAcquire`", "refusedTryAcquire")
            .quick(1)
            .full(1, 8)
            .withoutEscapeAnalysisToo());
    static final Row REFUSED_FALLBACK = add(
            cutout("refused, fallback", "refusedFallback").quick(1).full(1, 8).withoutEscapeAnalysisToo());
    static final Row REFUSED_EXCEPTION = add(
            cutout("refused, exception", "refusedException").quick(1).full(1, 8).withoutEscapeAnalysisToo());

    // the rest
    static final Row ASYNC_PENDING =
            add(cutout("`callAsync`, completed later", "asyncPending").quick(1));
    static final Row ASYNC_COMPLETED = add(cutout("`callAsync`, completed already", "asyncCompleted"));
    static final Row REGISTRY_GET =
            add(cutout("registry, `get`, 1,024 keys", "registryGet").quick(1).withoutEscapeAnalysisToo());
    static final Row REGISTRY_CALL = add(
            cutout("registry, `get` and call, 1,024 keys", "registryGetAndCall").withoutEscapeAnalysisToo());

    // the peers
    static final Row R4J_COUNT =
            add(r4j("count window 100 (default), success", "count").quick(1, 8).full(1, 2, 4, 8));
    static final Row R4J_LOCK_FREE =
            add(r4j("count window 100, lock-free, success", "countLockFree").full(1, 8));
    static final Row R4J_TIME =
            add(r4j("time window 10 s, success", "time").quick(1, 8).full(1, 8));
    static final Row R4J_COUNT_FAILURES = add(
            r4j("count window 100, 1 % failures", "countFailures").quick(1, 8).full(1, 8));
    static final Row R4J_LOCK_FREE_FAILURES =
            add(r4j("count window 100, lock-free, 1 % failures", "countLockFreeFailures")
                    .quick(8)
                    .full(1, 8));
    static final Row R4J_MEGAMORPHIC =
            add(r4j("count window 100, success, four classes of lambdas in turn", "countMegamorphic"));
    static final Row R4J_REFUSED_TRY_ACQUIRE =
            add(r4j("refused, `tryAcquirePermission`", "refusedTryAcquire").quick(1));
    static final Row R4J_REFUSED_EXCEPTION =
            add(r4j("refused, exception (default)", "refusedException").quick(1));
    static final Row R4J_REFUSED_STACKLESS =
            add(r4j("refused, exception without stack trace", "refusedStacklessException")
                    .quick(1));
    static final Row R4J_REGISTRY_GET = add(r4j("registry, look-up, 1,024 keys", "registryGet"));
    static final Row R4J_REGISTRY_CALL = add(r4j("registry, look-up and call, 1,024 keys", "registryGetAndCall"));
    static final Row FAILSAFE =
            add(failsafe("50 of 100, executor, success", "executor").quick(1).full(1, 8));
    static final Row FAILSAFE_BY_HAND =
            add(failsafe("50 of 100, by hand, success", "byHand").quick(1).full(1, 8));
    static final Row FAILSAFE_REFUSED_TRY_ACQUIRE = add(failsafe("refused, `tryAcquirePermit`", "refusedTryAcquire"));
    static final Row FAILSAFE_REFUSED_EXCEPTION = add(failsafe("refused, exception", "refusedException"));
    static final Row SMALLRYE =
            add(smallRye("50 % of 100, success", "count").quick(1).full(1, 8));
    static final Row SENTINEL =
            add(sentinel("exception ratio in 10 s, success", "exceptionRatio").full(1, 8));
    static final Row HYSTRIX = add(hystrix("semaphore, success", "semaphore"));

    // the adapters
    static final Overhead HTTP_INSTANT = add(Overhead.of("HTTP, `ofString()`, no network", "HttpBench", "Instant")
            .quickToo());
    static final Overhead HTTP_STRING = add(
            Overhead.of("HTTP on loopback, `ofString()`", "HttpBench", "String").quickToo());
    static final Overhead HTTP_DISCARDING =
            add(Overhead.of("HTTP on loopback, `discarding()`", "HttpBench", "Discarding"));
    static final Overhead GRPC =
            add(Overhead.of("gRPC in-process, unary", "GrpcBench", "Unary").quickToo());
    static final Overhead JDBC = add(Overhead.of("JDBC, pooled connection, one prepared query", "JdbcBench", "Query")
            .quickToo());

    /** Calls through a closed circuit that must allocate nothing. A permit by hand is an object, so it is none of them. */
    static final List<Row> CLOSED = List.of(
            CLASSIC,
            COUNT,
            COUNTING_SUCCESSES,
            COUNT_FAILURES,
            TIME,
            SLOW,
            SLOW_TIME,
            LIMIT,
            DISTANT,
            MEGAMORPHIC,
            REGISTRY_CALL);

    private Rows() {}

    static List<Row> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** The adapters, which have a table of their own. Their rows are among all. */
    static List<Overhead> overheads() {
        return Collections.unmodifiableList(OVERHEADS);
    }

    private static Row add(Row row) {
        ALL.add(row);
        return row;
    }

    private static Overhead add(Overhead overhead) {
        ALL.addAll(overhead.rows());
        OVERHEADS.add(overhead);
        return overhead;
    }

    private static Row limit(String label, String method) {
        return new Row(Kind.LIMIT, "limit", label, "LimitsBench." + method);
    }

    private static Row cutout(String label, String method) {
        return new Row(Kind.CUTOUT, "Cutout", label, "CutoutBench." + method);
    }

    private static Row r4j(String label, String method) {
        return new Row(Kind.PEER, "Resilience4j", label, "Resilience4jBench." + method);
    }

    private static Row failsafe(String label, String method) {
        return new Row(Kind.PEER, "Failsafe", label, "FailsafeBench." + method);
    }

    private static Row smallRye(String label, String method) {
        return new Row(Kind.PEER, "SmallRye", label, "SmallRyeBench." + method);
    }

    private static Row sentinel(String label, String method) {
        return new Row(Kind.SLOW_PEER, "Sentinel", label, "SentinelBench." + method);
    }

    private static Row hystrix(String label, String method) {
        return new Row(Kind.SLOW_PEER, "Hystrix", label, "HystrixBench." + method);
    }
}
