package dev.cutout.lab.simulate;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import dev.cutout.CircuitState;
import dev.cutout.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Rules that a breaker keeps in every world, checked from its events and its decisions alone:
 *
 * <ul>
 *   <li>generations are numbered without gaps, and every change of state fits the state before;
 *   <li>closed, it refuses nothing but what a limit forbids;
 *   <li>open, it admits nothing before the next probe is due, and nothing but probes;
 *   <li>half-open, no more probes are under way than allowed;
 *   <li>every permit and every refusal is accounted for;
 *   <li>it is never stuck: open, it has probed a wait after the probe was due; half-open, it refuses only while a
 *       probe is under way that has not outlived its lease.
 * </ul>
 *
 * Where the wait is adaptive, the breaker finds out itself when and how many calls to let through, within bounds: probes keep their distance while
 * open, one of them goes at least once in the longest wait unless several are under way, and half-open never refuses everything for long.
 */
final class Invariants {
    /** A lapsed probe doubles the next lease up to this, or to the lease itself if that is longer. */
    private static final long LONGEST_DOUBLED_LEASE = Duration.ofMinutes(10).toNanos();

    private final CircuitBreaker circuit;
    private final Ticker ticker;
    private final String settingsText;
    private final int mostProbes;
    private final long longestWait;
    /** 0 if a lease is as long as the wait before it. */
    private final long probeWithin;

    /** Probes under way at which an adaptive wait may outlast the longest: as many as are sent on schedule. */
    private static final int SCHEDULED_AT_ONCE = 8;

    private static final int ADAPTIVE_MOST_PROBES = 64;
    private static final long ADAPTIVE_LEASE = Duration.ofMinutes(1).toNanos();
    private static final long ADAPTIVE_LEAST_PAUSE = Duration.ofMillis(100).toNanos();
    /** Half-open, at least one call in so many finds its way, unless those under way are not answered. */
    private static final int ADAPTIVE_REFUSALS_IN_A_ROW = 60;

    private final boolean adaptive;
    private final long shortestWait;
    private final boolean limited;

    private CircuitState state = CircuitState.CLOSED;
    private long generation;
    private long changedAt;
    /** When the next probe is due; has a meaning only while open. */
    private long probeDue;
    /** The wait that led to that moment. */
    private long waited;

    /** When a probe or a call on the ramp was last admitted, or the stay began. */
    private long lastProbeAt;

    private int refusalsInARow;
    /** Of these, each may have lapsed and doubled the next lease. */
    private int probesSinceClosed;
    /** Set by the listener: what it throws itself, the breaker would keep from us. */
    private @Nullable String broken;

    private long admitted;
    private long answered;
    private long refused;
    private long probes;
    /** Of the present generation, as granted and answered here. */
    private int probesUnderWay;

    Invariants(CircuitBreaker circuit, Ticker ticker) {
        CircuitSettings settings = circuit.settings();
        this.circuit = circuit;
        this.ticker = ticker;
        settingsText = settings.toString();
        mostProbes = settings.probes();
        longestWait = settings.longestWait().toNanos();
        probeWithin = settings.probeWithin().map(Duration::toNanos).orElse(0L);
        adaptive = settings.isWaitAdaptive();
        shortestWait = settings.firstWait().toNanos();
        limited = settings.limit().isPresent();
        generation = circuit.snapshot().generation();
        changedAt = ticker.nanos();
    }

    // ---- what happens

    void happened(CircuitEvent event) {
        if (event instanceof CircuitEvent.Opened opened) {
            change(event, opened.from(), CircuitState.OPEN);
            waited = opened.probeIn().orElse(Duration.ZERO).toNanos();
            probeDue = event.nanos() + waited;
            lastProbeAt = event.nanos();
        } else if (event instanceof CircuitEvent.HalfOpened halfOpened) {
            change(event, halfOpened.from(), CircuitState.HALF_OPEN);
            lastProbeAt = event.nanos();
            refusalsInARow = 0;
        } else if (event instanceof CircuitEvent.Closed closed) {
            change(event, closed.from(), CircuitState.CLOSED);
            probesSinceClosed = 0;
        }
    }

    private void change(CircuitEvent event, CircuitState from, CircuitState to) {
        if (event.generation() != generation + 1) {
            broken = "generation " + event.generation() + " follows generation " + generation;
        } else if (from != state) {
            broken = "a change from " + from + " while " + state;
        } else if (event.nanos() < changedAt || event.nanos() > ticker.nanos()) {
            broken = "an event of another time than now";
        }
        state = to;
        generation = event.generation();
        changedAt = event.nanos();
        probesUnderWay = 0;
    }

