package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failure can carry a Retry-After: a floor for the wait after it, and nothing more. */
class RetryAfterTest {
    /** What a server says when it is busy. */
    private static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Optional<Duration> comeBackIn;

        BusyException(Optional<Duration> comeBackIn) {
            this.comeBackIn = comeBackIn;
        }

        Optional<Duration> comeBackIn() {
            return comeBackIn;
        }
    }

    private record Response(int status, Duration comeBackIn) {}

    private static final Classifier CLASSIFIER = Classifier.standard()
            .orResult(Response.class, response -> response.status() == 503)
            .retryAfter(BusyException.class, BusyException::comeBackIn)
            .retryAfter(Response.class, response -> Optional.of(response.comeBackIn()));

    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker circuit = CircuitBreaker.builder("busy")
            .settings(CircuitSettings.parse("trip 2 consecutive; wait 10s"))
            .classifier(CLASSIFIER)
            .ticker(ticker)
            .buildUnannounced();

    @ParameterizedTest(name = "a hint of {0} s: the probe is due in {1} s")
    @CsvSource({"60, 60", "10, 10", "1, 10", "0, 10", "-5, 10", "300, 300", "301, 300", "86400, 300"})
    void theWaitIsAtLeastTheHintAndTheHintAtMostFiveMinutes(long hint, long due) {
        fail(Optional.of(Duration.ofSeconds(hint)));
        fail(Optional.of(Duration.ofSeconds(hint)));

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(due));
    }

    @ParameterizedTest(name = "a hint of {0} s: the probe is due in {1} s")
    @CsvSource({"60, 60", "1, 10", "-5, 10", "-99999999999999, 10", "99999999999999, 300"})
    void aFailureMayBringItsHintItself(long hint, long due) {
        class Busy extends RuntimeException implements RetryHint {
            private static final long serialVersionUID = 1L;

            @Override
            public Optional<Duration> retryAfter() {
                return Optional.of(Duration.ofSeconds(hint));
            }
        }
        circuit.acquire().failure(new Busy());
        circuit.acquire().record(new CompletionException(new Busy()));

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(due));
    }

    @Test
    void aHintByItselfOpensNothing() {
        fail(Optional.of(Duration.ofSeconds(60)));

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void theHintIsThatOfTheFailureThatOpensTheCircuit() {
        fail(Optional.of(Duration.ofSeconds(60)));
        fail(Optional.empty());

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(10));
    }

    @Test
    void aFailedProbeMovesTheNextOneLikewise() {
        fail(Optional.empty());
        fail(Optional.empty());
        ticker.advanceSeconds(10);
        fail(Optional.of(Duration.ofSeconds(45)));

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(45));
    }

    @Test
    void aResultCanCarryOne() {
        for (int i = 0; i < 2; i++) {
            assertThat(circuit.call(() -> new Response(503, Duration.ofSeconds(20))))
                    .isNotNull();
        }

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(20));
    }

    @Test
    void itIsFoundInsideWrappers() {
        for (int i = 0; i < 2; i++) {
            try (Permit permit = circuit.acquire()) {
                permit.record(new CompletionException(new BusyException(Optional.of(Duration.ofSeconds(30)))));
            }
        }

        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(30));
    }

    @Test
    void aReaderThatThrowsLeavesTheWaitAsItIs() {
        CircuitBreaker broken = CircuitBreaker.builder("broken-reader")
                .settings(CircuitSettings.parse("trip 1 consecutive; wait 10s"))
                .classifier(Classifier.standard().retryAfter(IOException.class, failure -> {
                    throw new IllegalStateException("no header");
                }))
                .ticker(ticker)
                .buildUnannounced();
        try (Permit permit = broken.acquire()) {
            permit.record(new IOException("down"));
        }

        assertThat(broken.snapshot().probeDue()).contains(Duration.ofSeconds(10));
    }

    private void fail(Optional<Duration> hint) {
        try (Permit permit = circuit.acquire()) {
            permit.record(new BusyException(hint));
        }
    }
}
