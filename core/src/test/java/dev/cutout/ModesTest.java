package dev.cutout;

import static dev.cutout.Tape.tape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whichever way a call is made, the circuit counts and decides the same, and the caller gets the very object that the dependency
 * returned or threw, or the reason for the refusal. {@link Tape} compares the objects and the reasons at every step.
 */
class ModesTest {
    static Stream<Arguments> scenarios() {
        return Scenario.all().stream()
                .flatMap(scenario -> Stream.of(CallMode.values())
                        .filter(mode -> scenario.isMadeOf(mode.letters()))
                        .map(mode -> Arguments.of(scenario.name(), mode, scenario)));
    }

    @ParameterizedTest(name = "{0}, by {1}")
    @MethodSource("scenarios")
    void everyModeTellsTheSameStory(String name, CallMode mode, Scenario scenario) {
        scenario.play(mode);
    }

    @ParameterizedTest
    @EnumSource
    void everyModeNamesTheSameFailureInItsEvents(CallMode mode) {
        tape("ffffw +30s e +30s s")
                .by(mode)
                .reads("CCCCO O O O C")
                .tells(
                        "opened: 5 failures in a row, the last java.io.IOException; next probe in 30 s",
                        "is half-open: a probe is under way",
                        "opened: the probe failed: java.lang.StackOverflowError; next probe in 30 s",
                        "is half-open: a probe is under way",
                        "closed: the probe succeeded");
    }

    /** The circuit is reset while the call is under way: its answer is late, counts nowhere, and still reaches the caller. */
    @ParameterizedTest
    @EnumSource
    void inEveryModeAnAnswerThatOutlivesItsStayIsLate(CallMode mode) {
        for (char letter : new char[] {'S', 'F', 'U', 'E', 'W', 'I', 'C', 'N', 'R'}) {
            CircuitBreaker circuit =
                    CircuitBreaker.builder("late").countSuccesses().buildUnannounced();
            Answer answer = Answer.of(letter, circuit::reset);

            assertThat(mode.got(circuit, answer)).isSameAs(answer.content());

            assertThat(circuit.snapshot().counts().late())
                    .as("late after %s", letter)
                    .isEqualTo(1);
            assertThat(Scenario.inWords(circuit.snapshot().counts()))
                    .isEqualTo("0 good, 0 bad, 0 ignored, 0 probes, refused {}");
        }
    }
}
