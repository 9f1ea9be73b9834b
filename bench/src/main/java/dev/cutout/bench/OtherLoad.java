package dev.cutout.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * How many cores everything else on the machine used while an iteration ran: what {@code /proc/stat} calls busy, less the CPU time of
 * this process. Elsewhere than on Linux it tells nothing.
 */
public class OtherLoad implements InternalProfiler {
    static final String LABEL = "others.cores";

    private static final Path STAT = Path.of("/proc/stat");
    /** The unit of {@code /proc/stat}, the same on every Linux that runs a JVM. */
    private static final double TICKS_PER_SECOND = 100;

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private double busyBefore;
    private long ownBefore;
    private long startedAt;

    @Override
    public String getDescription() {
        return "cores used by everything else on the machine";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        busyBefore = busySeconds();
        ownBefore = system.getProcessCpuTime();
        startedAt = System.nanoTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        if (!Files.isReadable(STAT)) {
            return List.of();
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        double own = (system.getProcessCpuTime() - ownBefore) / 1e9;
        double others = Math.max(0, busySeconds() - busyBefore - own) / seconds;
        return List.of(new ScalarResult(LABEL, others, "cores", AggregationPolicy.AVG));
    }

    private static double busySeconds() {
        if (!Files.isReadable(STAT)) {
            return 0;
        }
        try {
            // cpu user nice system idle iowait irq softirq steal ...
            String[] words = Files.readAllLines(STAT).get(0).split("\\s+", -1);
            double ticks = 0;
            for (int column : new int[] {1, 2, 3, 6, 7, 8}) {
                ticks += Double.parseDouble(words[column]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
