package dev.cutout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is open and finds out at its own pace whether the dependency is back: {@code wait adaptive}.
 *
 * <h2>How is it designed, and why?</h2>
 *
 * A probe that fails costs a call, a recovery noticed late costs all calls until then. With an outage of {@code n} calls so far, which will last
 * about as long again for all anybody knows, the sum is least with {@code 2 sqrt(n)} calls between probes: soon after a blip, seldom in a long
 * outage, and with no rate, delay or factor to choose. Jitter of a quarter keeps instances that opened together apart.
 *
 * <p>A probe that has not failed after several times as long as failures take has probably found the dependency well, so the next one need not
 * wait for its answer: calls that take ten seconds would take a minute else to end an outage of refusals.
 *
 * <p>The calls are counted by the counter of refusals, which is written anyway, so that waiting costs a refused call nothing.
 */
final class Probing extends Leased {
    /** Calls between probes, times the root of the calls so far. At half of it regret is a fifth more in the usual worlds, at double a tenth more in unlike ones. */
    private static final double GAP = 2;

    /** Failures answer within this; a probe that took this many times as long is doing well. */
    private static final int TIMES_A_FAILURE = 3;

    /** Less says nothing about a probe that is under way. */
    static final long LEAST_PATIENCE = Duration.ofMillis(100).toNanos();

    /** Scheduled probes under way at once. */
    private static final int MOST_AT_ONCE = 8;
    /** Probes under way at once, those included that follow one that is doing well. */
    private static final int MOST_FOLLOWING = 64;

    final CircuitEvent.Opened opening;
    private final Past past;
    /** The one that is going on. */
    private final Trouble trouble;

    private final int admitted;
    /** Ticker reading of the last probe, or of the opening. */
    private final long probed;
    /** Calls refused by the open circuit before this stay. */
    private final long refusedBefore;
    /** The next probe is due when so many calls were asked for since the trouble began. */
    private final double dueAtCall;
    /** No probe before this ticker reading: a server asked for it. The same as {@link #probed} if none did. */
    private final long notBefore;
    /** The longest that a failure took, in nanoseconds. */
    private final long longestFailure;

    /** Ticker reading at which the next probe can be expected, if calls come as they did. */
    private final long due;

    private final Refusal refusal;

    private Probing(
            Generation of,
            Terms terms,
            @Nullable Announcement news,
            CircuitSettings plan,
            List<Lease> leases,
            int lapsed,
            CircuitEvent.Opened opening,
            Past past,
            Trouble trouble,
            int admitted,
            long probed,
            long refusedBefore,
            double dueAtCall,
            long notBefore,
            long longestFailure) {
        super(of, terms, opening.generation(), opening.nanos(), news, plan, leases, lapsed);
        this.opening = opening;
        this.past = past;
        this.trouble = trouble;
        this.admitted = admitted;
        this.probed = probed;
        this.refusedBefore = refusedBefore;
        this.dueAtCall = dueAtCall;
        this.notBefore = notBefore;
        this.longestFailure = longestFailure;
        this.due = expected();
        this.refusal = Refusal.until(due, name(), Refusal.Reason.OPEN, opening, since);
    }

    /** Opened by evidence, of which {@code because} was the last. */
    static Probing opened(
            Generation before, String evidence, @Nullable Object because, Past past, int lapsed, long now) {
        Terms terms = before.terms;
        Trouble trouble = Trouble.showing(past, now);
        CircuitSettings plan = terms.settings();
        long hint = before.circuit.hintOf(because);
        long gap = Math.max(plan.firstWait().toNanos(), hint);
        CircuitEvent.Opened opening = before.opening(now, evidence, because, Optional.of(Duration.ofNanos(gap)));
        return new Probing(
                before,
                terms,
                Announcement.after(before.news, opening),
                plan,
                List.of(),
                lapsed,
                opening,
                past,
                trouble,
                0,
                now,
                before.circuit.refusedOpen(),
                trouble.calls() + 1.0,
                now + hint,
                0);
    }

    /** Open, with other settings or no longer held: the next call is a probe. */
    static Probing from(Open open, Terms terms, long now, @Nullable Announcement news) {
        return new Probing(
                open,
                terms,
                news,
                terms.settings(),
                List.of(),
                open.lapsed(),
                open.opening,
                open.past,
                Trouble.showing(open.past, now),
                0,
                now - terms.settings().firstWait().toNanos(),
                open.circuit.refusedOpen(),
                0,
                now,
                0);
    }

    @Override
    CircuitState state() {
        return CircuitState.OPEN;
    }

    /** Calls asked for since the trouble began. */
    private long calls() {
        return trouble.calls() + circuit.refusedOpen() - refusedBefore + admitted;
    }

    // ---- admission

