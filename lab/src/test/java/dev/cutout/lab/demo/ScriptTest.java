package dev.cutout.lab.demo;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    private static final List<Fault> ALL = Arrays.asList(Fault.values());

    @ParameterizedTest
    @ValueSource(ints = {15, 30, 60, 600})
    void theScenesFillTheShow(int seconds) {
        Script script = Script.of(ALL, seconds);
        Duration whole = script.calm()
                .plus(script.trouble().multipliedBy(ALL.size()))
                .plus(script.recovery().multipliedBy(ALL.size()));
        assertThat(whole).isBetween(ofMillis(seconds * 1_000L - 10), ofMillis(seconds * 1_000L + 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 30, 60, 600})
    void theCircuitProbesDuringTheTroubleAndHasTimeToCloseAfterIt(int seconds) {
        Script script = Script.of(ALL, seconds);
        assertThat(script.timeout().plus(script.backOff())).isLessThan(script.trouble());
        assertThat(script.timeout().plus(script.backOff()).plus(Figures.NORMAL_SPELL))
                .isLessThan(script.recovery());
    }

    @Test
    void aLongShowHasLongScenesButTheSameServices() {
        assertThat(Script.of(ALL, 600)).returns(ofSeconds(3), Script::backOff).returns(ofSeconds(2), Script::timeout);
        assertThat(Script.of(ALL, 15)).returns(ofMillis(750), Script::backOff).returns(ofMillis(500), Script::timeout);
    }
}
