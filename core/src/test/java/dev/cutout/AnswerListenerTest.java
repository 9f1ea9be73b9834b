package dev.cutout;

import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.ignore;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever is told of answers is told of each, once, with what it was and how long it took. */
class AnswerListenerTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<String> told = new ArrayList<>();

    private void note(Outcome outcome, long nanos, boolean slow, boolean late) {
        told.add(outcome.name().toLowerCase(Locale.ROOT) + " after " + nanos / 1_000_000 + " ms"
                + (slow ? ", slow" : "") + (late ? ", late" : ""));
    }

    private CircuitBreaker circuit(String settings) {
        return CircuitBreaker.builder("heard")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .random(() -> FixedChance.LOWEST)
                .onAnswer(this::note)
                .buildUnannounced();
    }

    @Test
    void tellsOutcomeDurationAndSlowness() {
        CircuitBreaker circuit = circuit("slow 2s");
        circuit.run(() -> ticker.advanceMillis(7));
        fail(circuit);
        ignore(circuit);
        circuit.run(() -> ticker.advanceMillis(2001));

        assertThat(told)
                .containsExactly(
                        "success after 7 ms",
                        "failure after 0 ms",
                        "ignored after 0 ms",
                        "success after 2001 ms, slow");
    }

    /** Without a rule, a limit or a slowness that needs the clock, a call is timed for its listener alone. */
    @Test
    void tellsDurationsWhereNothingElseNeedsThem() {
        CircuitBreaker circuit = circuit("classic");
        circuit.run(() -> ticker.advanceMillis(7));
        Permit permit = circuit.acquire();
        ticker.advanceMillis(8);
        permit.failure(new PlayedCalls.Outage());

        assertThat(told).containsExactly("success after 7 ms", "failure after 8 ms");
        assertThat(circuit.snapshot().counts().successes()).isEqualTo(OptionalLong.of(1));
        assertThat(circuit.snapshot().counts().totalDuration()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void isToldOfEveryAnswerInEveryMode(CallMode mode) {
        CircuitBreaker circuit = circuit("trip 100 consecutive");
        for (char letter : "sfuewicnr".toCharArray()) {
            mode.got(circuit, Answer.of(letter, () -> {}));
        }
        assertThat(told).hasSize(9);
    }

    @Test
    void tellsOfProbesFromTheirAdmission() {
        CircuitBreaker circuit = circuit("trip 1 consecutive; wait 30s");
        fail(circuit);
        refusal(circuit);
        ticker.advanceSeconds(30);
        circuit.run(() -> ticker.advanceMillis(9));

        assertThat(told).containsExactly("failure after 0 ms", "success after 9 ms");
    }

    @Test
    void tellsOfTheRampToo() {
        CircuitBreaker circuit = circuit("adaptive");
        for (int i = 0; i < 100 && circuit.state() == CircuitState.CLOSED; i++) {
            fail(circuit);
        }
        told.clear();
        ticker.advanceSeconds(60);
        succeed(circuit);
        assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
        circuit.run(() -> ticker.advanceMillis(3));

        assertThat(told).containsExactly("success after 0 ms", "success after 3 ms");
    }

    @Test
    void tellsOfLateAnswersAndSaysThatTheyAre() {
        CircuitBreaker circuit = circuit("trip 1 consecutive; wait 30s; probe within 10s; slow 2s");
        Permit late = circuit.acquire();
        fail(circuit);
        ticker.advanceSeconds(1);
        late.failure(new PlayedCalls.Outage());
        ticker.advanceSeconds(30);
        Permit lapsed = circuit.acquire();
        ticker.advanceSeconds(11);
        lapsed.success();

        assertThat(told)
                .containsExactly(
                        "failure after 0 ms", "failure after 1000 ms, late", "success after 11000 ms, slow, late");
    }

    @Test
    void isNotToldOfWhatTheCircuitWouldHaveRefused() {
        CircuitBreaker circuit = circuit("trip 1 consecutive");
        circuit.hold(Hold.observing());
        fail(circuit);
        succeed(circuit);

        assertThat(told).containsExactly("failure after 0 ms");
        assertThat(circuit.snapshot().counts().shadowed()).isEqualTo(1);
    }

    @Test
    void findsTheCircuitOpenWhenToldOfTheAnswerThatOpenedIt() {
        List<CircuitState> seen = new ArrayList<>();
        CircuitBreaker[] circuit = new CircuitBreaker[1];
        circuit[0] = CircuitBreaker.builder("heard")
                .settings(CircuitSettings.parse("trip 1 consecutive"))
                .onAnswer((outcome, nanos, slow, late) -> seen.add(circuit[0].state()))
                .buildUnannounced();
        fail(circuit[0]);

        assertThat(seen).containsExactly(CircuitState.OPEN);
    }

    @Test
    void oneThatThrowsChangesNothingAndIsLoggedOnce() {
        try (Warnings warnings = new Warnings()) {
            CircuitBreaker circuit = CircuitBreaker.builder("heard")
                    .settings(CircuitSettings.parse("limit 1; trip 3 consecutive"))
                    .onAnswer((outcome, nanos, slow, late) -> {
                        throw new StackOverflowError("deep");
                    })
                    .onAnswer(this::note)
                    .buildUnannounced();
            succeed(circuit, 2);
            fail(circuit, 3);

            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            assertThat(told).hasSize(5);
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .startsWith("A listener for the answers of circuit 'heard' threw.");
        }
    }

    @Test
    void eachBreakerOfARegistryHasItsOwn() {
        CircuitBreakerRegistry<String> hosts = CircuitBreakerRegistry.<String>builder()
                .ticker(ticker)
                .onAnswer(circuit -> (outcome, nanos, slow, late) -> told.add(circuit + " " + outcome))
                .build();
        succeed(hosts.get("a"));
        fail(hosts.get("b"));
        succeed(hosts.get("a"));

        assertThat(told).containsExactly("a SUCCESS", "b FAILURE", "a SUCCESS");
    }

    @Test
    void oneThatCannotBeMadeIsLeftOutAndLoggedOnce() {
        try (Warnings warnings = new Warnings()) {
            CircuitBreakerRegistry<String> hosts = CircuitBreakerRegistry.<String>builder()
                    .onAnswer(circuit -> {
                        throw new IllegalStateException("no listener for " + circuit);
                    })
                    .onAnswer(circuit -> this::note)
                    .build();
            succeed(hosts.get("a"));
            succeed(hosts.get("b"));

            assertThat(told).hasSize(2);
            assertThat(warnings.messages()).hasSize(1);
        }
    }
}
