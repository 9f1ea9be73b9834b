package dev.cutout.stress;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.TestExecutor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.StateCase;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.MuxCollector;
import org.openjdk.jcstress.infra.collectors.SerializedBufferCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ConsoleReportPrinter;
import org.openjdk.jcstress.infra.grading.HTMLReportPrinter;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.OSSupport;
import org.openjdk.jcstress.os.Scheduler;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.os.topology.PresetRegularTopology;
import org.openjdk.jcstress.os.topology.Topology;
import org.openjdk.jcstress.os.topology.TopologyParseException;
import org.openjdk.jcstress.util.Environment;
import org.openjdk.jcstress.vm.CompileMode;
import org.openjdk.jcstress.vm.VMSupport;

/**
 * Runs every race and fails unless each of them ran, in every configuration, and showed nothing but outcomes that are accepted.
 *
 * <p>It stands in for the main class of jcstress because of three things that one does in silence: it leaves out tests with more actors
 * than the machine has processors, passes tests that did not link, and passes outcomes that are only interesting.
 */
public final class Stress {
    /** A race with fewer samples than that did not run. */
    private static final long FEWEST_SAMPLES = 1_000;

    /** As a service runs: interpreted, then compiled, then compiled better. */
    private static final List<String> AS_USUAL = List.of();

    /** Compiled once and well, in an order of instructions that is drawn at random wherever it is free. */
    private static final List<String> SHUFFLED =
            List.of("-XX:-TieredCompilation", "-XX:+StressLCM", "-XX:+StressGCM", "-XX:+StressIGVN", "-XX:+StressCCP");

    private final boolean full;
    private final Options options;
    private final InProcessCollector results = new InProcessCollector();
    private final List<TestConfig> planned = new ArrayList<>();

    private Stress(boolean full, String filter) throws Exception {
        this.full = full;
        this.options = options(full, filter);
    }

    /**
     * Runs the races.
     *
     * @param args {@code quick} or {@code full}, and if not all, a regular expression for which
     */
    public static void main(String[] args) throws Exception {
        String mode = args[0];
        if (!mode.equals("quick") && !mode.equals("full")) {
            throw new IllegalArgumentException("-Dstress is quick or full, not '" + mode + "'.");
        }
        List<String> complaints = new Stress(mode.equals("full"), args.length > 1 ? args[1] : ".*").run();
        complaints.forEach(System.err::println);
        System.exit(complaints.isEmpty() ? 0 : 1);
    }

    private static Options options(boolean full, String filter) throws Exception {
        // Actors wait for each other by yielding: where others use the machine too, whoever spins keeps its partner
        // from coming.
        List<String> words = new ArrayList<>(List.of("-r", "races", "-t", filter, "-spinStyle", "THREAD_YIELD"));
        words.addAll(full ? List.of("-m", "default") : List.of("-m", "quick", "-time", "250", "-iters", "5"));
        Options options = new Options(words.toArray(new String[0]));
        if (!options.parse()) {
            throw new IllegalArgumentException("jcstress does not know " + words);
        }
        return options;
    }

    private List<String> run() throws Exception {
        OSSupport.init();
        VMSupport.initFlags(options);
        runThoseThatFit();
        runThoseThatShare();
        new HTMLReportPrinter(options, results, System.out).work();
        summarize();
        return complaints();
    }

    private void keep(TestResult result) {
        result.setEnv(Environment.getInstance()); // the report shows it
        results.add(result);
    }

    private Collection<TestInfo> races() {
        return TestList.tests().stream()
                .filter(name -> name.matches(".*(" + options.getTestFilter() + ").*"))
                .sorted()
                .map(TestList::getInfo)
                .toList();
    }

    /** Each actor has a processor to itself. */
    private void runThoseThatFit() throws Exception {
        Topology machine = Topology.get();
        Scheduler scheduler = new Scheduler(machine, options.getCPUCount());
        List<TestConfig> program = new ArrayList<>();
        for (TestInfo race : races()) {
            List<SchedulingClass> places =
                    scheduler.scheduleClasses(race.threads(), options.getCPUCount(), options.affinityMode());
            // The last class is the one that spreads its actors widest.
            for (SchedulingClass place :
                    full || places.isEmpty() ? places : places.subList(places.size() - 1, places.size())) {
                addTo(program, race, place);
            }
        }
        run(program, scheduler);
    }

