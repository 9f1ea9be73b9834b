package dev.cutout;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is open: calls are refused until the next probe is due. The first call after that is the probe; until then the
 * state reads open, however long nobody calls.
 */
final class Open extends Generation {
    final CircuitEvent.Opened opening;
    /** The wait before the next probe. */
    final Past past;
    /** Ticker reading at which the next probe is due; has no meaning while held open. */
    private final long due;
    /** How many probes lapsed since the circuit was last closed, so how far the lease has grown. */
    private final int lapsed;
    /** Shared by all refusals of this object, so that a refusal allocates nothing. */
    private final Refusal refusal;

    private Open(
            CircuitBreaker circuit,
            Terms terms,
            CircuitEvent.Opened opening,
            Past past,
            long due,
            int lapsed,
            @Nullable Announcement news) {
        super(circuit, terms, opening.generation(), opening.nanos(), news);
        this.opening = opening;
        this.past = past;
        this.due = due;
        this.lapsed = lapsed;
        this.refusal = isHeldOpen()
                ? Refusal.indefinite(name(), Refusal.Reason.HELD, opening, since)
                : Refusal.until(due, name(), Refusal.Reason.OPEN, opening, since);
    }

    /** Opened by evidence: refuses for the wait. */
    static Open waiting(Generation before, CircuitEvent.Opened opening, Past past, int lapsed, Announcement news) {
        long due = opening.nanos() + past.waited();
        return new Open(before.circuit, before.terms, opening, past, due, lapsed, news);
    }

    /** Opened by a person, from another state. */
    static Open held(Generation before, Terms held, Hold hold, long now, Announcement news) {
        CircuitEvent.Opened opening = before.opening(now, hold.toString(), null, Optional.empty());
        Past first = Past.NONE.waiting(0, held.settings().drawWait(0, before.circuit.random()));
        return new Open(before.circuit, held, opening, first, now, 0, Announcement.after(news, opening));
    }

    /** Open already, by other means: the same stay. */
    static Open of(
            Probing probing,
            Terms terms,
            CircuitEvent.Opened opening,
            Past past,
            long due,
            int lapsed,
            Announcement news) {
        return new Open(probing.circuit, terms, opening, past, due, lapsed, news);
    }

    @Override
    CircuitState state() {
        return CircuitState.OPEN;
    }

    /** Whether nobody holds the circuit, so that the time alone decides. */
    boolean isFree() {
        return terms.hold() == null;
    }

    /** What a circuit that is {@linkplain #isFree free} answers; null if a probe is due. */
    @Nullable Refusal refusal(long now) {
        return now - due < 0 ? refusal.at(now) : null;
    }

    @Override
    Admission admit(long now, Readiness readiness) {
        if (!isHeldOpen() && now - due >= 0 && readiness.mayProbe(now - due, past.waited())) {
            return HalfOpen.firstProbe(this, now);
        }
        return isObserving() ? Grant.Shadow.SHADOW : refusal.at(now);
    }

    /** After a hold: the next call is a probe. */
    Generation probingFrom(long now, Terms free, Announcement told) {
        if (free.settings().isWaitAdaptive()) {
            return Probing.from(this, free, now, told);
        }
        return new Open(circuit, free, opening, past, now, lapsed, told);
    }

    /** Still held open, with nothing known of what was before. */
    Open forgetting(Terms fresh) {
        return new Open(circuit, fresh, opening, Past.NONE.waiting(0, past.waited()), due, 0, news);
    }

    @Override
    Open with(Terms changed, @Nullable Announcement told) {
        return new Open(circuit, changed, opening, past, due, lapsed, told);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        Announcement told = toldOf(settings, now);
        if (settings.isWaitAdaptive() && !isHeldOpen()) {
            return Probing.from(this, terms.with(name(), settings), now, told);
        }
        long changed = settings.drawWait(past.step(), circuit.random());
        boolean sooner = since + changed - due < 0;
        return new Open(
                circuit,
                terms.with(name(), settings),
                opening,
                sooner ? past.waiting(past.step(), changed) : past,
                sooner ? since + changed : due,
                lapsed,
                told);
    }

    boolean isHeldOpen() {
        return terms.isHeld(Hold.Kind.OPEN);
    }

    @Override
    Optional<CircuitEvent.Opened> opening() {
        return Optional.of(opening);
    }

    @Override
    Optional<Duration> probeDue(long now) {
        return isHeldOpen() ? Optional.empty() : Optional.of(Duration.ofNanos(due - now));
    }

    @Override
    long lastAsked() {
        return refusal.asked();
    }

    int lapsed() {
        return lapsed;
    }
}
