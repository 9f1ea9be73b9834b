package dev.cutout.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.Answer;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSnapshot;
import dev.cutout.CircuitState;
import dev.cutout.Mode;
import dev.cutout.Refusal;
import dev.cutout.Scenario;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stories of core: the meters say what the breaker counts, and change nothing. */
class ScenariosTest {
    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void theMetersSayWhatTheBreakerCounts(Scenario scenario) {
        Metered metered = new Metered();

        scenario.play(metered);

        CircuitSnapshot seen = metered.circuit.snapshot();
        CircuitSnapshot.Counts counts = seen.counts();
        MeterRegistry meters = metered.meters;
        assertThat(count(meters, "calls", "outcome", "success"))
                .isEqualTo(counts.successes().orElseThrow());
        assertThat(count(meters, "calls", "outcome", "failure")).isEqualTo(counts.failures());
        assertThat(count(meters, "calls", "outcome", "ignored")).isEqualTo(counts.ignored());
        assertThat(count(meters, "calls", "outcome", "late")).isEqualTo(counts.late());
        assertThat(count(meters, "calls", "outcome", "shadowed")).isEqualTo(counts.shadowed());
        assertThat(count(meters, "slow.calls")).isEqualTo(counts.slow());
        assertThat(count(meters, "probes")).isEqualTo(counts.probes());
        assertThat(count(meters, "lost.events")).isEqualTo(counts.lostEvents());
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            assertThat(count(meters, "refusals", "reason", tag(reason)))
                    .as("%s", reason)
                    .isEqualTo(counts.refused().getOrDefault(reason, 0L));
        }
        assertThat(meters.find("cutout.circuit.transitions").functionCounters().stream()
                        .mapToLong(counter -> (long) counter.count())
                        .sum())
                .isEqualTo(seen.generation() - 1);
        counts.transitions()
                .forEach((transition, times) -> assertThat(count(
                                meters, "transitions", "from", tag(transition.from()), "to", tag(transition.to())))
                        .as("%s", transition)
                        .isEqualTo(times));
        for (CircuitState state : CircuitState.values()) {
            assertThat(counter(meters, "state.time", "state", tag(state)))
                    .isEqualTo(counts.timeIn().get(state).toMillis() / 1e3);
            assertThat(meters.get("cutout.circuit.state")
                            .tags("state", tag(state))
                            .gauge()
                            .value())
                    .isEqualTo(state == seen.state() ? 1 : 0);
        }
    }

    private static long count(MeterRegistry meters, String name, String... tags) {
        return (long) counter(meters, name, tags);
    }

    private static double counter(MeterRegistry meters, String name, String... tags) {
        return meters.get("cutout.circuit." + name).tags(tags).functionCounter().count();
    }

    private static String tag(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /** Plain calls, of a breaker that is bound when its first call comes, and read after each. */
    private static final class Metered implements Mode {
        final MeterRegistry meters = new SimpleMeterRegistry();
        CircuitBreaker circuit;

        @Override
        public Object got(CircuitBreaker called, Answer answer) {
            if (circuit == null) {
                circuit = called;
                new CircuitBreakerMetrics(called).bindTo(meters);
            }
            try {
                return called.call(answer::give);
            } catch (Throwable thrown) {
                return thrown;
            } finally {
                meters.getMeters()
                        .forEach(meter -> meter.measure()
                                .forEach(each -> assertThat(each.getValue()).isNotNaN()));
            }
        }
    }
}
