package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Each rule is seen when it is broken. The breaker is told nothing; what it is said to have done is made up. */
class InvariantsTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final CircuitBreaker circuit = CircuitBreaker.builder("made up")
            .settings(CircuitSettings.parse("wait 5s"))
            .ticker(now::get)
            .countSuccesses()
            .build();
    private final Invariants invariants = new Invariants(circuit, now::get);
    private final long first = circuit.snapshot().generation();

    private void opened(long generation, CircuitState from) {
        invariants.happened(new CircuitEvent.Opened(
                "made up",
                generation,
                now.get(),
                from,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(5))));
    }

    private void broken(Runnable step, String what) {
        assertThatThrownBy(step::run).isInstanceOf(InvariantException.class).hasMessageContaining(what);
    }

    @Test
    void aGapBetweenGenerations() {
        opened(first + 2, CircuitState.CLOSED);

        broken(() -> invariants.answered(0), "generation " + (first + 2) + " follows generation " + first);
    }

    @Test
    void aChangeFromAnotherState() {
        opened(first + 1, CircuitState.HALF_OPEN);

        broken(() -> invariants.answered(0), "a change from HALF_OPEN while CLOSED");
    }

    @Test
    void anEventOfTheFuture() {
        now.set(-SECOND);
        opened(first + 1, CircuitState.CLOSED);

        broken(() -> invariants.answered(0), "an event of another time than now");
    }

    @Test
    void aRefusalWhileClosed() {
        broken(invariants::refused, "refused while closed");
    }

    @Test
    void anAdmissionWhileOpen() {
        opened(first + 1, CircuitState.CLOSED);
        now.set(4 * SECOND);

        broken(() -> invariants.admitted(CircuitState.OPEN), "admitted before a probe was due");
    }

    @Test
    void anAdmissionThatIsNoProbe() {
        opened(first + 1, CircuitState.CLOSED);
        now.set(5 * SECOND);

        broken(() -> invariants.admitted(CircuitState.OPEN), "admitted while OPEN, and not as a probe");
    }

    @Test
    void refusalsWithoutEnd() {
        opened(first + 1, CircuitState.CLOSED);
        now.set(10 * SECOND);
        assertThatCode(invariants::refused).doesNotThrowAnyException();
        now.incrementAndGet();

        broken(invariants::refused, "stuck open");
    }

    @Test
    void refusalsHalfOpenWithoutAProbe() {
        opened(first + 1, CircuitState.CLOSED);
        invariants.happened(new CircuitEvent.HalfOpened("made up", first + 2, now.get(), CircuitState.OPEN, "made up"));

        broken(invariants::refused, "stuck half-open");
    }

    @Test
    void aProbeWithoutEnd() {
        opened(first + 1, CircuitState.CLOSED);
        now.set(5 * SECOND);
        invariants.happened(new CircuitEvent.HalfOpened("made up", first + 2, now.get(), CircuitState.OPEN, "made up"));
        broken(
                () -> invariants.admitted(CircuitState.OPEN),
                "not as a probe"); // the made-up one is not in the counters
        now.set(10 * SECOND - 1);
        assertThatCode(invariants::refused).doesNotThrowAnyException();
        now.incrementAndGet();

        broken(invariants::refused, "a probe has outlived its lease");
    }

    @Test
    void aPermitThatIsNotAccountedFor() {
        invariants.admitted(CircuitState.CLOSED);
        invariants.answered(0);

        broken(invariants::finish, "1 permits were given, and 0 answers counted");
    }

    @Test
    void theMessageHasTheCommandThatShowsItAgain() {
        World world = World.parse("outage 5s");
        InvariantException e = new InvariantException("what", "wait 5s").in(world, 42);

        assertThat(e.getMessage().lines())
                .containsExactly("what", "cutout simulate --world \"" + world + "\" --settings \"wait 5s\" --seed 42");
    }
}
