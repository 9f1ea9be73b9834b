package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How times are written, and how {@link Bounds} refuses those that settings cannot name. */
class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.001S,  1ms",
        "PT1.5S,    1500ms",
        "PT1S,      1s",
        "PT30S,     30s",
        "PT60S,     1m",
        "PT90S,     90s",
        "PT1H,      1h",
        "PT61M,     61m",
        "PT3600.5S, 3600500ms",
        "PT8760H,   8760h"
    })
    void exactTextUsesTheLargestUnitThatDivides(Duration time, String text) {
        assertThat(DurationText.exact(time)).isEqualTo(text);
    }

    @Property(tries = 500)
    void exactTextLosesNothing(@ForAll @LongRange(min = 1, max = 365L * 24 * 3600 * 1000) long millis) {
        String text = DurationText.exact(Duration.ofMillis(millis));
        String unit = text.replaceAll("[0-9]", "");
        long number = Long.parseLong(text.substring(0, text.length() - unit.length()));

        assertThat(number * DurationText.millisIn(unit)).isEqualTo(millis);
    }

    @Test
    void whatIsNoUnitHasNoMilliseconds() {
        assertThat(DurationText.millisIn("ms")).isEqualTo(1);
        assertThat(DurationText.millisIn("d")).isZero();
        assertThat(DurationText.millisIn("S")).isZero();
        assertThat(DurationText.millisIn("")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,           0 µs",
        "PT0.0000015S,   1.5 µs",
        "PT0.000999S,    999 µs",
        "PT0.001S,       1 ms",
        "PT0.0123S,      12.3 ms",
        "PT0.5S,         500 ms",
        "PT1S,           1 s",
        "PT12.34S,       12.3 s",
        "PT119S,         119 s",
        "PT2M,           2 min",
        "PT90M,          90 min",
        "PT2H,           2 h",
        "PT8760H,        8760 h"
    })
    void briefTextIsForPeople(Duration time, String text) {
        assertThat(DurationText.brief(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT0.00099949S, 999 µs", "PT0.00099999S, 1 ms", "PT0.99949S, 999 ms", "PT0.9999S, 1 s"})
    void briefTextNeverSaysAThousandOfAUnit(Duration time, String text) {
        assertThat(DurationText.brief(time)).isEqualTo(text);
    }

    @Test
    void briefTextIsTheSameInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(DurationText.brief(Duration.ofMillis(12_300))).isEqualTo("12.3 s");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0005S", "PT1.0000001S", "PT8760H0.001S", "PT-8760H"})
    void aTimeThatSettingsCannotNameIsRefused(String text) {
        Duration time = Duration.parse(text);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bounds.check("the wait", time))
                .withMessage("The wait: " + time + " is not allowed; give whole milliseconds, 1ms to 8760h.");
    }

    /** These do not fit into a long of nanoseconds or milliseconds; they are refused like any other, not by an overflow. */
    @Test
    void aTimeBeyondAllNumbersIsRefusedToo() {
        for (Duration time : new Duration[] {Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bounds.check("the wait", time))
                    .withMessageContaining("is not allowed; give whole milliseconds, 1ms to 8760h.");
        }
    }

    @Test
    void aNumberOutsideItsBoundsIsRefusedWithTheBounds() {
        assertThat(Bounds.check("probes", 1, 1, 1_000)).isEqualTo(1);
        assertThat(Bounds.check("probes", 1_000, 1, 1_000)).isEqualTo(1_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bounds.check("probes", 0, 1, 1_000))
                .withMessage("Probes: 0 is not allowed; give 1 to 1,000.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bounds.check("probes", 1_001, 1, 1_000))
                .withMessage("Probes: 1,001 is not allowed; give 1 to 1,000.");
    }
}
