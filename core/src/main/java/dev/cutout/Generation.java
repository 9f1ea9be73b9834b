package dev.cutout;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stay in one state, with everything that dies with it.
 *
 * <h2>How is it designed, and why?</h2>
 *
 * A breaker has one mutable reference, to its generation, and one method that changes it, by compare-and-set. Generations are
 * immutable, so they only <em>decide</em>: asked for a call, told an answer or an order, they return the generation that should come
 * next, and the breaker tries to install it. If another thread was faster, the question is put to its generation instead. So each
 * transition is made by exactly one thread, however many see the reason for it; half-open admits exactly its probes; and there is no
 * moment at which a state and its data disagree.
 *
 * <p>The one exception is the {@link Window} of a {@link Closed} generation, which counts answers in place: a healthy call must not
 * replace anything. A window that has died with its generation can be written to and nobody will look.
 *
 * <p>A new stay has the next {@link #number}. What changes within a stay (a probe admitted or answered, a hold placed, settings
 * changed) makes a new object with the same number. An answer belongs to the stay that admitted its call: if the number is
 * another by now, the answer is late and decides nothing.
 *
 * <p>Nothing here waits for a timer. What time brings (a lapsed probe, the end of a hold) is worked out by {@link #overdue} from a
 * reading of the clock: installed by whoever calls next, only looked at by whoever merely reads.
 */
abstract sealed class Generation permits Closed, Open, Leased, Ramp {
    final CircuitBreaker circuit;
    final Terms terms;
    /** Counts the stays of a breaker from 1, without gaps. */
    final long number;
    /** Ticker reading at which the stay began. */
    final long since;
    /** The newest event of the breaker, at the end of the chain of those not delivered yet. */
    final @Nullable Announcement news;

    Generation(CircuitBreaker circuit, Terms terms, long number, long since, @Nullable Announcement news) {
        this.circuit = circuit;
        this.terms = terms;
        this.number = number;
        this.since = since;
        this.news = news;
    }

    abstract CircuitState state();

    /**
     * Decides on one call. Nothing may be overdue.
     *
     * @param readiness how ready this call is to find out for the others; if it is not, it is refused where it would be a probe
     */
    abstract Admission admit(long now, Readiness readiness);

    /** This stay, under other terms. */
    abstract Generation with(Terms changed, @Nullable Announcement news);

    /** This stay, under other settings. */
    abstract Generation reconfigured(CircuitSettings settings, long now);

    /** The generation that time alone has brought since; null if none. To be asked again of the answer. */
    @Nullable Generation overdue(long now) {
        Terms.HoldInForce hold = terms.hold();
        return hold != null && hold.isOver(now) ? released(hold, hold.end(), false) : null;
    }

    /** After a hold was placed, in place of another if there is one. */
    final Generation held(Hold hold, long now) {
        Generation free = released(now);
        Terms held = free.terms.with(Terms.HoldInForce.from(now, hold));
        Announcement told = Announcement.after(free.news, new CircuitEvent.HoldPlaced(name(), number, now, hold));
        return free.heldAs(hold, held, now, told);
    }

    private Generation heldAs(Hold hold, Terms held, long now, Announcement told) {
        return switch (hold.kind()) {
            case OPEN ->
                this instanceof Open
                        ? with(held, told)
                        : this instanceof Probing probing
                                ? probing.heldOpen(held, told)
                                : Open.held(this, held, hold, now, told);
            case CLOSED ->
                this instanceof Closed
                        ? with(held, told)
                        : Closed.after(this, held, now, hold.toString(), Past.NONE, told);
            case OBSERVING -> with(held, told);
        };
    }

    /** After the hold was lifted; this, if there is none. */
    final Generation released(long now) {
        Terms.HoldInForce hold = terms.hold();
        return hold == null ? this : released(hold, now, true);
    }

    private Generation released(Terms.HoldInForce hold, long at, boolean lifted) {
        Announcement told =
                Announcement.after(news, new CircuitEvent.HoldEnded(name(), number, at, hold.hold(), lifted));
        Terms free = terms.with((Terms.HoldInForce) null);
        boolean wasHeldOpen = hold.hold().kind() == Hold.Kind.OPEN;
        return wasHeldOpen && this instanceof Open open ? open.probingFrom(at, free, told) : with(free, told);
    }

    /** A fresh closed generation; one that is held open stays open and forgets what was before. */
    final Generation reset(long now) {
        Terms fresh = terms.forgettingCallsInFlight(name());
        return terms.isHeld(Hold.Kind.OPEN) && this instanceof Open open
                ? open.forgetting(fresh)
                : Closed.after(this, fresh, now, "reset", Past.NONE, news);
    }

    // ---- what can be seen of it

    /** The event that opened the circuit; empty if it is closed, or has not been open before this. */
    Optional<CircuitEvent.Opened> opening() {
        return Optional.empty();
    }

    /** What has been seen in this stay, in words and numbers. */
    String findings(long now) {
        return "";
    }

    /** How near opening is, 0 to 1. */
    double suspicion(long now) {
        return 1;
    }

    /** When the next probe is or was due, seen from now; empty where none is waited for. */
    Optional<Duration> probeDue(long now) {
        return Optional.empty();
    }

    int probesUnderWay() {
        return 0;
    }

    /** Ticker reading of the latest refusal, or of the beginning if nobody was refused yet. */
    long lastAsked() {
        return since;
    }

    final String name() {
        return circuit.name();
    }

    final boolean isObserving() {
        return terms.isHeld(Hold.Kind.OBSERVING);
    }

    /** The news of other settings, which every state tells alike. */
    final Announcement toldOf(CircuitSettings settings, long now) {
        return Announcement.after(news, new CircuitEvent.Reconfigured(name(), number, now, terms.settings(), settings));
    }

    /** A wait that was drawn, or as long as the failure asks for, if that is longer. */
    private long waitAfter(@Nullable Object because, long drawn) {
        return Math.max(drawn, circuit.hintOf(because));
    }

    /**
     * Opens, as the settings say.
     *
     * @param step how often the circuit has opened in a row before, and {@code drawn} the wait for that, where waits are not adaptive
     */
    final Generation opens(
            String evidence, @Nullable Object because, Past past, int step, long drawn, int lapsed, long now) {
        if (terms.settings().isWaitAdaptive()) {
            return Probing.opened(this, evidence, because, past, lapsed, now);
        }
        long wait = waitAfter(because, drawn);
        CircuitEvent.Opened opening = opening(now, evidence, because, Optional.of(Duration.ofNanos(wait)));
        return Open.waiting(this, opening, past.waiting(step, wait), lapsed, Announcement.after(news, opening));
    }

    /** The event of an opening, after which {@code because} was the last of the evidence. */
    final CircuitEvent.Opened opening(long at, String evidence, @Nullable Object because, Optional<Duration> probeIn) {
        Optional<Throwable> failure = because instanceof Throwable thrown ? Optional.of(thrown) : Optional.empty();
        Optional<Class<?>> failureClass = Optional.ofNullable(because).map(Generation::classOf);
        return new CircuitEvent.Opened(name(), number + 1, at, state(), evidence, failure, failureClass, probeIn);
    }

    /** What a failure is called: an exception without its wrappers, or a result, by its class. */
    static String nameOf(Object failure) {
        return classOf(failure).getName();
    }

    static Class<?> classOf(Object failure) {
        return failure instanceof Throwable thrown ? Classifier.unwrap(thrown).getClass() : failure.getClass();
    }
}
