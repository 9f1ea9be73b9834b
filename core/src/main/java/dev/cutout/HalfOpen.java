package dev.cutout;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is half-open after a wait: a few probes are under way or answered, and the rest is refused, until the verdict is certain.
 */
final class HalfOpen extends Leased {
    final CircuitEvent.Opened opening;

    private final int admitted;
    private final int good;
    private final int bad;
    /** The wait before these probes. */
    private final Past past;
    /** The wait if they fail. Drawn beforehand, so that merely reading a lapsed state draws nothing. */
    private final long nextWait;

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
        super(of, terms, of.number, of.since, news, of.plan, leases, lapsed);
        this.opening = of.opening;
        this.admitted = admitted;
        this.good = good;
        this.bad = bad;
        this.past = of.past;
        this.nextWait = nextWait;
        this.refusal = refusal();
    }

    private HalfOpen(Open open, long now, Announcement news) {
        super(
                open,
                open.terms,
                open.number + 1,
                now,
                news,
                open.terms.settings(),
                List.of(Lease.of(1, now, open.terms.settings().lease(open.past.waited(), open.lapsed()))),
                open.lapsed());
        this.opening = open.opening;
        this.admitted = 1;
        this.good = 0;
        this.bad = 0;
        this.past = open.past;
        this.nextWait = plan.drawWait(past.step() + 1, circuit.random());
        this.refusal = refusal();
    }

    private Refusal refusal() {
        return Refusal.until(firstDeadline, name(), Refusal.Reason.PROBES_TAKEN, opening, since);
    }

    /** The wait is over and a call is there: it becomes the first probe. */
    static Grant.Probe firstProbe(Open open, long now) {
        CircuitEvent.HalfOpened event = new CircuitEvent.HalfOpened(
                open.name(), open.number + 1, now, CircuitState.OPEN, "a probe is under way");
        return new Grant.Probe(new HalfOpen(open, now, Announcement.after(open.news, event)), 1, now);
    }

    @Override
    CircuitState state() {
        return CircuitState.HALF_OPEN;
    }

    @Override
    Admission admit(long now, Readiness readiness) {
        if (readiness.mayProbe(now - since, past.waited()) && leases.size() + good + bad < plan.probes()) {
            int id = admitted + 1;
            List<Lease> more = and(Lease.of(id, now, plan.lease(past.waited(), lapsed)));
            return new Grant.Probe(with(more, id, good, bad, lapsed), id, now);
        }
        return isObserving() ? Grant.Shadow.SHADOW : refusal.at(now);
    }

    @Override
    Generation answered(int id, Outcome outcome, boolean slow, @Nullable Object because, long now) {
        List<Lease> rest = without(id);
        if (outcome == Outcome.IGNORED) {
            return with(rest, admitted, good, bad, lapsed); // the probe is given back: another call may be it
        }
        if (outcome == Outcome.SUCCESS && !isTooSlow(slow)) {
            return with(rest, admitted, good + 1, bad, lapsed).verdict(now, "", because);
        }
        String what = outcome == Outcome.SUCCESS ? "too slow" : "a result";
        return with(rest, admitted, good, bad + 1, lapsed)
                .verdict(now, what, outcome == Outcome.SUCCESS ? null : because);
    }

    @Override
    Generation lapsed(Lease lost) {
        return with(without(lost.id()), admitted, good, bad + 1, lapsed + 1)
                .verdict(lost.deadline(), notAnswered(lost), null);
    }

    /** Closed or open as soon as that is certain; else this. What went wrong is {@code because}, or {@code what} where that is null. */
    private Generation verdict(long now, String what, @Nullable Object because) {
        if (good >= plan.probesNeeded()) {
            String evidence =
                    plan.probes() == 1 ? "the probe succeeded" : good + " of " + (good + bad) + " probes succeeded";
            return Closed.after(this, terms, now, evidence, past, news);
        }
        if (bad > plan.probes() - plan.probesNeeded()) {
            String failed = plan.probes() == 1
                    ? "the probe failed: "
                    : bad + " of " + (good + bad) + " probes failed, the last ";
            String evidence = failed + (because == null ? what : Generation.nameOf(because));
            return opens(evidence, because, past, past.step() + 1, nextWait, lapsed, now);
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
        long changed = settings.drawWait(past.step() + 1, circuit.random());
        return new HalfOpen(this, terms.with(name(), settings), changed, told);
    }

    @Override
    Optional<CircuitEvent.Opened> opening() {
        return Optional.of(opening);
    }

    @Override
    long lastAsked() {
        return refusal.asked();
    }
}
