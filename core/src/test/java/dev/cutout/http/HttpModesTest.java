package dev.cutout.http;

import dev.cutout.Scenario;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The stories of the core, told by requests to a real server. */
class HttpModesTest {
    static Stream<Arguments> scenarios() {
        return Scenario.madeOf(HttpMode.LETTERS).stream()
                .flatMap(scenario ->
                        Stream.of(HttpMode.values()).map(mode -> Arguments.of(scenario.name(), mode, scenario)));
    }

    @ParameterizedTest(name = "{0}, by {1}")
    @MethodSource("scenarios")
    void everyModeTellsTheSameStory(String name, HttpMode mode, Scenario scenario) {
        scenario.play(mode);
    }
}
