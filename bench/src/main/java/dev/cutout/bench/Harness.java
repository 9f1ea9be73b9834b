package dev.cutout.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs cases by JMH, each in a fork of its own, in rounds. */
final class Harness {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Profile profile;
    private final Path target;

    Harness(Profile profile, Path target) {
        this.profile = profile;
        this.target = target;
    }

    List<Measured> run() throws RunnerException, IOException {
        PrintStream err = System.err;
        try (PrintStream log = new PrintStream(Files.newOutputStream(target.resolve("jmh.log")), true, UTF_8)) {
            System.setErr(log); // where JMH repeats what forks complain of, such as loggers that are not there
            return run(OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL));
        } finally {
            System.setErr(err);
        }
    }

    private List<Measured> run(OutputFormat format) throws RunnerException {
        List<Case> schedule = schedule();
        Map<Case, List<Measured.Iteration>> iterations = new LinkedHashMap<>();
        int done = 0;
        for (Case what : schedule) {
            List<Measured.Iteration> result = run(what, format);
            iterations.computeIfAbsent(what, any -> new ArrayList<>()).addAll(result);
            Measured measured = new Measured(what, result);
            System.out.printf(
                    Locale.ROOT,
                    "%3d of %d  %9.2f core-ns %7.0f B%s  %s%n",
                    ++done,
                    schedule.size(),
                    measured.coreNanos(),
                    measured.bytes(),
                    measured.noisy() ? " ~" : "  ",
                    what);
        }
        List<Measured> measured = new ArrayList<>();
        iterations.forEach((what, values) -> measured.add(new Measured(what, values)));
        return measured;
    }

    /** In the order of running: the rows, round by round, and after the first round what runs in one: charts, and bytes alone. */
    private List<Case> schedule() {
        List<Case> everyRound = new ArrayList<>();
        List<Case> once = new ArrayList<>();
        for (Row row : Rows.all()) {
            List<Integer> threads = row.threads(profile);
            threads.forEach(number -> everyRound.add(row.with(number)));
            if (row.bytesWithoutEscapeAnalysis() && !threads.isEmpty()) {
                once.add(row.withoutEscapeAnalysis());
            }
        }
        if (profile != Profile.QUICK) {
            for (Growth growth : Growth.ALL) {
                for (Growth.Series series : growth.series()) {
                    growth.values().forEach(value -> once.add(series.at(value)));
                }
            }
        }
        once.removeAll(everyRound);

        List<Case> schedule = new ArrayList<>(everyRound);
        schedule.addAll(once);
        for (int round = 2; round <= profile.rounds; round++) {
            schedule.addAll(everyRound);
        }
        return schedule;
    }

    private List<Measured.Iteration> run(Case what, OutputFormat format) throws RunnerException {
        // Bytes are exact after a moment; times are not asked for without escape analysis.
        Profile lengths = what.escapeAnalysis() || profile == Profile.SMOKE ? profile : Profile.QUICK;
        Profile.Span warmUp = lengths.warmUp(what.kind());
        Profile.Span measurement = lengths.measurement();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(Harness.class.getPackageName() + "." + what.benchmark()) + "$")
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.NANOSECONDS)
                .threads(what.threads())
                .forks(1)
                .warmupForks(0)
                .warmupIterations(warmUp.iterations())
                .warmupTime(TimeValue.milliseconds(warmUp.millis()))
                .measurementIterations(measurement.iterations())
                .measurementTime(TimeValue.milliseconds(measurement.millis()))
                .addProfiler(GCProfiler.class)
                .addProfiler(OtherLoad.class)
                .jvmArgs("-Xms1g", "-Xmx1g", "-Dcsp.sentinel.log.dir=" + target.resolve("sentinel"))
                .shouldFailOnError(true);
        if (!what.escapeAnalysis()) {
            options.jvmArgsAppend("-XX:-DoEscapeAnalysis");
        }
        if (!what.parameter().isEmpty()) {
            String[] parameter = what.parameter().split("=", 2);
            options.param(parameter[0], parameter[1]);
        }
        RunResult result = new Runner(options.build(), format).run().iterator().next();
        List<Measured.Iteration> iterations = new ArrayList<>();
        for (IterationResult iteration :
                result.getBenchmarkResults().iterator().next().getIterationResults()) {
            double callsPerNano = iteration.getPrimaryResult().getScore();
            iterations.add(new Measured.Iteration(
                    Math.min(what.threads(), CORES) / callsPerNano,
                    secondary(iteration, "gc.alloc.rate.norm"),
                    secondary(iteration, OtherLoad.LABEL)));
        }
        return iterations;
    }

    private static double secondary(IterationResult iteration, String label) {
        Result<?> result = iteration.getSecondaryResults().get(label);
        return result == null ? 0 : result.getScore();
    }
}
