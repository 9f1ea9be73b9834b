package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** A drawing of 10 s, so that a second is 94 units wide, and 100 units high, so that a unit is one percent. */
class PlotTest {
    private static final double[] VALUES = {0, 0, 0.5, 2, Double.NaN, Double.NaN, 1, Double.NaN, 0.25, 0.25};

    private static double value(int second) {
        return VALUES[second];
    }

    private static Pages drawn(Plot.Edge edge, List<Incident.Span> troubles, IntToDoubleFunction values) {
        Html html = new Html();
        Plot plot = new Plot(html, Slices.of(new Timeline(10), 10), troubles);
        plot.caption("Share", "of all");
        plot.key("open", "is open");
        plot.begin(100, edge, 1, "Words.");
        plot.percents();
        plot.line("failed", values);
        plot.area("failed", values, slice -> 0);
        plot.end();
        return Pages.read(html.toString());
    }

    @Test
    void aLineIsStepsWithGapsWhereNothingIsKnown() {
        Pages page = drawn(Plot.Edge.PLAIN, List.of(), PlotTest::value);

        // the top is at 6, and what is more than the top is drawn there
        assertThat(page.text("//path[@class='line failed']/@d"))
                .isEqualTo("M52 106H240V56H334V6H428M616 6H710M804 81H992");
    }

    @Test
    void anAreaIsWhereThereIsSomething() {
        Pages page = drawn(Plot.Edge.PLAIN, List.of(), PlotTest::value);

        assertThat(page.text("//path[@class='area failed']/@d"))
                .isEqualTo("M240 106V56H334V106ZM334 106V6H428V106ZM616 106V6H710V106ZM804 106V81H992V106Z");
        assertThat(drawn(Plot.Edge.PLAIN, List.of(), slice -> 0).text("//path[@class='area failed']/@d"))
                .isEmpty();
    }

    @Test
    void whoDoesNotSeeItIsTold() {
        Pages page = drawn(Plot.Edge.PLAIN, List.of(), PlotTest::value);

        assertThat(page.text("//svg/@aria-label")).isEqualTo("Share over time. Words.");
        assertThat(page.text("//figcaption")).isEqualTo("Share of all is open");
    }

    @Test
    void timesAndTroublesAreWrittenWhereTheyBelong() {
        List<Incident.Span> troubles = List.of(
                new Incident.Span(2 * Witness.SECOND, 3 * Witness.SECOND, "hang 1s"),
                new Incident.Span(2_500_000_000L, 4 * Witness.SECOND, "no room for this"),
                new Incident.Span(9 * Witness.SECOND, 10 * Witness.SECOND, "so long that it begins before"));

        Pages named = drawn(Plot.Edge.TROUBLES, troubles, PlotTest::value);
        assertThat(named.texts("//text[@class='name']")).containsExactly("hang 1s", "so long that it begins before");
        assertThat(named.texts("//rect[@class='trouble']/@x")).containsExactly("240", "287", "898");
        assertThat(named.texts("//rect[@class='trouble']/@width")).containsExactly("94", "141", "94");
        assertThat(named.count("//text[@class='x']")).isZero();
        Pages timed = drawn(Plot.Edge.TIMES, troubles, PlotTest::value);
        assertThat(timed.count("//text[@class='name']")).isZero();
        assertThat(timed.texts("//text[@class='x']"))
                .hasSize(11)
                .startsWith("0 s", "1 s")
                .endsWith("10 s");
        assertThat(timed.texts("//text[@class='y']")).containsExactly("0 %", "50 %", "100 %");
    }
}
