package dev.cutout;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person's override of a circuit, with the reason, the actor and the end they gave. Immutable.
 *
 * <p>A hold is separate from the state. It survives until it is {@linkplain CircuitBreaker#release() lifted} or ends, and is
 * shown wherever the state is shown.
 *
 * <pre>{@code
 * payments.hold(Hold.open().because("vendor maintenance").by("ana").until(Duration.ofHours(2)));
 * }</pre>
 */
public final class Hold {
    /** What a hold does. */
    public enum Kind {
        /** Every call is refused and nothing counts. Lifted, the circuit resumes at probing, never straight at closed. */
        OPEN,
        /** Calls pass and are counted, and the circuit does not trip. Lifted, the next answer is judged as usual. */
        CLOSED,
        /**
         * The circuit judges and reports as usual, but refuses nothing. Only calls that it would have admitted count, so
         * its decisions are those it would have made.
         */
        OBSERVING
    }

    private final Kind kind;
    private final @Nullable String reason;
    private final @Nullable String actor;
    private final @Nullable Duration length;

    private Hold(Kind kind, @Nullable String reason, @Nullable String actor, @Nullable Duration length) {
        this.kind = kind;
        this.reason = reason;
        this.actor = actor;
        this.length = length;
    }

    /** Refuses every call. */
    public static Hold open() {
        return new Hold(Kind.OPEN, null, null, null);
    }

    /** Lets every call pass, however many fail. A limit on calls in flight still holds. */
    public static Hold closed() {
        return new Hold(Kind.CLOSED, null, null, null);
    }

    /** Judges and reports, but never refuses: how to try a circuit in production. */
    public static Hold observing() {
        return new Hold(Kind.OBSERVING, null, null, null);
    }

    /** This hold with the reason for it. Default: none. */
    public Hold because(String reason) {
        return new Hold(kind, Objects.requireNonNull(reason, "reason"), actor, length);
    }

    /** This hold with the person or program that placed it. Default: none. */
    public Hold by(String actor) {
        return new Hold(kind, reason, Objects.requireNonNull(actor, "actor"), length);
    }

    /**
     * This hold with an end, counted from the moment it is placed. Default: it lasts until it is lifted.
     *
     * @throws IllegalArgumentException if the length is not positive or longer than 8,760 hours
     */
    public Hold until(Duration length) {
        if (length.isNegative() || length.isZero() || length.compareTo(CircuitSettings.LONGEST) > 0) {
            throw new IllegalArgumentException("A hold lasts more than 0 and at most 8760h, not " + length
                    + ". Leave the end out to hold until released.");
        }
        return new Hold(kind, reason, actor, length);
    }

    /** What the hold does. */
    public Kind kind() {
        return kind;
    }

    /** Why it was placed, if someone said. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Who placed it, if someone said. */
    public Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    /** How long it lasts from the moment it is placed; empty if until it is lifted. */
    public Optional<Duration> length() {
        return Optional.ofNullable(length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hold that
                && kind == that.kind
                && Objects.equals(reason, that.reason)
                && Objects.equals(actor, that.actor)
                && Objects.equals(length, that.length);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, reason, actor, length);
    }

    /** For example {@code held open by ana for 2 h: vendor maintenance}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                switch (kind) {
                    case OPEN -> "held open";
                    case CLOSED -> "held closed";
                    case OBSERVING -> "observing";
                });
        if (actor != null) {
            text.append(" by ").append(actor);
        }
        if (length != null) {
            text.append(" for ").append(DurationText.brief(length));
        }
        return reason == null
                ? text.toString()
                : text.append(": ").append(reason).toString();
    }
}
