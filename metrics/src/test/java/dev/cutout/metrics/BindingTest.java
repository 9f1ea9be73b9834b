package dev.cutout.metrics;

import static dev.cutout.metrics.Outage.fail;
import static dev.cutout.metrics.Outage.refuse;
import static dev.cutout.metrics.Outage.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What binding does, once, twice and undone. */
class BindingTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    /** Not announced as the live one of its name: some tests want two. */
    private static CircuitBreaker circuit(String name) {
        return CircuitBreaker.builder(name).countSuccesses().build();
    }

    private static double failures(MeterRegistry in, String circuit) {
        return in.get("cutout.circuit.calls")
                .tags("circuit", circuit, "outcome", "failure")
                .functionCounter()
                .count();
    }

    @Test
    void twiceIsOnce() {
        CircuitBreaker circuit = circuit("twice");
        CircuitBreakerMetrics metrics = new CircuitBreakerMetrics(circuit);
        metrics.bindTo(meters);
        int once = meters.getMeters().size();

        metrics.bindTo(meters);
        new CircuitBreakerMetrics(List.of(circuit, circuit)).bindTo(meters);
        fail(circuit, 2);

        assertThat(meters.getMeters()).hasSize(once);
        assertThat(failures(meters, "twice")).isEqualTo(2);
    }

    @Test
    void goesOnWhileOneOfTwoIsLeft() {
        CircuitBreaker circuit = circuit("two binders");
        CircuitBreakerMetrics first = new CircuitBreakerMetrics(circuit);
        CircuitBreakerMetrics second = new CircuitBreakerMetrics(circuit);
        first.bindTo(meters);
        second.bindTo(meters);
        int bound = meters.getMeters().size();

        first.close();
        first.close();
        fail(circuit, 1);
        assertThat(meters.getMeters()).hasSize(bound);
        assertThat(failures(meters, "two binders")).isEqualTo(1);

        second.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void canBeUndoneAndDoneAgain() {
        CircuitBreaker circuit = circuit("again");
        CircuitBreakerMetrics metrics = new CircuitBreakerMetrics(circuit);
        metrics.bindTo(meters);
        fail(circuit, 2);
        metrics.close();
        assertThat(meters.getMeters()).isEmpty();

        metrics.bindTo(meters);
        assertThat(failures(meters, "again")).isEqualTo(2);
    }

    @Test
    void bringsBackWhatTheRegistryWasClearedOf() {
        CircuitBreaker circuit = circuit("cleared");
        CircuitBreakerMetrics metrics = new CircuitBreakerMetrics(circuit);
        metrics.bindTo(meters);
        int bound = meters.getMeters().size();
        meters.clear();

        metrics.bindTo(meters);

        assertThat(meters.getMeters()).hasSize(bound);
    }

    @Test
    void addsUpBreakersOfOneName() {
        CircuitBreaker one = circuit("same");
        CircuitBreaker two = circuit("same");
        new CircuitBreakerMetrics(one).bindTo(meters);
        fail(one, 5);
        new CircuitBreakerMetrics(two).bindTo(meters);
        fail(two, 2);

        assertThat(failures(meters, "same")).isEqualTo(7);
        assertThat(state("same", "open")).isEqualTo(1);
        assertThat(state("same", "closed")).isEqualTo(1);
        assertThat(meters.get("cutout.circuit.suspicion").gauge().value()).isEqualTo(1);

        fail(two, 3); // seen when the sum is a second old
        clock.add(Duration.ofSeconds(1));
        assertThat(failures(meters, "same")).isEqualTo(10);
        assertThat(state("same", "open")).isEqualTo(2);
    }

    private double state(String circuit, String state) {
        return meters.get("cutout.circuit.state")
                .tags("circuit", circuit, "state", state)
                .gauge()
                .value();
    }

    @Test
    void showsSuccessesAndLimitsWhereTheyAreCounted() {
        new CircuitBreakerMetrics(CircuitBreaker.of("plain")).bindTo(meters);
        assertThat(meters.find("cutout.circuit.calls").tag("outcome", "success").meter())
                .isNull();
        assertThat(meters.find("cutout.circuit.calls.in.flight").meter()).isNull();

        CircuitBreaker counted = circuit("counted");
        new CircuitBreakerMetrics(counted).bindTo(meters);
        succeed(counted, 3);
        assertThat(meters.get("cutout.circuit.calls")
                        .tag("outcome", "success")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
    }

    /** A limit that came by a change of settings is shown from the second reading of the meters on. */
    @Test
    void noticesALimitThatComesLater() {
        CircuitBreaker circuit = circuit("limited later");
        new CircuitBreakerMetrics(circuit).bindTo(meters);
        circuit.reconfigure(CircuitSettings.parse("limit 2"));
        meters.getMeters()
                .forEach(meter -> meter.measure()
                        .forEach(each -> assertThat(each.getValue()).isNotNaN()));

        circuit.acquire();
        circuit.acquire();
        refuse(circuit, 1);

        assertThat(meters.get("cutout.circuit.calls.in.flight").gauge().value()).isEqualTo(2);
        assertThat(meters.get("cutout.circuit.calls.limit").gauge().value()).isEqualTo(2);

        circuit.reconfigure(CircuitSettings.classic());
        meters.getMeters()
                .forEach(meter -> meter.measure()
                        .forEach(each -> assertThat(each.getValue()).isNotNaN()));
        assertThat(meters.find("cutout.circuit.calls.limit").meter()).isNull();
    }

    /** Micrometer holds what a gauge reads by a weak reference: a breaker that only its meters know must not turn into NaN. */
    @Test
    void keepsWhatItShowsFromBeingCollected() {
        bindAndForget();
        collectGarbage();

        assertThat(failures(meters, "forgotten")).isEqualTo(5);
        assertThat(state("forgotten", "open")).isEqualTo(1);
        meters.getMeters()
                .forEach(meter -> meter.measure()
                        .forEach(each -> assertThat(each.getValue())
                                .as("%s", meter.getId())
                                .isNotNaN()));
    }

    private void bindAndForget() {
        CircuitBreaker circuit = circuit("forgotten");
        new CircuitBreakerMetrics(circuit).bindTo(meters);
        fail(circuit, 5);
    }

    /** Until what is collectable at all has been collected. */
    private static void collectGarbage() {
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        while (!garbage.refersTo(null)) {
            System.gc();
        }
    }

    @Test
    void keepsNoRegistryAlive() {
        WeakReference<MeterRegistry> registry = boundAndForgotten(circuit("of a short-lived registry"));
        collectGarbage();

        assertThat(registry.refersTo(null)).isTrue();
    }

    private static WeakReference<MeterRegistry> boundAndForgotten(CircuitBreaker circuit) {
        MeterRegistry registry = new SimpleMeterRegistry();
        new CircuitBreakerMetrics(circuit).bindTo(registry);
        return new WeakReference<>(registry);
    }

    @Test
    void worksInACompositeWhosePartsComeLater() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        CircuitBreaker circuit = circuit("composed");
        new CircuitBreakerMetrics(circuit).bindTo(composite);
        fail(circuit, 2);
        composite.add(meters);

        assertThat(failures(meters, "composed")).isEqualTo(2);
        assertThat(state("composed", "closed")).isEqualTo(1);
    }

    @Test
    void readingChangesNothing() {
        CircuitBreaker circuit = circuit("read");
        new CircuitBreakerMetrics(circuit).bindTo(meters);
        fail(circuit, 3);
        CircuitSnapshot.Counts before = circuit.snapshot().counts();
        meters.getMeters()
                .forEach(meter -> meter.measure()
                        .forEach(each -> assertThat(each.getValue()).isNotNaN()));

        CircuitSnapshot.Counts after = circuit.snapshot().counts();
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("timeIn") // which goes on
                .isEqualTo(before);
    }
}
