package dev.cutout;

import java.time.Duration;
import java.util.Optional;

/**
 * Thrown instead of making a call that the circuit does not permit.
 *
 * <p>It is cheap, because it is thrown most when there is least to spare: no stack trace, no cause, no suppressed
 * exceptions, and a message that is built when someone reads it. It has no cause on purpose: the failure that opened the
 * circuit happened to another caller, and must neither leak into this caller's logs nor be retried as if it were its own.
 */
public final class CallNotPermittedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Shared by many exceptions; {@link #refusedAt} is what is this one's own. */
    private final Refusal refusal;

    private final long refusedAt;

    CallNotPermittedException(Refusal refusal) {
        super(null, null, false, false);
        this.refusal = refusal;
        this.refusedAt = refusal.asked();
    }

    /** The name of the circuit that refused. */
    public String circuit() {
        return refusal.circuit();
    }

    /** Why the call was refused. */
    public Refusal.Reason reason() {
        return refusal.reason();
    }

    /** As {@link Refusal#retryAfter()}, counted from the moment of this refusal. */
    public Optional<Duration> retryAfter() {
        return refusal.retryAfter(refusedAt);
    }

    /** The class of the failure that opened the circuit, as {@link Refusal#openedBy()}. */
    public Optional<Class<?>> openedBy() {
        return refusal.openedBy();
    }

    /** How long the circuit had been open when it refused this call. Empty if it was not open. */
    public Optional<Duration> openFor() {
        return refusal.openFor(refusedAt);
    }

    @Override
    public String getMessage() {
        return refusal.sentence(refusedAt);
    }
}
