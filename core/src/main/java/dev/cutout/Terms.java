package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * What holds for a breaker whatever its state: what people said (settings and hold), and the calls in flight. Immutable;
 * handed from generation to generation.
 *
 * @param circuit whose terms these are
 * @param settings the numbers
 * @param hold the hold in force, if any
 * @param inFlight the calls in flight, if they are limited
 */
record Terms(
        CircuitBreaker circuit,
        CircuitSettings settings,
        @Nullable HoldInForce hold,
        @Nullable InFlight inFlight) {

    /** A hold and, if it ends by itself, the ticker reading at which it does. */
    record HoldInForce(Hold hold, boolean ends, long end) {
        static HoldInForce from(long now, Hold hold) {
            return new HoldInForce(
                    hold,
                    hold.length().isPresent(),
                    hold.length().map(length -> now + length.toNanos()).orElse(0L));
        }

        boolean isOver(long now) {
            return ends && now - end >= 0;
        }
    }

    static Terms of(CircuitBreaker circuit, CircuitSettings settings) {
        return new Terms(circuit, settings, null, null).with(settings);
    }

    /** With other settings. Calls in flight stay counted as long as they are limited at all. */
    Terms with(CircuitSettings changed) {
        boolean limited = changed.limit().isPresent();
        InFlight counted = !limited ? null : inFlight == null ? new InFlight(circuit.name()) : inFlight;
        return new Terms(circuit, changed, hold, counted);
    }

    Terms with(@Nullable HoldInForce placed) {
        return new Terms(circuit, settings, placed, inFlight);
    }

    /** With the calls in flight forgotten, as a reset wants it: the way out where permits were lost. */
    Terms forgettingCallsInFlight() {
        return new Terms(circuit, settings, hold, null).with(settings);
    }

    boolean isHeld(Hold.Kind kind) {
        return hold != null && hold.hold().kind() == kind;
    }
}
