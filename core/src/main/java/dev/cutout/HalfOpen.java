package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is half-open: a few probes are under way or answered, and the rest is refused, until the verdict is certain.
 *
 * <p>A probe is a lease: not answered by its deadline, it has failed, whatever becomes of it later. So a probe that is lost can never keep
 * the circuit here. Immutable: each probe admitted and each answer makes a new object, which is affordable because there are few
 * and makes their number exact.
 */
final class HalfOpen extends Generation {
    /** A probe under way, the ticker reading by which it must have answered, and how long that was, in nanoseconds. */
    private record Lease(int id, long deadline, long length) {
        static Lease of(int id, long now, long length) {
            return new Lease(id, now + length, length);
        }
    }

    final CircuitEvent.Opened opening;
    /** The settings when the first probe was admitted: changes count from the next generation. */
    final CircuitSettings plan;

    private final List<Lease> leases;
    private final int admitted;
    private final int good;
    private final int bad;
    /** The wait before these probes. */
    private final Backoff backoff;
    /** The wait if they fail. Drawn beforehand, so that merely reading a lapsed state draws nothing. */
    private final long nextWait;

    private final int lapsed;
    /** Ticker reading at which the first probe under way lapses; worked out once, since every call that is refused looks at it. */
    private final long firstDeadline;

    private final Refusal refusal;

    private HalfOpen(HalfOpen of, Terms terms, long nextWait, @Nullable Announcement news) {
        this(of, terms, of.leases, of.admitted, of.good, of.bad, of.lapsed, nextWait, news);
    }

    private HalfOpen(
            HalfOpen of,
            Terms terms,
            List<Lease> leases,
            int admitted,
            int good,
            int bad,
            int lapsed,
            long nextWait,
            @Nullable Announcement news) {
        super(of.circuit, terms, of.number, of.since, news);
        this.opening = of.opening;
        this.plan = of.plan;
        this.leases = leases;
        this.admitted = admitted;
        this.good = good;
        this.bad = bad;
        this.backoff = of.backoff;
        this.nextWait = nextWait;
        this.lapsed = lapsed;
        this.firstDeadline = firstDeadline(leases);
        this.refusal = refusal();
    }

    private HalfOpen(Open open, long now, Announcement news) {
        super(open.circuit, open.terms, open.number + 1, now, news);
        this.opening = open.opening;
        this.plan = terms.settings();
        this.leases = List.of(Lease.of(1, now, plan.lease(open.backoff.nanos(), open.lapsed())));
        this.admitted = 1;
        this.good = 0;
        this.bad = 0;
        this.backoff = open.backoff;
        this.nextWait = plan.drawWait(backoff.step() + 1, circuit.random());
        this.lapsed = open.lapsed();
        this.firstDeadline = firstDeadline(leases);
        this.refusal = refusal();
    }

    private Refusal refusal() {
        return Refusal.until(firstDeadline, name(), Refusal.Reason.PROBES_TAKEN, opening, since);
    }

    /** The wait is over and a call is there: it becomes the first probe. */
    static Grant.Probe firstProbe(Open open, long now) {
        CircuitEvent.HalfOpened event = new CircuitEvent.HalfOpened(open.name(), open.number + 1, now);
        return new Grant.Probe(new HalfOpen(open, now, Announcement.after(open.news, event)), 1, now);
    }

    @Override
    CircuitState state() {
        return CircuitState.HALF_OPEN;
    }

    @Override
    Admission admit(long now) {
        if (leases.size() + good + bad < plan.probes()) {
            int id = admitted + 1;
            List<Lease> more = new ArrayList<>(leases);
            more.add(Lease.of(id, now, plan.lease(backoff.nanos(), lapsed)));
            return new Grant.Probe(with(List.copyOf(more), id, good, bad, lapsed), id, now);
        }
        return isObserving() ? Grant.Shadow.SHADOW : refusal.at(now);
    }