    @Override
    Admission admit(long now, Readiness readiness) {
        if (isDue(now) && readiness.mayProbe(now - due, due - probed)) {
            int id = admitted + 1;
            long calls = calls() + 1;
            double jitter = circuit.random().get().nextLong(750, 1251) / 1000.0;
            double next = calls + GAP * Math.sqrt(calls + 0.25) * jitter;
            Lease lease = Lease.of(id, now, plan.lease(0, lapsed));
            return new Grant.Probe(with(and(lease), lapsed, id, now, next, notBefore, longestFailure), id, now);
        }
        return isObserving() ? Grant.Shadow.SHADOW : refusal.at(now);
    }

    private boolean isDue(long now) {
        if (now - notBefore < 0) {
            return false;
        }
        long pause = now - probed;
        boolean scheduled =
                calls() + 1 >= dueAtCall && pause >= plan.firstWait().toNanos();
        boolean overlong = pause >= plan.longestWait().toNanos();
        if (scheduled || overlong) {
            return leases.size() < MOST_AT_ONCE;
        }
        return !leases.isEmpty() && leases.size() < MOST_FOLLOWING && pause > patience();
    }

    /** How long the latest probe must have been under way to be doing well. For ever, while no failure has shown how long they take. */
    private long patience() {
        return longestFailure == 0 ? Long.MAX_VALUE : Math.max(LEAST_PATIENCE, TIMES_A_FAILURE * longestFailure);
    }

    /** When the next probe can be expected, if calls come as they did. */
    private long expected() {
        long passed = Math.max(1, probed - trouble.began());
        long calls = Math.max(1, calls());
        double left = Math.max(0, dueAtCall - calls) * ((double) passed / calls);
        long gap =
                Math.min(plan.longestWait().toNanos(), Math.max(plan.firstWait().toNanos(), (long) left));
        long due = probed + gap;
        return due - notBefore > 0 ? due : notBefore;
    }

    // ---- answers

    @Override
    Generation answered(int id, Outcome outcome, boolean slow, @Nullable Object because, long now) {
        Lease lease =
                leases.stream().filter(probe -> probe.id() == id).findFirst().orElseThrow();
        List<Lease> rest = without(id);
        if (outcome == Outcome.IGNORED) { // the probe is given back: another call may be it
            return with(rest, lapsed, admitted, probed, 0, notBefore, longestFailure);
        }
        long took = Math.max(1, now - lease.admitted());
        if (outcome == Outcome.SUCCESS && !isTooSlow(slow)) {
            return Ramp.after(this, past, trouble.seen(now, calls()), took, longestFailure, now);
        }
        long hint = outcome == Outcome.FAILURE ? circuit.hintOf(because) : 0;
        return with(
                rest,
                lapsed,
                admitted,
                probed,
                dueAtCall,
                hint > 0 ? now + hint : notBefore,
                Math.max(longestFailure, took));
    }

    @Override
    Generation lapsed(Lease lost) {
        return with(
                without(lost.id()),
                lapsed + 1,
                admitted,
                probed,
                dueAtCall,
                notBefore,
                Math.max(longestFailure, lost.length()));
    }

    /** How many probes it took so far, in words. */
    String probes() {
        return admitted + (admitted == 1 ? " probe" : " probes");
    }

    // ---- orders

    @Override
    Probing with(Terms changed, @Nullable Announcement told) {
        return new Probing(
                this,
                changed,
                told,
                plan,
                leases,
                lapsed,
                opening,
                past,
                trouble,
                admitted,
                probed,
                refusedBefore,
                dueAtCall,
                notBefore,
                longestFailure);
    }

    private Probing with(
            List<Lease> leases,
            int lapsed,
            int admitted,
            long probed,
            double dueAtCall,
            long notBefore,
            long longestFailure) {
        return new Probing(
                this,
                terms,
                news,
                plan,
                leases,
                lapsed,
                opening,
                past,
                trouble,
                admitted,
                probed,
                refusedBefore,
                dueAtCall,
                notBefore,
                longestFailure);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        Announcement told = toldOf(settings, now);
        Terms changed = terms.with(name(), settings);
        if (!settings.isWaitAdaptive()) {
            long wait = settings.drawWait(0, circuit.random());
            return Open.of(this, changed, opening, past.with(trouble).waiting(0, wait), since + wait, lapsed, told);
        }
        return new Probing(
                this,
                changed,
                told,
                settings,
                leases,
                lapsed,
                opening,
                past,
                trouble,
                admitted,
                probed,
                refusedBefore,
                dueAtCall,
                notBefore,
                longestFailure);
    }

    Open heldOpen(Terms held, Announcement told) {
        return Open.of(this, held, opening, past.with(trouble), since, lapsed, told);
    }

    // ---- what can be seen of it

    @Override
    Optional<CircuitEvent.Opened> opening() {
        return Optional.of(opening);
    }

    @Override
    Optional<Duration> probeDue(long now) {
        return Optional.of(Duration.ofNanos(due - now));
    }

    @Override
    long lastAsked() {
        return refusal.asked();
    }
}
