package dev.cutout;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is closed: calls pass, and their answers are counted until the trip rule is satisfied. It is itself the grant of the calls
 * it admits.
 */
final class Closed extends Generation implements Grant {
    final TripRule rule;
    /** Counts in place; see its class for who writes it and how. The only mutable part of any generation. */
    final Window window;
    /** How often the circuit had opened in a row when it closed last: how far the wait has grown. */
    private final int step;
    /** The last wait, in nanoseconds. Closed for as long, the growth is forgotten. */
    private final long lastWait;

    // What the healthy path asks on every call, worked out once.

    /** Counts the calls in flight, if they are limited: as in the terms, one step nearer. */
    final @Nullable InFlight inFlight;
    /** How many they may be; 0 if they are not limited. */
    private final int limit;
    /** Admits every call without a look at anything else: no limit, and no hold that could end. */
    final boolean admitsAll;
    /** Whether calls are timed from the permit, so that slow ones are known. */
    final boolean timed;
    /** Whether counting a success takes a reading of the clock. */
    final boolean clocked;
    /** In nanoseconds; {@link Long#MAX_VALUE} for none. */
    final long slowNanos;

    private Closed(
            Terms terms, long number, long since, Window window, int step, long lastWait, @Nullable Announcement news) {
        super(terms, number, since, news);
        CircuitSettings settings = terms.settings();
        this.rule = settings.trip();
        this.window = window;
        this.step = step;
        this.lastWait = lastWait;
        Terms.HoldInForce hold = terms.hold();
        this.inFlight = terms.inFlight();
        this.limit = settings.limit().orElse(0);
        this.admitsAll = inFlight == null && (hold == null || !hold.ends());
        this.slowNanos = settings.slowNanos();
        this.timed = slowNanos != Long.MAX_VALUE || terms.circuit().timesCalls();
        this.clocked = timed || rule.clocksSuccesses();
    }

    /** The first generation of a breaker. */
    static Closed first(Terms terms, long now) {
        return new Closed(terms, 1, now, emptyWindow(terms, now), 0, 0, null);
    }

    /** A new stay after {@code before}; {@code step} and {@code lastWait} say how far the wait has grown. */
    static Closed after(
            Generation before,
            Terms terms,
            long now,
            String evidence,
            int step,
            long lastWait,
            @Nullable Announcement news) {
        long number = before.number + 1;
        Announcement told = Announcement.after(
                news, new CircuitEvent.Closed(before.circuit(), number, now, before.state(), evidence));
        return new Closed(terms, number, now, emptyWindow(terms, now), step, lastWait, told);
    }

    private static Window emptyWindow(Terms terms, long now) {
        return terms.settings().trip().windowKind().fresh(now);
    }

    @Override
    CircuitState state() {
        return CircuitState.CLOSED;
    }

    @Override
    Admission admit(long now) {
        return admit();
    }

    /** Decides on one call without the clock. */
    Admission admit() {
        if (inFlight == null || inFlight.enter(limit)) {
            return this;
        }
        return isObserving() ? Grant.Shadow.SHADOW : inFlight.refusal();
    }

    /** Opens: the rule is satisfied, and {@code because} was the last of the evidence. */
    Open tripped(long now, @Nullable Object because) {
        boolean calmed = lastWait == 0 || now - since >= lastWait;
        int grown = calmed ? 0 : step + 1;
        CircuitSettings settings = terms.settings();
        long wait = waitAfter(because, settings.drawWait(grown, terms.circuit().random()));
        String last = because == null ? "" : ", the last " + nameOf(because);
        CircuitEvent.Opened opening =
                opening(now, rule.findings(window, now) + last, because, Optional.of(Duration.ofNanos(wait)));
        return Open.waiting(terms, opening, wait, grown, 0, Announcement.after(news, opening));
    }

    /** Whether a hold is in force that ends by itself, so that admission needs the clock. */
    boolean isHoldTimed() {
        Terms.HoldInForce hold = terms.hold();
        return hold != null && hold.ends();
    }

    boolean isHeldClosed() {
        return terms.isHeld(Hold.Kind.CLOSED);
    }

    @Override
    Closed with(Terms changed, @Nullable Announcement told) {
        return new Closed(changed, number, since, window, step, lastWait, told);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        Announcement told = toldOf(settings, now);
        Window kept = settings.trip().windowKind().from(window, now);
        return new Closed(terms.with(settings), number, since, kept, step, lastWait, told);
    }
}
