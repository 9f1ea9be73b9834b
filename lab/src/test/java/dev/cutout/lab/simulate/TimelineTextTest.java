package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitSettings;
import dev.cutout.lab.Ink;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTextTest {
    private final Run run = Run.of(
            World.parse("arrivals regular; service 10ms sigma 0; steady 10/s; run 10s; outage 10s; run 10s"),
            1,
            CutoutGuard.with(CircuitSettings.parse("wait 2s")));

    @Test
    void coloursMarkWhatIsWrong() {
        List<String> lines = TimelineText.lines(run, Ink.COLOURS);

        assertThat(lines.get(1 + 5))
                .contains(Ink.COLOURS.good("closed        "))
                .doesNotContain("\033[31m", "\033[33m");
        assertThat(lines.get(1 + 10))
                .contains(Ink.COLOURS.bad("         5"), Ink.COLOURS.warning("         5"))
                .contains(Ink.COLOURS.bad("open          "), "|" + Ink.COLOURS.bad("#".repeat(30)))
                .endsWith(Ink.COLOURS.bold("outage 10s"));
    }

    @Test
    void coloursChangeNothingElse() {
        assertThat(TimelineText.lines(run, Ink.COLOURS).stream().map(line -> line.replaceAll("\033\\[\\d*m", "")))
                .isEqualTo(TimelineText.lines(run, Ink.NONE));
    }
}
