package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitEvent;
import dev.cutout.CircuitSettings;
import dev.cutout.lab.simulate.Timeline.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the page of a world says, read off the page. How it looks, and what its script does, a real browser is asked. */
class RunPageTest {
    private static final World WORLD =
            World.parse("clients 2; arrivals regular; service 10ms sigma 0; steady 10/s; run 10s; outage 10s; run 10s");
    private static final String HOSTILE = "<b>&\"bold\"</b>";

    private final Run oracle = Run.oracle(WORLD, 1);
    private final Run breaker = Run.of(WORLD, 1, CutoutGuard.with(CircuitSettings.parse("wait 2s")));
    private final Run none = Run.of(WORLD, 1, new Unguarded());

    private String page() {
        Map<String, Figures> figures = new LinkedHashMap<>();
        for (Run run : List.of(breaker, none, oracle)) {
            figures.put(run.guards(), run.figures(oracle));
        }
        return RunPage.of(HOSTILE, "Seed 1.", "cutout " + HOSTILE, List.of(breaker, none, oracle), figures);
    }

    private final Pages page = Pages.read(page());

    @Test
    void figuresAreThoseOfTheTerminal() {
        for (int row = 1; row <= 3; row++) {
            Run run = List.of(breaker, none, oracle).get(row - 1);
            List<String> cells = page.texts("//table[@class='figures']/tbody/tr[" + row + "]/td");
            assertThat(cells)
                    .isEqualTo(FiguresText.LINES.stream()
                            .map(line -> line.of(run.figures(oracle)))
                            .toList());
        }
        assertThat(page.texts("//table[@class='figures']/tbody/tr/th"))
                .containsExactly("A cutout trip 5 consecutive; wait 2s; probes 1", "B none", "oracle");
    }

    @Test
    void everyRunHasItsChartsWithWords() {
        assertThat(page.texts("//section[@class='run']/h2"))
                .containsExactly("A cutout trip 5 consecutive; wait 2s; probes 1", "B none", "oracle");
        assertThat(page.count("//svg")).isEqualTo(12);
        assertThat(page.texts("//section[@id='run-1']//svg/@aria-label"))
                .containsExactly(
                        "Failure rate over time. 33.4 % of all attempts failed; at most 100 %, first at 10 s.",
                        "State over time. Open for 0 s of 30 s, half-open for 0 s, closed for the rest, on average over the instances.",
                        "Load on the upstream over time. At most 10 attempts a second, first at 1 s, where the capacity is 5000;"
                                + " 100 of 299 attempts were beyond the capacity.",
                        "Refused over time. None was refused.");
        assertThat(page.texts("//section[@id='run-0']//svg/@aria-label").get(3)).contains(" refused in all; at most ");
    }

    @Test
    void numbersAreThoseOfTheTimeline() {
        Timeline timeline = breaker.timeline();
        for (int second : List.of(0, 10, 15, 29)) {
            List<String> row =
                    page.texts("//section[@id='run-0']//table[@class='numbers']/tbody/tr[" + (second + 1) + "]/*");
            assertThat(row.get(0)).isEqualTo(String.valueOf(second));
            assertThat(row.get(1)).isEqualTo(whole(timeline.get(Series.OFFERED, second)));
            assertThat(row.get(2)).isEqualTo(whole(timeline.get(Series.ADMITTED, second)));
            assertThat(row.get(3)).isEqualTo(whole(timeline.get(Series.SUCCEEDED, second)));
            assertThat(row.get(4)).isEqualTo(whole(timeline.get(Series.FAILED, second)));
            assertThat(row.get(6)).isEqualTo(whole(timeline.get(Series.REFUSED, second)));
            assertThat(row.get(7)).isEqualTo(whole(100 * timeline.get(Series.OPEN, second)));
            assertThat(row.get(9)).isEqualTo(whole(timeline.get(Series.CAPACITY, second)));
        }
        assertThat(page.count("//section[@id='run-0']//table[@class='numbers']/tbody/tr"))
                .isEqualTo(30);
    }

    private static String whole(double value) {
        return String.valueOf(Math.round(value));
    }

    @Test
    void openingsAndClosingsAreToldWithTheirEvidence() {
        List<CircuitEvent> moves = breaker.events().stream()
                .filter(event -> !(event instanceof CircuitEvent.HalfOpened))
                .toList();

        String rows = "//div[@class='events']//tbody/tr";
        assertThat(page.count(rows)).isEqualTo(moves.size());
        assertThat(moves.get(0))
                .isInstanceOfSatisfying(
                        CircuitEvent.Opened.class,
                        opened -> assertThat(page.texts(rows + "[1]/td"))
                                .containsExactly(
                                        String.format(Locale.ROOT, "%.3f s", opened.nanos() / 1e9),
                                        opened.circuit(),
                                        "opened",
                                        opened.evidence() + "; next probe in 2.000 s"));
        assertThat(moves.get(moves.size() - 1))
                .isInstanceOfSatisfying(
                        CircuitEvent.Closed.class,
                        closed -> assertThat(page.texts(rows + "[last()]/td[position() > 1]"))
                                .containsExactly(closed.circuit(), "closed", closed.evidence()));
        assertThat(page.count("//section[@id='run-1']//div[@class='events']")).isZero();
    }

    @Test
    void nobodysTextBecomesMarkup() {
        assertThat(page.text("//h1")).isEqualTo(HOSTILE);
        assertThat(page.text("//title")).isEqualTo("cutout simulate: " + HOSTILE);
        assertThat(page.text("//footer//code")).isEqualTo("cutout " + HOSTILE);
        assertThat(page.count("//script")).isEqualTo(1);
        assertThat(page.text("//meta[@http-equiv]/@content")).startsWith("default-src 'none';");
    }

    @Test
    void theSameRunsGiveTheSamePage() {
        assertThat(page()).isEqualTo(page());
    }

    @Test
    void longWorldsAreToldInSlicesOfSeveralSeconds() {
        World world = World.parse("steady 1/s; run 1h");
        Run run = Run.of(world, 1, new Unguarded());
        Run measure = Run.oracle(world, 1);
        Map<String, Figures> figures = Map.of("none", run.figures(measure), "oracle", measure.figures(measure));
        Pages hour = Pages.read(RunPage.of("an hour", "", "", List.of(run, measure), figures));

        assertThat(hour.count("//section[@id='run-0']//table[@class='numbers']/tbody/tr"))
                .isEqualTo(720);
        assertThat(hour.text("//section[@id='run-0']//table[@class='numbers']/tbody/tr[2]/th"))
                .isEqualTo("5 to 10");
        assertThat(hour.text("//section[@id='run-0']//summary"))
                .isEqualTo("The numbers of each 5 s, a second on average");
    }
}
