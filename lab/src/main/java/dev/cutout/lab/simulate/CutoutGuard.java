package dev.cutout.lab.simulate;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitState;
import dev.cutout.Classifier;
import dev.cutout.Permit;
import dev.cutout.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The production breaker under the virtual clock, with its {@link Invariants} checked at every step. */
public final class CutoutGuard implements Stateful {
    private static final Classifier CLASSIFIER =
            Classifier.standard().retryAfter(BusyException.class, busy -> Optional.of(busy.retryAfter()));

    private final CircuitBreaker circuit;
    private final Invariants invariants;
    private final List<CircuitEvent> events = new ArrayList<>();

    private CutoutGuard(String instance, CircuitSettings settings, Ticker ticker, RandomGenerator random) {
        // by a registry of its own: the names of breakers made one by one must differ, and every run has a "client-1"
        circuit = CircuitBreakerRegistry.<String>builder()
                .maximumSize(1)
                .settings(settings)
                .classifier(CLASSIFIER)
                .ticker(ticker)
                .random(() -> random)
                .countSuccesses()
                .build()
                .get(instance);
        invariants = new Invariants(circuit, ticker);
        circuit.onEvent(event -> {
            invariants.happened(event);
            events.add(event);
        });
    }

    /** The kind of guard that is a breaker with these settings. Its name is {@code cutout} and the settings line. */
    public static Guard.Kind with(CircuitSettings settings) {
        return new Guard.Kind() {
            @Override
            public String name() {
                return "cutout " + settings;
            }

            @Override
            public Guard guard(String instance, Ticker ticker, RandomGenerator random) {
                return new CutoutGuard(instance, settings, ticker, random);
            }
        };
    }

    @Override
    public @Nullable Attempt ask() {
        CircuitState before = invariants.state();
        Permit permit = circuit.tryAcquire();
        if (permit == null) {
            invariants.refused();
            return null;
        }
        return new Sent(permit, invariants.admitted(before));
    }

    @Override
    public CircuitState state() {
        return circuit.state();
    }

    /** What it told, in order. */
    List<CircuitEvent> events() {
        return events;
    }

    /** Everything is answered: nothing may be left. */
    void finish() {
        invariants.finish();
    }

    private final class Sent implements Attempt {
        private final Permit permit;
        private final long probeOf;

        Sent(Permit permit, long probeOf) {
            this.permit = permit;
            this.probeOf = probeOf;
        }

        @Override
        public void succeeded() {
            invariants.answered(probeOf);
            permit.success();
        }

        @Override
        public void failed(Throwable because) {
            invariants.answered(probeOf);
            permit.failure(because);
        }
    }
}
