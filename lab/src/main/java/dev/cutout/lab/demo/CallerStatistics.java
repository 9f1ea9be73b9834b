package dev.cutout.lab.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the callers of one service A live through, and what it sends to B. Written by A's threads, read by the reports.
 *
 * <p>Every caller is kept, a few hundred thousand at most, so that each figure is exact and can be defined in one
 * sentence. Everything is guarded by this object's monitor; at hundreds of calls a second nobody waits for it.
 */
final class CallerStatistics {
    /** What a caller got in the end. */
    enum Answer {
        FROM_B,
        FALLBACK,
        ERROR
    }

    /** One caller: when it came and when it had its answer, in nanoseconds of one clock. */
    record Caller(long arrived, long answered, Answer answer) {
        long waited() {
            return answered - arrived;
        }
    }

    /** A time during which B was in trouble. */
    record Outage(Fault fault, long from, long until) {
        boolean covers(long moment) {
            return moment - from >= 0 && moment - until < 0;
        }
    }

    /**
     * One live line: what happened since the line before. Waits are nanoseconds, of the callers answered in that time, and
     * negative when there were none; stuck and queue are the most at any moment of it.
     */
    record Moment(int sent, int failed, int refused, long median, long slowest, int stuck, int queue) {}

    /** A call on its way to B: the trouble it meets there, and in which moment it was counted. */
    record Call(@Nullable Fault met, int moment) {}

    private final List<Caller> callers = new ArrayList<>();
    private final List<Outage> outages = new ArrayList<>();
    private final Map<Fault, Integer> hits = new EnumMap<>(Fault.class);
    private @Nullable Fault trouble;
    private long troubleSince;

    private int arrived;
    private int busy;
    private int queued;
    private int mostBusy;
    private int mostQueued;

    // since the last live line
    private int sent;
    private int failed;
    private int refused;
    private int reported;
    private int mostBusyNow;
    private int mostQueuedNow;
    private int moments;

    synchronized void arrived() {
        arrived++;
        queued++;
        mostQueuedNow = Math.max(mostQueuedNow, queued);
        mostQueued = Math.max(mostQueued, queued);
    }

    /** A thread of A's pool takes a caller. */
    synchronized void threadTaken() {
        queued--;
        busy++;
        mostBusyNow = Math.max(mostBusyNow, busy);
        mostBusy = Math.max(mostBusy, busy);
    }

    synchronized void threadFreed() {
        busy--;
    }

    /** A call leaves for B, unless the breaker stops it, see {@link #refused}. */
    synchronized Call sent() {
        sent++;
        if (trouble != null) {
            hits.merge(trouble, 1, Integer::sum);
        }
        return new Call(trouble, moments);
    }

    /** A call to B ended in an error or a time-out. */
    synchronized void failed() {
        failed++;
    }

    /** The breaker refused this call, so it did not leave. It stays in its moment, should that be told already. */
    synchronized void refused(Call call) {
        refused++;
        if (call.moment == moments) {
            sent--;
        }
        if (call.met != null) {
            hits.merge(call.met, -1, Integer::sum);
        }
    }

    synchronized void answered(long arrivedAt, long now, Answer answer) {
        callers.add(new Caller(arrivedAt, now, answer));
    }

    /** From now on, calls to B hit a B in trouble. */
    synchronized void troubleBegins(Fault fault, long now) {
        trouble = fault;
        troubleSince = now;
    }

    synchronized void troubleEnds(long now) {
        if (trouble != null) {
            outages.add(new Outage(trouble, troubleSince, now));
            trouble = null;
        }
    }

    /** What happened since the last call of this method. */
    synchronized Moment moment() {
        long[] waits = callers.subList(reported, callers.size()).stream()
                .mapToLong(Caller::waited)
                .sorted()
                .toArray();
        Moment moment = new Moment(
                sent, failed, refused, percentile(waits, 50), percentile(waits, 100), mostBusyNow, mostQueuedNow);
        reported = callers.size();
        sent = 0;
        moments++;
        failed = 0;
        refused = 0;
        mostBusyNow = busy;
        mostQueuedNow = queued;
        return moment;
    }

    synchronized int callersWithoutAnswer() {
        return arrived - callers.size();
    }

    synchronized Figures figures() {
        return Figures.of(
                List.copyOf(callers), callersWithoutAnswer(), List.copyOf(outages), hits, mostBusy, mostQueued);
    }

    /** The smallest value that at least {@code percent} of the sorted values do not exceed; -1 when there are none. */
    static long percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return -1;
        }
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }
}
