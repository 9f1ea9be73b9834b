package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final String BEST = "r4j 70% of 20 calls, wait 1s, trials 1";
    private static final String POOR = "r4j 50% of 10 calls, wait 1s, trials 1";

    /** Best of all peers is a setting of the grid with 4 %, best of the defaults is Hystrix with 10 %. */
    private static Scores suite() {
        return new Scores()
                .add(BEST, "rain", 4, 4)
                .add(POOR, "rain", 9, 9)
                .add("hystrix-default", "rain", 8, 12)
                .add("r4j-default", "rain", 20, 30)
                .add("none", "rain", 50, 60);
    }

    private static Scores drills(String breaker, double opensAfter, double falseOpenings) {
        Scores drills = new Scores();
        for (Drill drill : Drill.values()) {
            drills.add(breaker, drill.name(), 1, Scores.drilled(opensAfter, falseOpenings, 1.25, 1.1), 0.5);
        }
        return drills;
    }

    private static Outcome withAdaptive(double regret, double falseOpenings) {
        String adaptive = Contenders.cutout("adaptive");
        Standings suite = suite().add(adaptive, "rain", regret, regret).standings();
        return new Outcome(suite, suite, drills(adaptive, 0.5, falseOpenings).standings());
    }

    private static Outcome withoutAdaptive() {
        Standings suite = suite().standings();
        Scores drills = drills("none", Double.NaN, 0);
        for (String breaker : List.of(BEST, "hystrix-default", "r4j-default")) {
            for (Drill drill : Drill.values()) {
                drills.add(breaker, drill.name(), 1, Scores.drilled(1, 2, 9.5, 1.1), 12);
            }
        }
        return new Outcome(suite, suite, drills.standings());
    }

    private static Page page(Outcome outcome) {
        return new Page(outcome, "the command", "the seeds 1 to 2");
    }

    @Test
    void aGoalIsReachedAtItsLimit() {
        assertThat(page(withAdaptive(2, 0)).goals())
                .contains(
                        "| Cutout, adaptive | mean regret, usual worlds | at most 0.5 × the best peer at its best setting: 2.00 % | 2.00 % |"
                                + " reached |")
                .contains("at most 0.3 × the best default: 3.00 % | 2.00 % | reached |")
                .contains(
                        "| where it is worst against the best default, usual worlds | at most 0.5 points more regret | -8.00 |"
                                + " reached |")
                .contains("| back after about a minute of refusals, median | at most 1.5 s | 1.25 s | reached |")
                .doesNotContain("missed");
    }

    @Test
    void aGoalIsMissedBeyondIt() {
        assertThat(page(withAdaptive(2.01, 0.125)).goals())
                .contains("at most 0.5 × the best peer at its best setting: 2.00 % | 2.01 % | **missed** |")
                .contains("at most 0.3 × the best default: 3.00 % | 2.01 % | reached |")
                .contains("worst seed | none | 0.13 | **missed** |");
    }

    @Test
    void theReasonOfAMissIsSaid() {
        Goal goal = new Goal("a", "b", "none", outcome -> 2, 1, " s").missedBecause("it is slow");
        assertThat(goal.row(withAdaptive(1, 0))).isEqualTo("| none | a | b | 2.00 s | **missed**: it is slow |");
        assertThat(new Goal("a", "b", "none", outcome -> 1, 1, " s")
                        .missedBecause("it is slow")
                        .row(withAdaptive(1, 0)))
                .endsWith("| reached |");
    }

    @Test
    void whatCoreDoesNotKnowIsNotReached() {
        Outcome outcome = withoutAdaptive();
        assertThat(Goals.ALL).noneMatch(goal -> goal.isReached(outcome));
        assertThat(page(outcome).goals().lines().skip(2))
                .allMatch(line -> line.endsWith("| – | not measured: core does not know these settings yet |"));
    }

    @Test
    void tablesGoFromTheBestToTheWorst() {
        String text = page(withoutAdaptive()).text();
        assertThat(text).contains("\nthe command\n", "the seeds 1 to 2");
        assertThat(text.lines().filter(line -> line.contains("** ±")).limit(4))
                .containsExactly(
                        "| Resilience4j, tuned in hindsight | **4.00** ± 0.00 | 4.0 (rain) | 4.00 |",
                        "| hystrix-default | **10.00** ± 2.00 | 10.0 (rain) | 10.00 |",
                        "| r4j-default | **25.00** ± 5.00 | 25.0 (rain) | 25.00 |",
                        "| none | **55.00** ± 5.00 | 55.0 (rain) | 55.00 |");
        assertThat(text).contains("the best of 39 settings is `" + BEST + "`.").doesNotContain(POOR);
        // it never opens
        assertThat(text)
                .contains(
                        "| none | 1.25 / 1.25 | 1.25 / 1.25 | 0.00 / 0.00 | 0.50 / 0.50 | 1.10 / 1.10 | never / never |");
    }

    @Test
    void theShortFormHasTheRowsThatMatter() {
        assertThat(page(withoutAdaptive()).shortForm()).isEqualTo("""
                        | | mean regret | in its worst world | in unlike worlds | back after a minute or so of outage |
                        | --- | ---: | ---: | ---: | ---: |
                        | Resilience4j, tuned in hindsight | 4.0 % | 4.0 % | 4.0 % | 9.5 s |
                        | hystrix-default | 10.0 % | 10.0 % | 10.0 % | 9.5 s |
                        | r4j-default | 25.0 % | 25.0 % | 25.0 % | 9.5 s |
                        | none | 55.0 % | 55.0 % | 55.0 % | – |
                        """);
    }

    @Test
    void anExcerptReplacesWhatStandsBetweenItsMarks(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        Files.writeString(page, "before\n" + Excerpt.BEGIN + "old\n" + Excerpt.END + "after\n");

        new Excerpt(page).replace("new\n");
        new Excerpt(page).replace("newer\n");

        assertThat(page).hasContent("before\n" + Excerpt.BEGIN + "\nnewer\n\n" + Excerpt.END + "after\n");
    }

    @Test
    void anExcerptNeedsItsMarks(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        Files.writeString(page, Excerpt.END + Excerpt.BEGIN);

        assertThatThrownBy(() -> new Excerpt(page).replace("new"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Excerpt.BEGIN.strip());
    }
}
