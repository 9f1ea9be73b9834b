package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import java.util.random.RandomGenerator;

/**
 * A circuit breaker to compare with, at certain settings.
 *
 * @param name as it stands in tables
 */
record Peer(String name, Maker maker) implements Guard.Kind {

    /** Makes one guard; no peer asks for the name of the instance. */
    interface Maker {
        Guard guard(Ticker ticker, RandomGenerator random);
    }

    @Override
    public Guard guard(String instance, Ticker ticker, RandomGenerator random) {
        return maker.guard(ticker, random);
    }

    @Override
    public String toString() {
        return name;
    }
}
