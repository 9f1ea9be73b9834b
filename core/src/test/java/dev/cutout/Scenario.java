package dev.cutout;

import static dev.cutout.Tape.tape;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;

/**
 * One story of a circuit, and what has been counted when it is over. The same stories run through every way in which a call can be made: those of core, and those of
 * the adapters, with the real thing on the other end.
 *
 * @param calls as {@link Tape} plays them
 * @param history as it reads them
 */
public record Scenario(String name, String settings, String calls, String history, String counts) {
    private static final List<Scenario> ALL = List.of(
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

    /** All of them. */
    public static List<Scenario> all() {
        return ALL;
    }

    /** Those whose calls answer with nothing but these letters, in lower or upper case as given. */
    public static List<Scenario> madeOf(String letters) {
        return ALL.stream().filter(scenario -> scenario.isMadeOf(letters)).toList();
    }

    boolean isMadeOf(String letters) {
        String answers = calls.replaceAll("\\[[^]]*]|\\+\\d+(ms|s|m|h)|\\d<|\\d>\\S|\\s", "");
        return answers.chars().allMatch(answer -> letters.indexOf(answer) >= 0);
    }

    /** Plays the story this way, and compares what came of it. */
    public void play(Mode mode) {
        Tape tape = tape(calls).on(settings).by(mode).reads(history);
        assertThat(inWords(tape.snapshot().counts())).isEqualTo(counts);
    }

    @Override
    public String toString() {
        return name;
    }

    static String inWords(CircuitSnapshot.Counts counts) {
        return String.format(
                "%d good, %d bad, %d ignored, %d probes, refused %s",
                counts.successes().orElseThrow(),
                counts.failures(),
                counts.ignored(),
                counts.probes(),
                new TreeMap<>(counts.refused()));
    }
}
