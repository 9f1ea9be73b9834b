package dev.cutout.house;

import static java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core needs {@code java.base} and nothing else: its descriptor says so, and a JVM that has nothing else runs it. */
class ModuleTest {
    private static final Path CLASSES = House.CORE.resolve("target/classes");

    @TempDir
    Path folder;

    @Test
    void demandsOnlyJavaBase() {
        ModuleDescriptor core =
                ModuleFinder.of(CLASSES).find("dev.cutout").orElseThrow().descriptor();

        assertThat(core.requires())
                .filteredOn(required -> !required.modifiers().contains(STATIC))
                .extracting(Requires::name)
                .containsExactly("java.base");
    }

    @Test
    void runsWhereThereIsOnlyJavaBase() throws IOException, InterruptedException {
        Path user = compile("module user { requires dev.cutout; }", """
                package user;

                public class Main {
                    public static void main(String[] args) {
                        System.out.println(dev.cutout.CircuitBreaker.of("x").call(() -> "ok"));
                    }
                }
                """);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules=java.base,dev.cutout",
                        "-p",
                        CLASSES + File.pathSeparator + user,
                        "-m",
                        "user/user.Main")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output.strip())
                .as("what a JVM with nothing but java.base printed")
                .isEqualTo("ok");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void isSeenByTheFlightRecorderAsTheModuleItIs() throws IOException, InterruptedException {
        Path user = compile("module user { requires dev.cutout; requires jdk.jfr; }", """
                package user;

                public class Main {
                    public static void main(String[] args) throws Exception {
                        java.nio.file.Path file = java.nio.file.Path.of(args[0]);
                        try (var recording = new jdk.jfr.Recording()) {
                            recording.start();
                            dev.cutout.CircuitBreaker.of("x").hold(dev.cutout.Hold.open());
                            recording.dump(file);
                        }
                        jdk.jfr.consumer.RecordingFile.readAllEvents(file).stream()
                                .filter(event -> event.getEventType().getName().startsWith("dev.cutout"))
                                .forEach(event -> System.out.println(
                                        event.getString("circuit") + " to " + event.getString("to")));
                    }
                }
                """);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        CLASSES + File.pathSeparator + user,
                        "-m",
                        "user/user.Main",
                        folder.resolve("recording.jfr").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output.strip()).as("what a recording holds of it").isEqualTo("x to OPEN");
        assertThat(process.waitFor()).isZero();
    }

    private Path compile(String descriptor, String main) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path classes = folder.resolve("classes");
        List<String> arguments = List.of(
                "-Xlint:all",
                "-Werror",
                "-p",
                CLASSES.toString(),
                "-d",
                classes.toString(),
                Files.writeString(sources.resolve("module-info.java"), descriptor)
                        .toString(),
                Files.writeString(sources.resolve("Main.java"), main).toString());

        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));

        assertThat(code)
                .as("exit code of javac for a module that requires dev.cutout")
                .isZero();
        return classes;
    }
}
