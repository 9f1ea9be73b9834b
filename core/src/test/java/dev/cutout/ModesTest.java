package dev.cutout;

import static dev.cutout.Tape.tape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
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
    /** One story, and what has been counted when it is over. */
    private record Scenario(String name, String settings, String calls, String history, String counts) {
        boolean isFor(CallMode mode) {
            String answers = calls.replaceAll("\\[[^]]*]", "");
            return mode != CallMode.RUN || !answers.contains("b"); // run has no result that could be bad
        }
    }

    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("success", "classic", "sss", "CCC", "3 good, 0 bad, 0 ignored, 0 probes, refused {}"),
            new Scenario(
                    "failure by checked exception",
                    "classic",
                    "fffff f",
                    "CCCCO o",
                    "0 good, 5 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "failure by unchecked exception",
                    "classic",
                    "uuuuu u",
                    "CCCCO o",
                    "0 good, 5 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "failure by Error",
                    "classic",
                    "eeeee e",
                    "CCCCO o",
                    "0 good, 5 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "failure by wrapped exception",
                    "classic",
                    "wwwww w",
                    "CCCCO o",
                    "0 good, 5 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "failure by result",
                    "classic",
                    "bbbbb b",
                    "CCCCO o",
                    "0 good, 5 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "ignored exception",
                    "classic",
                    "ffff i f",
                    "CCCC C O",
                    "0 good, 5 bad, 1 ignored, 0 probes, refused {}"),
            new Scenario(
                    "cancelled or interrupted",
                    "classic",
                    "ffff cncncn f",
                    "CCCC CCCCCC O",
                    "0 good, 5 bad, 6 ignored, 0 probes, refused {}"),
            new Scenario(
                    "cancelled or interrupted after longer than slow",
                    "trip 3 consecutive; slow 2s",
                    "cn C N C",
                    "CC C C O",
                    "0 good, 3 bad, 2 ignored, 0 probes, refused {}"),
            new Scenario(
                    "refused by an inner circuit",
                    "classic",
                    "ffff rrrr f",
                    "CCCC CCCC O",
                    "0 good, 5 bad, 4 ignored, 0 probes, refused {}"),
            new Scenario(
                    "slow calls",
                    "trip 50% slow of last 4 calls, at least 4; slow 2s",
                    "s S s S s",
                    "C C C O o",
                    "4 good, 0 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "refused: the probe is under way",
                    "classic",
                    "fffff +30s 1< ssss 1>s s",
                    "CCCCO O H hhhh C C",
                    "2 good, 5 bad, 0 ignored, 1 probes, refused {PROBES_TAKEN=4}"),
            new Scenario(
                    "refused: at the limit",
                    "limit 1",
                    "1< fs 1>s s",
                    "C cc C C",
                    "2 good, 0 bad, 0 ignored, 0 probes, refused {LIMIT=2}"),
            new Scenario(
                    "a place under the limit is given back, whatever the answer",
                    "limit 1; trip 100 consecutive",
                    "s f u e w i c n r s",
                    "C C C C C C C C C C",
                    "2 good, 4 bad, 4 ignored, 0 probes, refused {}"),
            new Scenario(
                    "refused: held open",
                    "classic",
                    "[hold open] fs [release] s",
                    "O oo O C",
                    "1 good, 0 bad, 0 ignored, 1 probes, refused {HELD=2}"),
            new Scenario(
                    "the probe succeeds",
                    "classic",
                    "fffff +30s s s",
                    "CCCCO O C C",
                    "2 good, 5 bad, 0 ignored, 1 probes, refused {}"),
            new Scenario(
                    "the probe fails",
                    "wait 1s",
                    "fffff +1s f +1s u +1s e +1s w s",
                    "CCCCO O O O O O O O O o",
                    "0 good, 9 bad, 0 ignored, 4 probes, refused {OPEN=1}"),
            new Scenario(
                    "the probe fails by its result",
                    "wait 1s",
                    "fffff +1s b s",
                    "CCCCO O O o",
                    "0 good, 6 bad, 0 ignored, 1 probes, refused {OPEN=1}"),
            new Scenario(
                    "the probe is ignored",
                    "classic",
                    "fffff +30s i c n r s",
                    "CCCCO O H H H H C",
                    "1 good, 5 bad, 4 ignored, 5 probes, refused {}"),
            new Scenario(
                    "two probes of three",
                    "probes 2 of 3",
                    "fffff +30s f i s s",
                    "CCCCO O H H H C",
                    "2 good, 6 bad, 1 ignored, 4 probes, refused {}"),
            new Scenario(
                    "held closed",
                    "classic",
                    "[hold closed] ffffff [release] f f",
                    "C CCCCCC C O o",
                    "0 good, 7 bad, 0 ignored, 0 probes, refused {OPEN=1}"),
            new Scenario(
                    "observing",
                    "classic",
                    "[observe] fffff s f i e +30s s",
                    "C CCCCO O? O? O? O? O C",
                    "1 good, 5 bad, 0 ignored, 1 probes, refused {}"));

    static Stream<Arguments> scenarios() {
        return SCENARIOS.stream()
                .flatMap(scenario -> Stream.of(CallMode.values())
                        .filter(scenario::isFor)
                        .map(mode -> Arguments.of(scenario.name(), mode, scenario)));
    }

    @ParameterizedTest(name = "{0}, by {1}")
    @MethodSource("scenarios")
    void everyModeTellsTheSameStory(String name, CallMode mode, Scenario scenario) {
        Tape tape = tape(scenario.calls()).on(scenario.settings()).by(mode).reads(scenario.history());
        assertThat(inWords(tape.snapshot().counts())).isEqualTo(scenario.counts());
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
            assertThat(inWords(circuit.snapshot().counts()))
                    .isEqualTo("0 good, 0 bad, 0 ignored, 0 probes, refused {}");
        }
    }

    private static String inWords(CircuitSnapshot.Counts counts) {
        return String.format(
                "%d good, %d bad, %d ignored, %d probes, refused %s",
                counts.successes().orElseThrow(),
                counts.failures(),
                counts.ignored(),
                counts.probes(),
                new TreeMap<>(counts.refused()));
    }
}
