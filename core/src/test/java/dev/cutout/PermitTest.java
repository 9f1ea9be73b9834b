package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A permit that is given back is as good as never asked for. */
class PermitTest {
    private final HandWoundTicker ticker = new HandWoundTicker();

    @Test
    void givenBackNothingIsCountedAndItsPlaceIsFree() {
        CircuitBreaker circuit = circuit("limit 1");
        PlayedCalls.fail(circuit, 4);

        Permit permit = circuit.acquire();
        assertThat(circuit.tryAcquire()).isNull();
        permit.giveBack();
        permit.failure(new PlayedCalls.Outage()); // an answer too many
        permit.close();

        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        assertThat(Scenario.inWords(circuit.snapshot().counts()))
                .isEqualTo("0 good, 4 bad, 0 ignored, 0 probes, refused {LIMIT=1}");
        PlayedCalls.fail(circuit);
        assertThat(circuit.state()).as("the streak goes on").isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aProbeGivenBackLetsTheNextOneGo() {
        CircuitBreaker circuit = circuit("classic");
        PlayedCalls.fail(circuit, 5);
        ticker.advanceSeconds(30);

        circuit.acquire().giveBack();

        Permit next = Objects.requireNonNull(circuit.tryAcquire());
        assertThat(next.isProbe()).isTrue();
        next.success();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void givenBackAfterItsAnswerItDoesNothing() {
        CircuitBreaker circuit = circuit("limit 1");
        Permit permit = circuit.acquire();
        permit.success();
        Permit next = circuit.acquire();

        permit.giveBack();

        assertThat(circuit.snapshot().callsInFlight()).hasValue(1);
        next.success();
    }

    private CircuitBreaker circuit(String settings) {
        return CircuitBreaker.builder("given back")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .countSuccesses()
                .buildUnannounced();
    }
}
