package dev.cutout.bench;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Sentinel, with one degrade rule. It also keeps statistics of its own, which nobody can switch off. */
@State(Scope.Benchmark)
public class SentinelBench {
    private static final String RESOURCE = "bench";

    public SentinelBench() {
        DegradeRuleManager.loadRules(List.of(new DegradeRule(RESOURCE)
                .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
                .setCount(0.5)
                .setMinRequestAmount(100)
                .setStatIntervalMs(10_000)
                .setTimeWindow(3_600)));
    }

    @Benchmark
    public Object exceptionRatio(Dependency dependency) throws BlockException {
        Entry entry = SphU.entry(RESOURCE);
        try {
            return dependency.supplier.get();
        } finally {
            entry.exit();
        }
    }
}
