package dev.cutout.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo end to end, as its users start it: a process, its output, its exit code, and what it leaves behind. */
class DemoTest {
    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void leaveNothingBehind() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void theWholeStory() throws Exception {
        Process demo = demo("--duration", "18");
        List<ProcessHandle> children = afterCurtain(demo);
        assertThat(children).as("one B for each A").hasSize(2);
        List<String> lines = demo.inputReader(UTF_8).lines().toList();

        assertThat(demo.waitFor()).isZero();
        assertThat(demo.errorReader(UTF_8).lines()).isEmpty();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        for (Fault fault : Fault.values()) {
            assertThat(scene(lines, fault))
                    .as(fault.title)
                    .contains("well") // said once both B are: the first may have let its circuit close by then
                    .containsSubsequence("OPENED", "mended", "CLOSED");
        }
        assertThat(lines).as("no colours, no cursor tricks").noneMatch(line -> line.contains("\033"));
        assertThat(lines)
                .as("a line a second, of both services")
                .filteredOn(line -> line.contains(" | "))
                .hasSizeGreaterThan(10);

        assertThat(row(lines, "callers who came"))
                .satisfies(row -> assertThat(row[0]).isEqualTo(row[1]));
        for (String worse : List.of(
                "most threads stuck at once",
                "calls that hit the dead B",
                "while the database was away",
                "while B hung",
                "while B was dead",
                "got an error")) {
            assertThat(row(lines, worse))
                    .as(worse)
                    .satisfies(row -> assertThat(row[0]).isLessThan(row[1]));
        }
        assertThat(lines).last().asString().startsWith("It kept ").contains(" calls from the dead B; ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoeverEndsItLeavesNoProcessBehind(boolean forcibly) throws Exception {
        Process demo = demo("--fault", "hang");
        List<ProcessHandle> children = afterCurtain(demo);

        if (forcibly) {
            demo.toHandle().destroyForcibly(); // no chance to clean up: the B notice by themselves
        } else {
            demo.toHandle().destroy(); // what ctrl-C does, too
        }

        assertThat(demo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isNotZero();
        for (ProcessHandle child : children) {
            child.onExit().get(10, TimeUnit.SECONDS);
        }
        assertThat(demo.errorReader(UTF_8).lines()).as("no last cries").isEmpty();
    }

    @Test
    void aTakenPortIsOneSentenceAndExitCode2() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process demo = demo("--http-port", Integer.toString(other.getLocalPort()));

            assertThat(demo.errorReader(UTF_8).lines())
                    .containsExactly("cutout demo: port " + other.getLocalPort() + " is taken by another program");
            assertThat(demo.waitFor()).isEqualTo(2);
        }
    }

    private Process demo(String... options) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(
                List.of(java, "-cp", System.getProperty("java.class.path"), Main.class.getName(), "demo"));
        command.addAll(List.of(options));
        Process demo = new ProcessBuilder(command).start();
        started.add(demo.toHandle());
        return demo;
    }

    /** Reads on until the first scene begins; returns the processes of both services B. */
    private List<ProcessHandle> afterCurtain(Process demo) throws IOException {
        BufferedReader output = demo.inputReader(UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("-- all is well")) {
                List<ProcessHandle> children = demo.descendants().toList();
                started.addAll(children);
                return children;
            }
        }
        throw new AssertionError(
                String.join("\n", demo.errorReader(UTF_8).lines().toList()));
    }

    /** What happened in the scene of a fault, one word for each sentence. */
    private static List<String> scene(List<String> lines, Fault fault) {
        return lines.stream()
                .dropWhile(line -> !line.startsWith("-- " + fault.title))
                .skip(1)
                .takeWhile(line -> !line.startsWith("-- ") && !line.startsWith("What service A suffered"))
                .flatMap(line -> Stream.of("OPENED", "CLOSED")
                        .filter(word -> line.contains("circuit " + word + ":"))
                        .findFirst()
                        .or(() -> line.endsWith(fault.mended) ? Optional.of("mended") : Optional.empty())
                        .or(() -> line.contains("B is well;") ? Optional.of("well") : Optional.empty())
                        .stream())
                .toList();
    }

    /** The two figures of a row of the table. */
    private static int[] row(List<String> lines, String begin) {
        String row = lines.stream()
                .filter(line -> line.strip().startsWith(begin))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new AssertionError("no row " + begin));
        String[] words = row.replace(",", "").strip().split(" +", -1);
        return new int[] {Integer.parseInt(words[words.length - 2]), Integer.parseInt(words[words.length - 1])};
    }
}
