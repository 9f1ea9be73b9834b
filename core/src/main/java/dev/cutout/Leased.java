package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stay in which probes are under way, each with a lease.
 *
 * <p>A probe that is not answered by its deadline has failed, whatever becomes of it later. So a probe that is lost can never keep the circuit
 * where it is. Immutable: each probe admitted and each answer makes a new object, which is affordable because there are few and makes
 * their number exact.
 */
abstract sealed class Leased extends Generation permits HalfOpen, Probing {
    /** A probe under way, the ticker reading by which it must have answered, and how long that was, in nanoseconds. */
    record Lease(int id, long deadline, long length) {
        static Lease of(int id, long now, long length) {
            return new Lease(id, now + length, length);
        }

        long admitted() {
            return deadline - length;
        }
    }

    /** The settings by which these probes are judged. */
    final CircuitSettings plan;

    final List<Lease> leases;
    /** How many probes lapsed since the circuit was last closed, so how far the lease has grown. */
    final int lapsed;
    /** Ticker reading at which the first probe under way lapses; worked out once, since every call that is refused looks at it. */
    final long firstDeadline;

    Leased(
            Generation of,
            Terms terms,
            long number,
            long since,
            @Nullable Announcement news,
            CircuitSettings plan,
            List<Lease> leases,
            int lapsed) {
        super(of.circuit, terms, number, since, news);
        this.plan = plan;
        this.leases = leases;
        this.lapsed = lapsed;
        this.firstDeadline = firstDeadline(leases);
    }

    /** After the answer of a probe that is still under way. */
    abstract Generation answered(int id, Outcome outcome, boolean slow, @Nullable Object because, long now);

    /** After the first probe to lapse, which has failed. */
    abstract Generation lapsed(Lease lost);

    /** Whether this probe is still under way. */
    final boolean awaits(int id) {
        return leases.stream().anyMatch(probe -> probe.id() == id);
    }

    final List<Lease> without(int id) {
        return leases.stream().filter(probe -> probe.id() != id).toList();
    }

    final List<Lease> and(Lease lease) {
        List<Lease> more = new ArrayList<>(leases);
        more.add(lease);
        return List.copyOf(more);
    }

    /** Whether this answer is as bad as a failure. */
    final boolean isTooSlow(boolean slow) {
        return slow && plan.trip().judgesSlowness();
    }

    @Override
    final int probesUnderWay() {
        return leases.size();
    }

    @Override
    @Nullable Generation overdue(long now) {
        Terms.HoldInForce hold = terms.hold();
        long deadline = firstDeadline;
        boolean lapsing = !leases.isEmpty() && now - deadline >= 0;
        boolean holdFirst = hold != null && hold.isOver(now) && hold.end() - deadline < 0;
        if (!lapsing || holdFirst) {
            return super.overdue(now);
        }
        Lease lost = leases.stream()
                .filter(probe -> probe.deadline() == deadline)
                .findFirst()
                .orElseThrow();
        return lapsed(lost);
    }

    static String notAnswered(Lease lost) {
        return "not answered within " + DurationText.brief(Duration.ofNanos(lost.length()));
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
}
