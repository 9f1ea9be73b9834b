package dev.cutout;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not permitted.
 *
 * <p>A refusal is the cheap, frequent answer of an open circuit, so one object is shared by all refusals of the same kind
 * within a generation and nothing is allocated. Its times are those of the latest refusal: read them in the
 * {@link Fallback}, and do not keep the object. {@link CallNotPermittedException} keeps the times of its own refusal.
 * Thread-safe.
 */
public final class Refusal implements Admission, Serializable {
    /** The reasons for which a call can be refused. */
    public enum Reason {
        /** The circuit is open and the next probe is not due yet. */
        OPEN,
        /** The circuit is half-open and all its probes are under way. */
        PROBES_TAKEN,
        /** The circuit is recovering and lets only a growing share of the calls through. Given by later versions. */
        RAMP,
        /** As many calls are in flight as the settings allow ({@code limit 200}). */
        LIMIT,
        /** A person holds the circuit open. */
        HELD
    }

    private static final long serialVersionUID = 1L;

    private static final VarHandle ASKED;

    static {
        try {
            ASKED = MethodHandles.lookup().findVarHandle(Refusal.class, "asked", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String circuit;
    private final Reason reason;
    private final @Nullable Class<?> openedBy;
    private final boolean isOpen;
    /** Ticker reading at which the circuit opened; meaningless when {@link #isOpen} is false. */
    private final long openedAt;

    /** Ticker reading at which another call may pass; meaningless when {@link #endKnown} is false. */
    private final long end;

    private final boolean endKnown;

    /**
     * Ticker reading of the latest refusal. Written by every refusing thread, opaquely and without order: any recent
     * reading will do, for the times shown to the refused caller and for the registry's choice of the breaker asked least recently.
     */
    @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // read and written through ASKED
    private long asked;

    private Refusal(
            String circuit,
            Reason reason,
            CircuitEvent.@Nullable Opened opening,
            boolean endKnown,
            long end,
            long asked) {
        this.circuit = circuit;
        this.reason = reason;
        this.openedBy = opening == null ? null : opening.failureClass().orElse(null);
        this.isOpen = opening != null;
        this.openedAt = opening == null ? 0 : opening.nanos();
        this.endKnown = endKnown;
        this.end = end;
        this.asked = asked;
    }

    /** A refusal that ends, at the latest, when the ticker reads {@code end}. */
    static Refusal until(long end, String circuit, Reason reason, CircuitEvent.Opened opening, long now) {
        return new Refusal(circuit, reason, opening, true, end, now);
    }

    /** A refusal whose end nobody knows. */
    static Refusal indefinite(String circuit, Reason reason, CircuitEvent.@Nullable Opened opening, long now) {
        return new Refusal(circuit, reason, opening, false, 0, now);
    }

    /** Notes that a call is being refused now. */
    Refusal at(long now) {
        ASKED.setOpaque(this, now);
        return this;
    }

    /** Ticker reading of the latest refusal. */
    long asked() {
        return (long) ASKED.getOpaque(this);
    }

    /** The name of the circuit that refused. */
    public String circuit() {
        return circuit;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /**
     * How long, at most, until another call may be let through, seen from the latest refusal; never negative. With {@link Reason#OPEN} the
     * time to the next probe, with {@link Reason#PROBES_TAKEN} the time by which the probe under way must have answered.
     * Empty when nobody knows: {@link Reason#LIMIT} and {@link Reason#HELD}.
     */
    public Optional<Duration> retryAfter() {
        return retryAfter(asked());
    }

    /**
     * The class of the failure that opened the circuit: of the exception, or of the result that was judged a failure.
     * Empty if the circuit was not opened by a failure. The exception itself is in {@link CircuitEvent.Opened}: another
     * caller's exception must not leak into this caller's logs.
     */
    public Optional<Class<?>> openedBy() {
        return Optional.ofNullable(openedBy);
    }

    /** How long the circuit had been open at the latest refusal. Empty if it is not open. */
    public Optional<Duration> openFor() {
        return openFor(asked());
    }

    Optional<Duration> retryAfter(long now) {
        return endKnown ? Optional.of(Duration.ofNanos(Math.max(0, end - now))) : Optional.empty();
    }

    Optional<Duration> openFor(long now) {
        return isOpen ? Optional.of(Duration.ofNanos(Math.max(0, now - openedAt))) : Optional.empty();
    }

    /** One sentence, as it stands in the message of {@link CallNotPermittedException}. */
    String sentence(long now) {
        StringBuilder text = new StringBuilder("Circuit '").append(circuit).append("' ");
        text.append(
                switch (reason) {
                    case OPEN -> "is open";
                    case PROBES_TAKEN -> "is half-open, its probes are under way";
                    case RAMP -> "is recovering and lets only a share of the calls through";
                    case LIMIT -> "has as many calls in flight as its limit allows";
                    case HELD -> "is held open";
                });
        String by = openedBy().map(type -> " by " + type.getName()).orElse("");
        openFor(now)
                .ifPresent(time -> text.append(" (opened ")
                        .append(DurationText.brief(time))
                        .append(" ago")
                        .append(by)
                        .append(')'));
        String next = reason == Reason.PROBES_TAKEN ? "; their verdict is due within " : "; next probe in ";
        retryAfter(now).ifPresent(time -> text.append(next).append(DurationText.brief(time)));
        return text.toString();
    }

    /** One sentence for people. */
    @Override
    public String toString() {
        return sentence(asked());
    }
}
