package dev.cutout;

import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code limit adaptive}: what queues is held back before it times out. */
class AdaptiveLimitTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<CircuitEvent> told = new ArrayList<>();
    private final Deque<Permit> queue = new ArrayDeque<>();
    private int refused;

    private CircuitBreaker breaker(String settings) {
        return CircuitBreaker.builder("it")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .random(() -> FixedChance.MIDDLE)
                .onEvent(told::add)
                .buildUnannounced();
    }

    /** A dependency that answers one call every 10 ms, in order, and is asked every so many milliseconds. */
    private void load(CircuitBreaker circuit, int millis, int everyMillis) {
        for (int now = 0; now < millis; now++) {
            ticker.advanceMillis(1);
            if (now % everyMillis == 0) {
                Permit permit = circuit.tryAcquire();
                if (permit == null) {
                    refused++;
                } else {
                    queue.add(permit);
                }
            }
            if (now % 10 == 9 && !queue.isEmpty()) {
                queue.remove().success();
            }
        }
    }

    @Test
    void aQueueIsSeenAndKeptShort() {
        CircuitBreaker circuit = breaker("adaptive; limit adaptive");
        load(circuit, 2_000, 20);
        assertThat(told).isEmpty();
        load(circuit, 5_000, 5);
        assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        assertThat(told.get(0).toString())
                .matches(".*is half-open: answers take \\d+\\.\\d times as long as the"
                        + " dependency needs, with \\d+ calls in flight");
        assertThat(queue).as("calls in flight").hasSizeLessThan(50);
        assertThat(refused).as("of 1,000 of which 500 have to wait").isBetween(400, 600);
    }

    @Test
    void itIsOverWhenThereIsRoomAgain() {
        CircuitBreaker circuit = breaker("adaptive; limit adaptive");
        load(circuit, 2_000, 20);
        load(circuit, 5_000, 5);
        load(circuit, 10_000, 20);
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void withoutItAQueueGrows() {
        CircuitBreaker circuit = breaker("adaptive");
        load(circuit, 2_000, 20);
        load(circuit, 5_000, 5);
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(queue).hasSizeGreaterThan(400);
    }

    @Test
    void itWorksBesideAnyTripRule() {
        CircuitBreaker circuit = breaker("classic; limit adaptive");
        load(circuit, 2_000, 20);
        load(circuit, 5_000, 5);
        assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        assertThat(queue).hasSizeLessThan(50);
    }

    @Test
    void heldClosedNothingIsHeldBack() {
        CircuitBreaker circuit = breaker("adaptive; limit adaptive");
        circuit.hold(Hold.closed().because("to see").by("ana"));
        load(circuit, 2_000, 20);
        load(circuit, 5_000, 5);
        assertThat(refused).isZero();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void callsInFlightAreCountedAndNoneIsLost() {
        CircuitBreaker circuit = breaker("adaptive; limit adaptive");
        succeed(circuit, 100);
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            permits.add(circuit.acquire());
        }
        assertThat(circuit.snapshot().callsInFlight()).hasValue(1_000);
        permits.forEach(Permit::success);
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }
}
