package dev.cutout.bench;

import dev.cutout.bench.decisions.DecisionBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * What a call through a circuit breaker costs, beside its peers, in one run:
 *
 * <pre>
 * mvn -pl bench -am -Pbench verify -Dbench=quick
 * </pre>
 *
 * <ul>
 *   <li>{@code quick}, the default: all that most goals need, in less than four minutes;
 *   <li>{@code full}: every row, two rounds, and the charts, in about a quarter of an hour. The machine should have nothing else to do;
 *   <li>{@code smoke}: does every benchmark run? Its page stays in {@code target}, since its numbers mean nothing;
 *   <li>{@code report}: writes the page again from the numbers of the last run;
 *   <li>{@code decisions} and {@code decisions-quick}: another benchmark, of {@linkplain DecisionBenchmark decisions};
 *   <li>{@code none}: compiles, and tests the peers of the decision benchmark.
 * </ul>
 *
 * Prints the goals as a table and writes {@code bench/RESULTS.md}; the numbers stay in {@code bench/target/results.json}, and what JMH
 * has to say in {@code bench/target/jmh.log}.
 *
 * <p>To add a row: a method in one of the {@code …Bench} classes, a line in {@link Rows}; for an adapter two methods, bare and guarded. To
 * add a goal: a line in {@link Goals}.
 */
public final class Main {
    static final String COMMAND = "mvn -pl bench -am -Pbench verify -Dbench=";

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path NUMBERS = TARGET.resolve("results.json");

    /** The libraries under test, what the adapters guard, and the harness, as their jars are called. */
    private static final Pattern LIBRARY = Pattern.compile(
            "(resilience4j-circuitbreaker|failsafe|sentinel-core|smallrye-fault-tolerance-standalone|hystrix-core"
                    + "|grpc-inprocess|h2|jmh-core|jol-core)-(\\d.*)\\.jar");

    private Main() {}

    /** Takes the name of a profile, or {@code report}, or {@code none}. */
    public static void main(String[] args) throws IOException, RunnerException, InterruptedException {
        String what = args[0];
        switch (what) {
            case "none" -> {}
            case "report" -> report();
            default -> {
                if (DecisionBenchmark.has(what)) {
                    DecisionBenchmark.run(what, COMMAND);
                } else {
                    measure(profile(what));
                    report();
                }
            }
        }
    }

    private static Profile profile(String name) {
        return Stream.of(Profile.values())
                .filter(profile -> profile.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("-Dbench=" + name
                        + ": it can be quick, full, smoke, report, decisions, decisions-quick or none."));
    }

    private static void measure(Profile profile) throws IOException, RunnerException, InterruptedException {
        Files.createDirectories(TARGET);
        List<Measured> measured = new Harness(profile, TARGET).run();
        Memory memory = new Memory(profile, TARGET);
        new Results(
                        profile,
                        LocalDate.now(ZoneOffset.UTC).toString(),
                        Machine.here(),
                        libraries(),
                        measured,
                        memory.footprints(),
                        memory.keyedBreakers())
                .write(NUMBERS);
    }

    private static void report() throws IOException {
        Results results = Results.read(NUMBERS);
        Report report = new Report(results);
        Path page = results.profile() == Profile.SMOKE ? TARGET.resolve("RESULTS.md") : Path.of("RESULTS.md");
        Files.writeString(page, report.page());
        System.out.println();
        System.out.println(report.goals());
    }

    /** What is really on the class path, so that no version is written down twice. */
    private static List<String> libraries() {
        return Stream.of(System.getProperty("java.class.path")
                        .split(Pattern.quote(System.getProperty("path.separator"))))
                .map(entry -> LIBRARY.matcher(Path.of(entry).getFileName().toString()))
                .filter(Matcher::matches)
                .map(jar -> jar.group(1) + " " + jar.group(2))
                .sorted()
                .toList();
    }
}