    /**
     * A call was admitted.
     *
     * @param before the state when it asked
     * @return the generation in which it is a probe, or 0 if it is none
     */
    long admitted(CircuitState before) {
        admitted++;
        if (state == CircuitState.CLOSED) {
            check(before == CircuitState.CLOSED, "closed by a mere call");
            return 0;
        }
        if (adaptive) {
            admittedAdaptively();
            return 0;
        }
        check(before != CircuitState.OPEN || ticker.nanos() >= probeDue, "admitted before a probe was due");
        CircuitSnapshot snapshot = circuit.snapshot();
        probes++;
        probesUnderWay++;
        probesSinceClosed++;
        lastProbeAt = ticker.nanos();
        check(snapshot.counts().probes() == probes, "admitted while " + state + ", and not as a probe");
        check(snapshot.probesUnderWay() <= mostProbes, "more probes under way than allowed");
        check(probesUnderWay <= mostProbes, "more probes admitted and not answered than allowed");
        return generation;
    }

    private void admittedAdaptively() {
        long pause = ticker.nanos() - lastProbeAt;
        lastProbeAt = ticker.nanos();
        refusalsInARow = 0;
        if (state == CircuitState.HALF_OPEN) {
            return;
        }
        probes++;
        CircuitSnapshot snapshot = circuit.snapshot();
        check(snapshot.counts().probes() == probes, "admitted while open, and not as a probe");
        check(snapshot.probesUnderWay() <= ADAPTIVE_MOST_PROBES, "more probes under way than allowed");
        check(pause >= Math.min(shortestWait, ADAPTIVE_LEAST_PAUSE), "a probe too soon after the one before");
    }

    void refused() {
        refused++;
        refusalsInARow++;
        if (adaptive && state != CircuitState.CLOSED) {
            refusedAdaptively();
            return;
        }
        switch (state) {
            case CLOSED -> {
                check(limited, "refused while closed");
                CircuitSnapshot snapshot = circuit.snapshot();
                int limit = snapshot.settings().limit().orElse(0);
                check(snapshot.callsInFlight().orElse(0) >= limit, "refused while closed and below the limit");
            }
            case OPEN ->
                check(ticker.nanos() - probeDue <= longestWait, "stuck open: no probe, a whole wait after it was due");
            case HALF_OPEN -> {
                check(probesUnderWay > 0, "stuck half-open: no probe under way, and none admitted");
                check(ticker.nanos() - lastProbeAt < longestLease(), "stuck half-open: a probe has outlived its lease");
            }
        }
    }

    private void refusedAdaptively() {
        long pause = ticker.nanos() - lastProbeAt;
        if (state == CircuitState.OPEN) {
            check(
                    pause <= Math.max(longestWait, waited) || circuit.snapshot().probesUnderWay() >= SCHEDULED_AT_ONCE,
                    "stuck open: no probe for longer than the longest wait");
        } else {
            check(
                    refusalsInARow <= ADAPTIVE_REFUSALS_IN_A_ROW || pause <= 2 * ADAPTIVE_LEASE,
                    "stuck half-open: nothing is let through");
        }
    }

    /** No lease of a probe under way is longer. */
    private long longestLease() {
        long lease = probeWithin == 0 ? waited : probeWithin;
        int doublings = probesSinceClosed - 1;
        long doubled = doublings < Long.numberOfLeadingZeros(lease) - 1 ? lease << doublings : Long.MAX_VALUE;
        return Math.max(lease, Math.min(doubled, LONGEST_DOUBLED_LEASE));
    }

    /** A call that was a probe of this generation, or none (0), was answered. */
    void answered(long probeOf) {
        answered++;
        if (probeOf != 0 && probeOf == generation && state == CircuitState.HALF_OPEN) {
            probesUnderWay--;
        }
        check(true, "");
    }

    CircuitState state() {
        return state;
    }

    /** The run is over and everything is answered. */
    void finish() {
        check(answered == admitted, "the simulator lost a call");
        CircuitSnapshot snapshot = circuit.snapshot();
        CircuitSnapshot.Counts counts = snapshot.counts();
        long counted = counts.successes().orElse(0) + counts.failures() + counts.ignored() + counts.late();
        check(counted == admitted, admitted + " permits were given, and " + counted + " answers counted");
        long refusals =
                counts.refused().values().stream().mapToLong(Long::longValue).sum();
        check(refusals == refused, refused + " calls were refused, and " + refusals + " refusals counted");
        check(counts.probes() == probes, probes + " probes were admitted, and " + counts.probes() + " counted");
        check(snapshot.probesUnderWay() == 0, "a probe is under way although every call was answered");
        check(snapshot.callsInFlight().orElse(0) == 0, "calls are in flight although every call was answered");
        check(counts.lostEvents() == 0, "events were lost");
    }

    private void check(boolean holds, String otherwise) {
        String what = broken != null ? broken : otherwise;
        if (broken != null || !holds) {
            throw new InvariantException(
                    circuit.name() + ", after "
                            + Duration.ofNanos(ticker.nanos()).toMillis() + " ms: " + what,
                    settingsText);
        }
    }
}
