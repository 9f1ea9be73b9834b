package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.simulate.Guard;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Calls through one guard, one after the other, under a clock that stands still until {@link #after}. */
final class Calls {
    private final Guard guard;

    /** Begins below zero and soon passes it, as a ticker may. */
    private long nanos = -Duration.ofSeconds(7).toNanos();

    /** Where chance is nothing but zeros, every second of the clock begins with a second of the test. */
    Calls(Guard.Kind kind) {
        this(kind, () -> 0);
    }

    Calls(Guard.Kind kind, RandomGenerator random) {
        guard = kind.guard("one", () -> nanos, random);
    }

    static Calls of(String peer) {
        return new Calls(Peers.named(peer));
    }

    Calls after(Duration time) {
        nanos += time.toNanos();
        return this;
    }

    Calls afterSeconds(long seconds) {
        return after(Duration.ofSeconds(seconds));
    }

    Calls afterMillis(long millis) {
        return after(Duration.ofMillis(millis));
    }

    /** Sends a call, which must be admitted, and does not answer it yet. */
    Guard.Attempt send() {
        Guard.Attempt attempt = guard.ask();
        assertThat(attempt).as("an admitted call").isNotNull();
        return attempt;
    }

    Calls succeed(int calls) {
        for (int i = 0; i < calls; i++) {
            send().succeeded();
        }
        return this;
    }

    Calls fail(int calls) {
        for (int i = 0; i < calls; i++) {
            fail(send());
        }
        return this;
    }

    static void fail(Guard.Attempt attempt) {
        attempt.failed(new SocketTimeoutException("no answer in time"));
    }

    Calls areRefused() {
        assertThat(guard.ask()).as("a refused call").isNull();
        return this;
    }

    /** How many of so many calls are admitted; those admitted succeed. */
    int admittedOf(int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            Guard.Attempt attempt = guard.ask();
            if (attempt != null) {
                attempt.succeeded();
                admitted++;
            }
        }
        return admitted;
    }
}