    /** More actors than processors: they take turns as the system lets them, which needs a made-up machine that has room. */
    private void runThoseThatShare() throws Exception {
        for (TestInfo race : races()) {
            if (plannedFor(race) == 0) {
                Scheduler scheduler = new Scheduler(roomFor(race.threads()), race.threads());
                List<TestConfig> program = new ArrayList<>();
                for (SchedulingClass place :
                        scheduler.scheduleClasses(race.threads(), race.threads(), AffinityMode.NONE)) {
                    addTo(program, race, place);
                }
                run(program, scheduler);
            }
        }
    }

    private static Topology roomFor(int actors) throws TopologyParseException {
        return new PresetRegularTopology(1, actors, 1);
    }

    private void addTo(List<TestConfig> program, TestInfo race, SchedulingClass place) {
        if (full && race.threads() == 2) {
            for (int compiled : CompileMode.casesFor(2, VMSupport.c1Available(), VMSupport.c2Available())) {
                program.add(new TestConfig(options, race, 0, AS_USUAL, compiled, place));
            }
        } else {
            program.add(new TestConfig(options, race, 0, AS_USUAL, CompileMode.UNIFIED, place));
        }
        for (int fork = 0; fork < (full ? 3 : 1); fork++) { // each with another seed
            program.add(new TestConfig(options, race, fork, SHUFFLED, CompileMode.UNIFIED, place));
        }
    }

    private void run(List<TestConfig> program, Scheduler scheduler) throws Exception {
        if (program.isEmpty()) {
            return;
        }
        planned.addAll(program);
        PrintWriter console = new PrintWriter(System.out, true, Charset.defaultCharset());
        ConsoleReportPrinter progress = new ConsoleReportPrinter(options, console, program.size());
        SerializedBufferCollector sink = new SerializedBufferCollector(MuxCollector.of(progress, this::keep));
        TestExecutor executor = new TestExecutor(options.verbosity(), sink, scheduler);
        progress.setExecutor(executor);
        executor.runAll(program);
        sink.close();
        progress.printFinishLine();
    }

    /** One line for each race; accepted outcomes that did not show are named, since they tell how sharp the race is. */
    private void summarize() {
        for (TestInfo race : races()) {
            long samples = 0;
            Set<String> seen = new TreeSet<>();
            for (TestResult result : of(race)) {
                samples += result.getTotalCount();
                seen.addAll(result.getStateKeys());
            }
            System.out.printf("%-70s %,14d samples%n", race.name(), samples);
            for (StateCase outcome : race.cases()) {
                if (outcome.expect() == Expect.ACCEPTABLE
                        && seen.stream().noneMatch(s -> outcome.matchesExactly(s) || outcome.matches(s))) {
                    System.out.println(
                            "    did not show: " + outcome.matchPattern() + " (" + outcome.description() + ")");
                }
            }
        }
        System.out.printf("%d races in %d configurations%n", races().size(), planned.size());
    }

    private List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (races().isEmpty()) {
            complaints.add("No race was run.");
        }
        for (TestInfo race : races()) {
            List<TestResult> ran = of(race);
            if (ran.isEmpty() || ran.size() != plannedFor(race)) {
                complaints.add(
                        race.name() + " ran in " + ran.size() + " configurations instead of " + plannedFor(race));
            }
            long samples = ran.stream().mapToLong(TestResult::getTotalCount).sum();
            if (samples < FEWEST_SAMPLES) {
                complaints.add(race.name() + " has only " + samples + " samples");
            }
            ran.forEach(result -> judge(result, complaints));
        }
        return complaints;
    }

    private List<TestResult> of(TestInfo race) {
        return results.getTestResults().stream()
                .filter(result -> result.getName().equals(race.name()))
                .toList();
    }

    private long plannedFor(TestInfo race) {
        return planned.stream()
                .filter(config -> config.name.equals(race.name()))
                .count();
    }

    private static void judge(TestResult result, List<String> complaints) {
        String where = result.getName() + " " + result.getConfig().jvmArgs + ": ";
        if (result.status() != Status.NORMAL) {
            complaints.add(where + result.status() + " " + result.getMessages());
        }
        result.grading().gradingResults.values().stream()
                .filter(outcome -> outcome.expect != Expect.ACCEPTABLE && outcome.count > 0)
                .forEach(outcome -> complaints.add(where + outcome.expect + " " + outcome.count + " times: "
                        + outcome.id + " (" + outcome.description + ")"));
    }
}
