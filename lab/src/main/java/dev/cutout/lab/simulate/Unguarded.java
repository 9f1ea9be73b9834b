package dev.cutout.lab.simulate;

import dev.cutout.Ticker;
import java.util.random.RandomGenerator;

/** No breaker at all: everything is sent. */
public final class Unguarded implements Guard.Kind {
    private static final Guard.Attempt ATTEMPT = new Guard.Attempt() {
        @Override
        public void succeeded() {}

        @Override
        public void failed(Throwable because) {}
    };

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Guard guard(String instance, Ticker ticker, RandomGenerator random) {
        return () -> ATTEMPT;
    }
}
