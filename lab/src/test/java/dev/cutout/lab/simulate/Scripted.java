package dev.cutout.lab.simulate;

import dev.cutout.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A guard that refuses at given times, and writes down what it is told and when, in milliseconds. */
final class Scripted implements Guard.Kind {
    final List<String> told = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<Long> asked = new ArrayList<>();
    private final LongPredicate refusesAtMillis;

    Scripted(LongPredicate refusesAtMillis) {
        this.refusesAtMillis = refusesAtMillis;
    }

    /** One that admits everything. */
    Scripted() {
        this(at -> false);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Guard guard(String instance, Ticker ticker, RandomGenerator random) {
        return new Guard() {
            @Override
            public @Nullable Attempt ask() {
                asked.add(ticker.nanos() / 1_000_000);
                return refusesAtMillis.test(ticker.nanos() / 1_000_000) ? null : new Answers(ticker);
            }
        };
    }

    private final class Answers implements Guard.Attempt {
        private final Ticker ticker;

        Answers(Ticker ticker) {
            this.ticker = ticker;
        }

        @Override
        public void succeeded() {
            told.add("good " + ticker.nanos() / 1_000_000);
        }

        @Override
        public void failed(Throwable because) {
            told.add(because.getMessage() + " " + ticker.nanos() / 1_000_000);
            failures.add(because);
        }
    }
}