    /** Whether this probe is still under way. */
    boolean awaits(int id) {
        return leases.stream().anyMatch(probe -> probe.id() == id);
    }

    /** After the answer of a probe that is still under way. */
    Generation answered(int id, Outcome outcome, boolean slow, @Nullable Object because, long now) {
        List<Lease> rest = leases.stream().filter(probe -> probe.id() != id).toList();
        if (outcome == Outcome.IGNORED) {
            return with(rest, admitted, good, bad, lapsed); // the probe is given back: another call may be it
        }
        boolean tooSlow = slow && plan.trip().judgesSlowness();
        if (outcome == Outcome.SUCCESS && !tooSlow) {
            return with(rest, admitted, good + 1, bad, lapsed).verdict(now, "", because);
        }
        String what = outcome == Outcome.SUCCESS ? "too slow" : "a result";
        return with(rest, admitted, good, bad + 1, lapsed)
                .verdict(now, what, outcome == Outcome.SUCCESS ? null : because);
    }

    @Override
    @Nullable Generation overdue(long now) {
        Terms.HoldInForce hold = terms.hold();
        long deadline = firstDeadline;
        boolean lapsing = !leases.isEmpty() && now - deadline >= 0;
        boolean holdFirst = hold != null && hold.isOver(now) && hold.end() - deadline < 0;
        return lapsing && !holdFirst ? lapse(deadline) : super.overdue(now);
    }

    /** The first probe to lapse has failed. */
    private Generation lapse(long deadline) {
        Lease lost = leases.stream()
                .filter(probe -> probe.deadline() == deadline)
                .findFirst()
                .orElseThrow();
        List<Lease> rest =
                leases.stream().filter(probe -> probe.id() != lost.id()).toList();
        String what = "not answered within " + DurationText.brief(Duration.ofNanos(lost.length()));
        return with(rest, admitted, good, bad + 1, lapsed + 1).verdict(deadline, what, null);
    }

    /** Closed or open as soon as that is certain; else this. What went wrong is {@code because}, or {@code what} where that is null. */
    private Generation verdict(long now, String what, @Nullable Object because) {
        if (good >= plan.probesNeeded()) {
            String evidence =
                    plan.probes() == 1 ? "the probe succeeded" : good + " of " + (good + bad) + " probes succeeded";
            return Closed.after(this, terms, now, evidence, backoff, news);
        }
        if (bad > plan.probes() - plan.probesNeeded()) {
            String failed = plan.probes() == 1
                    ? "the probe failed: "
                    : bad + " of " + (good + bad) + " probes failed, the last ";
            String evidence = failed + (because == null ? what : Generation.nameOf(because));
            long next = waitAfter(because, nextWait);
            CircuitEvent.Opened again = opening(now, evidence, because, Optional.of(Duration.ofNanos(next)));
            Backoff grown = new Backoff(backoff.step() + 1, next);
            return Open.waiting(this, again, grown, lapsed, Announcement.after(news, again));
        }
        return this;
    }

    private HalfOpen with(List<Lease> leases, int admitted, int good, int bad, int lapsed) {
        return new HalfOpen(this, terms, leases, admitted, good, bad, lapsed, nextWait, news);
    }

    @Override
    HalfOpen with(Terms changed, @Nullable Announcement told) {
        return new HalfOpen(this, changed, nextWait, told);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        Announcement told = toldOf(settings, now);
        long changed = settings.drawWait(backoff.step() + 1, circuit.random());
        return new HalfOpen(this, terms.with(name(), settings), changed, told);
    }

    /** Ticker reading at which the first probe under way lapses; has no meaning if none is under way. */
    private static long firstDeadline(List<Lease> leases) {
        if (leases.isEmpty()) {
            return 0;
        }
        long first = leases.get(0).deadline();
        for (Lease probe : leases) {
            first = probe.deadline() - first < 0 ? probe.deadline() : first;
        }
        return first;
    }

    int probesUnderWay() {
        return leases.size();
    }

    long lastAsked() {
        return refusal.asked();
    }
}
