package dev.cutout.metrics;

import static dev.cutout.metrics.Outage.fail;
import static dev.cutout.metrics.Outage.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cutout.CircuitBreakerRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Breakers that come and go with keys that strangers may choose. */
class KeyedTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private CircuitBreakerRegistry<String> registry(int size) {
        return CircuitBreakerRegistry.<String>builder()
                .maximumSize(size)
                .countSuccesses()
                .build();
    }

    private double failures(String circuit) {
        return meters.get("cutout.circuit.calls")
                .tags("circuit", circuit, "outcome", "failure")
                .functionCounter()
                .count();
    }

    private double open(String circuit) {
        return meters.get("cutout.circuit.state")
                .tags("circuit", circuit, "state", "open")
                .gauge()
                .value();
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        meters.getMeters().forEach(meter -> names.add(meter.getId().getTag("circuit")));
        return names;
    }

    @Test
    void areShownFromTheirCreationOn() {
        CircuitBreakerRegistry<String> hosts = registry(10);
        fail(hosts.get("early"), 2);
        new CircuitBreakerMetrics(hosts).bindTo(meters);
        fail(hosts.get("a"), 5);

        assertThat(names()).containsExactly("a", "early");
        assertThat(failures("early")).isEqualTo(2);
        assertThat(open("a")).isEqualTo(1);
    }

    @Test
    void takeTheirLevelsAlongAndLeaveWhatTheyCounted() {
        CircuitBreakerRegistry<String> hosts = registry(10);
        new CircuitBreakerMetrics(hosts).bindTo(meters);
        fail(hosts.get("a"), 5);
        hosts.remove("a");

        assertThat(meters.find("cutout.circuit.state").meters()).isEmpty();
        assertThat(failures("a")).isEqualTo(5);

        fail(hosts.get("a"), 2); // another one of that name
        assertThat(open("a")).isZero();
        assertThat(failures("a")).isEqualTo(7);
    }

    @Test
    void areShownTogetherBeyondTheHundredthName() {
        CircuitBreakerRegistry<String> hosts = registry(1_000);
        new CircuitBreakerMetrics(hosts).bindTo(meters);
        for (int i = 0; i < 150; i++) {
            fail(hosts.get("host" + i), 5);
        }

        assertThat(names()).hasSize(101).contains("host0", "host99", "other").doesNotContain("host100");
        assertThat(failures("other")).isEqualTo(250);
        assertThat(open("other")).isEqualTo(50);
    }

    @Test
    void canBeNamedAndLimitedOtherwise() {
        CircuitBreakerRegistry<String> hosts = registry(1_000);
        CircuitNames names = CircuitNames.atMost(2).by(host -> host.endsWith(".internal") ? host : "internet");
        new CircuitBreakerMetrics(hosts, names).bindTo(meters);
        for (String host : new String[] {"x.example", "a.internal", "y.example", "b.internal"}) {
            fail(hosts.get(host), 1);
        }

        assertThat(names()).containsExactly("a.internal", "internet", "other");
        assertThat(failures("internet")).isEqualTo(2);
    }

    @Test
    void areOtherWhereTheNamingFailsOrSaysNothing() {
        assertThat(CircuitNames.atMost(0).of("a")).isEqualTo("other");
        assertThat(CircuitNames.atMost(9).by(host -> null).of("a")).isEqualTo("other");
        assertThat(CircuitNames.atMost(9)
                        .by(host -> {
                            throw new IllegalStateException(host);
                        })
                        .of("a"))
                .isEqualTo("other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitNames.atMost(-1))
                .withMessage(
                        "The number of circuits shown by name must be 0 to 100000, not -1. Each has some forty time series.");
    }

    @Test
    void timersGoByTheSameNames() {
        CircuitNames names = CircuitNames.atMost(1);
        CircuitBreakerRegistry<String> hosts = CircuitBreakerRegistry.<String>builder()
                .onAnswer(new CallTimers(meters, names))
                .build();
        new CircuitBreakerMetrics(hosts, names).bindTo(meters);
        succeed(hosts.get("a"), 1);
        succeed(hosts.get("b"), 2);
        succeed(hosts.get("c"), 3);

        assertThat(names()).containsExactly("a", "other");
        assertThat(meters.get("cutout.circuit.call.duration")
                        .tags("circuit", "other", "outcome", "success")
                        .timer()
                        .count())
                .isEqualTo(5);
    }

    /** Nobody agreed on names: both take those of the registry that the meters are in, even if it is quiet in between. */
    @Test
    void timersGoByTheSameNamesWhenNothingIsSaid() {
        CallTimers timers = new CallTimers(meters);
        for (int i = 0; i < 100; i++) {
            timers.apply("taken" + i);
        }
        System.gc();
        CircuitBreakerRegistry<String> hosts =
                CircuitBreakerRegistry.<String>builder().onAnswer(timers).build();
        new CircuitBreakerMetrics(hosts).bindTo(meters);
        succeed(hosts.get("a"), 1);

        assertThat(names()).doesNotContain("a").contains("other");
    }

    @Test
    void twoRegistriesShareTheirOthers() {
        CircuitBreakerRegistry<String> hosts = registry(10);
        CircuitBreakerRegistry<String> tenants = registry(10);
        CircuitNames nobody = CircuitNames.atMost(0);
        new CircuitBreakerMetrics(hosts, nobody).bindTo(meters);
        new CircuitBreakerMetrics(tenants, nobody).bindTo(meters);
        fail(hosts.get("a"), 1);
        fail(tenants.get("b"), 2);

        assertThat(failures("other")).isEqualTo(3);
    }

    @Test
    void stopsListeningWhenClosed() {
        CircuitBreakerRegistry<String> hosts = registry(10);
        CircuitBreakerMetrics metrics = new CircuitBreakerMetrics(hosts);
        metrics.bindTo(meters);
        hosts.get("a");
        hosts.get("gone");
        hosts.remove("gone");
        metrics.close();
        hosts.get("b");

        assertThat(meters.getMeters()).isEmpty();
    }

    /** Ten thousand strangers: the meters stay as many as they were, what was counted is all there, and no breaker is held. */
    @Test
    void tenThousandLeaveABoundedNumberOfMetersAndNothingBehind() {
        CircuitBreakerRegistry<String> hosts = registry(50);
        CircuitBreakerMetrics metrics = new CircuitBreakerMetrics(hosts);
        metrics.bindTo(meters);
        WeakReference<?> first = new WeakReference<>(hosts.get("stranger0"));
        int most = 0;
        for (int i = 0; i < 10_000; i++) {
            fail(hosts.get("stranger" + i), 1);
            most = Math.max(most, meters.getMeters().size());
        }
        clock.add(Duration.ofSeconds(1));

        int perCircuit = Meters.COUNTERS.size() + Meters.LIMITS;
        assertThat(hosts.evictions()).isEqualTo(9_950);
        assertThat(most).isLessThanOrEqualTo(101 * perCircuit);
        assertThat(names()).hasSize(101);
        assertThat(meters.find("cutout.circuit.calls").tag("outcome", "failure").functionCounters().stream()
                        .mapToDouble(FunctionCounter::count)
                        .sum())
                .isEqualTo(10_000);
        while (!first.refersTo(null)) {
            System.gc();
        }
        assertThat(open("other")).isZero();

        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    /** While breakers of few names come and go by the thousand, no reading of a counter is below the one before. */
    @Test
    void countersNeverGoBackWhateverComesAndGoes() throws InterruptedException {
        CircuitBreakerRegistry<String> hosts = registry(3);
        new CircuitBreakerMetrics(hosts, CircuitNames.atMost(4)).bindTo(meters);
        ExecutorService callers = Executors.newFixedThreadPool(2);
        CountDownLatch done = new CountDownLatch(2);
        for (int thread = 0; thread < 2; thread++) {
            callers.execute(() -> {
                for (int i = 0; i < 20_000; i++) {
                    // one that is evicted before it answers is not counted, so there may be fewer; never more
                    hosts.get("host" + i % 8).acquire().ignore();
                }
                done.countDown();
            });
        }
        Map<Meter.Id, Double> before = new HashMap<>();
        do {
            clock.add(Duration.ofSeconds(1));
            meters.find("cutout.circuit.calls").functionCounters().forEach(counter -> {
                double now = counter.count();
                assertThat(now).isGreaterThanOrEqualTo(before.getOrDefault(counter.getId(), 0.0));
                before.put(counter.getId(), now);
            });
        } while (!done.await(0, TimeUnit.SECONDS));
        callers.shutdown();
        assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        clock.add(Duration.ofSeconds(1));

        assertThat(meters.find("cutout.circuit.calls").tag("outcome", "ignored").functionCounters().stream()
                        .mapToDouble(FunctionCounter::count)
                        .sum())
                .isBetween(1.0, 40_000.0);
    }
}
