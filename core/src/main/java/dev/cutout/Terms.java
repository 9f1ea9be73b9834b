package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * What holds for a breaker whatever its state: what people said (settings and hold), and the calls in flight. Immutable;
 * handed from generation to generation. Breakers that nobody holds and whose calls in flight are not limited share that of their settings.
 *
 * @param settings the numbers
 * @param hold the hold in force, if any
 * @param inFlight the calls in flight, if they are limited
 */
record Terms(
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

    /** The terms of a breaker of this name, with no hold and no calls in flight. */
    static Terms of(String circuit, CircuitSettings settings) {
        return settings.mostInFlight() == 0 ? settings.terms() : new Terms(settings, null, new InFlight(circuit));
    }

    /** With other settings. Calls in flight stay counted as long as they are limited at all. */
    Terms with(String circuit, CircuitSettings changed) {
        Terms fresh = of(circuit, changed);
        boolean stillLimited = fresh.inFlight != null && inFlight != null;
        return new Terms(changed, hold, stillLimited ? inFlight : fresh.inFlight);
    }

    Terms with(@Nullable HoldInForce placed) {
        return new Terms(settings, placed, inFlight);
    }

    /** With the calls in flight forgotten, as a reset wants it: the way out where permits were lost. */
    Terms forgettingCallsInFlight(String circuit) {
        return of(circuit, settings).with(hold);
    }

    boolean isHeld(Hold.Kind kind) {
        return hold != null && hold.hold().kind() == kind;
    }
}
