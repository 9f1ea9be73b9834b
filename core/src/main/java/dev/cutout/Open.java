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
    /** The wait that was drawn, in nanoseconds. */
    private final long wait;
    /** Ticker reading at which the next probe is due; has no meaning while held open. */
    private final long due;
    /** How often the circuit opened in a row before this, so how far the wait has grown. */
    private final int step;
    /** How many probes lapsed since the circuit was last closed, so how far the lease has grown. */
    private final int lapsed;
    /** Shared by all refusals of this object, so that a refusal allocates nothing. */
    private final Refusal refusal;

    private Open(
            Terms terms,
            CircuitEvent.Opened opening,
            long wait,
            long due,
            int step,
            int lapsed,
            @Nullable Announcement news) {
        super(terms, opening.generation(), opening.nanos(), news);
        this.opening = opening;
        this.wait = wait;
        this.due = due;
        this.step = step;
        this.lapsed = lapsed;
        this.refusal = isHeldOpen()
                ? Refusal.indefinite(circuit(), Refusal.Reason.HELD, opening, since)
                : Refusal.until(due, circuit(), Refusal.Reason.OPEN, opening, since);
    }

    /** Opened by evidence: refuses for the wait. */
    static Open waiting(Terms terms, CircuitEvent.Opened opening, long wait, int step, int lapsed, Announcement news) {
        return new Open(terms, opening, wait, opening.nanos() + wait, step, lapsed, news);
    }

    /** Opened by a person, from another state. */
    static Open held(Generation before, Terms held, Hold hold, long now, Announcement news) {
        CircuitEvent.Opened opening = before.opening(now, hold.toString(), null, Optional.empty());
        long wait = held.settings().drawWait(0, held.circuit().random());
        return new Open(held, opening, wait, now, 0, 0, Announcement.after(news, opening));
    }

    @Override
    CircuitState state() {
        return CircuitState.OPEN;
    }

    @Override
    Admission admit(long now) {
        if (!isHeldOpen() && now - due >= 0) {
            return HalfOpen.firstProbe(this, now);
        }
        return isObserving() ? Grant.Shadow.SHADOW : refusal.at(now);
    }

    /** After a hold: the next call is a probe. */
    Open probingFrom(long now, Terms free, Announcement told) {
        return new Open(free, opening, wait, now, step, lapsed, told);
    }

    /** Still held open, with nothing known of what was before. */
    Open forgetting(Terms fresh) {
        return new Open(fresh, opening, wait, due, 0, 0, news);
    }

    @Override
    Open with(Terms changed, @Nullable Announcement told) {
        return new Open(changed, opening, wait, due, step, lapsed, told);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        Announcement told = toldOf(settings, now);
        long changed = settings.drawWait(step, terms.circuit().random());
        boolean sooner = since + changed - due < 0;
        return new Open(
                terms.with(settings),
                opening,
                sooner ? changed : wait,
                sooner ? since + changed : due,
                step,
                lapsed,
                told);
    }

    boolean isHeldOpen() {
        return terms.isHeld(Hold.Kind.OPEN);
    }

    /** When the next probe is or was due, seen from now; empty while held open. */
    Optional<Duration> probeDue(long now) {
        return isHeldOpen() ? Optional.empty() : Optional.of(Duration.ofNanos(due - now));
    }

    /** Ticker reading of the latest refusal, or of the opening if nobody was refused yet. */
    long lastAsked() {
        return refusal.asked();
    }

    /** The wait before the next probe, in nanoseconds. */
    long waited() {
        return wait;
    }

    int step() {
        return step;
    }

    int lapsed() {
        return lapsed;
    }
}
