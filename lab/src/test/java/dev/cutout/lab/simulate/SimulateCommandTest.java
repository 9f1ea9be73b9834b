package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command: what it prints, and how it says no. */
class SimulateCommandTest {
    private static final String WORLD =
            "arrivals regular; steady 10/s; service 10ms sigma 0; run 10s; outage 10s; run 10s";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void oneSeedShowsTheTimelineOfEachAndTheFigures() {
        assertThat(run("--world", WORLD, "--settings", "none", "--settings", "wait 2s"))
                .isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).isEqualTo("World: " + World.parse(WORLD));
        assertThat(lines).contains("none", "cutout trip 5 consecutive; wait 2s; probes 1", "A = none");
        assertThat(lines).filteredOn(line -> line.matches(" +\\d+ s .*")).hasSize(60);
        assertThat(lines).anyMatch(line -> line.matches(" +10 s +10 +5 +0 +5 +5  open .*outage 10s"));
        // 100 of 299 calls in vain; the other: 5, a probe each 2 s
        assertThat(lines).anyMatch(line -> line.matches("regret, % of the calls +33\\.44 +[0-9.]+"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void severalSeedsShowMeans() {
        assertThat(run("--world", "outage-refuse", "--seed", "5", "--seeds", "3"))
                .isZero();

        assertThat(out.toString()).contains("Seeds: 5 to 7", "A = cutout trip 5 consecutive; wait 30s; probes 1");
        assertThat(out.toString().lines()).noneMatch(line -> line.matches(" +\\d+ s .*"));
    }

    @Test
    void theSameCommandPrintsTheSame() {
        run("--world", "crash-loop", "--seed", "9");
        String first = out.toString();
        out.getBuffer().setLength(0);
        run("--world", "crash-loop", "--seed", "9");

        assertThat(out.toString()).isEqualTo(first);
    }

    @Test
    void theSuiteIsATable() {
        assertThat(run("--suite", "--seeds", "1", "--settings", "none", "--settings", "classic"))
                .isZero();

        assertThat(out.toString().lines().map(line -> line.split(" ", 2)[0]))
                .containsAll(Suite.USUAL.names())
                .contains("mean");
    }

    @Test
    void aPageSaysWhatTheTerminalSays(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a page.html");
        assertThat(run("--world", WORLD, "--settings", "none", "--seeds", "2", "--html", file.toString()))
                .isZero();

        assertThat(out.toString()).endsWith("Written: " + file + System.lineSeparator());
        assertThat(out.toString()).doesNotContain("oracle  ", "B = ");
        Pages page = Pages.read(Files.readString(file));
        assertThat(page.text("//h1")).isEqualTo(WORLD);
        assertThat(page.text("//header"))
                .contains("The figures are means of the seeds 1 to 2, the charts are of the first.");
        assertThat(page.text("//table[@class='figures']/tbody/tr/td")).isEqualTo("33.44");
        assertThat(page.text("//footer//code"))
                .isEqualTo("cutout simulate --world \"" + WORLD + "\" --settings none --seed 1 --seeds 2 --html \""
                        + file + "\"");
    }

    @Test
    void theSuiteIsAPageToo(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("suite.html");
        assertThat(run("--suite", "--seeds", "1", "--settings", "none", "--html", file.toString()))
                .isZero();

        Pages page = Pages.read(Files.readString(file));
        assertThat(page.texts("//table/tbody//th")).isEqualTo(Suite.USUAL.names());
        assertThat(out.toString())
                .containsPattern(
                        "outage-hang +" + page.text("//table/tbody/tr[2]/td").replace(".", "\\."));
    }

    @Test
    void aPageThatCannotBeWrittenIsRefusedBeforeTheWork(@TempDir Path folder) {
        assertThat(run(
                        "--world",
                        WORLD,
                        "--html",
                        folder.resolve("none/page.html").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--html: the folder of ", "page.html does not exist");
        assertThat(run("--world", WORLD, "--html", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is a folder");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anotherSuiteIsNamed() {
        assertThat(run("--suite", "unlike", "--seeds", "1")).isZero();
        assertThat(out.toString().lines().map(line -> line.split(" ", 2)[0])).containsAll(Suite.UNLIKE.names());
        assertThat(run("--suite", "unlikely")).isEqualTo(2);
        assertThat(err.toString()).contains("--suite", "usual, unlike", "'unlikely'");
    }

    @Test
    void whatIsNotUnderstoodIsPointedAt() {
        assertThat(run("--world", "steady 5/s; outge 3s")).isEqualTo(2);
        assertThat(err.toString()).contains("--world: Column 13 of", "  steady 5/s; outge 3s", " ".repeat(14) + "^");
        assertThat(run("--world", "outage-refused")).isEqualTo(2);
        assertThat(err.toString()).contains("The built-in worlds are outage-refuse, outage-hang,");
        assertThat(run("--world", "run 1s", "--settings", "wait")).isEqualTo(2);
        assertThat(err.toString()).contains("--settings: Column 5 of");
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("say either --world or --suite");
        assertThat(run("--world", "run 1s", "--seeds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--seeds: 0 is not a number from 1 to 1000000");
        assertThat(out.toString()).isEmpty();
    }
}
