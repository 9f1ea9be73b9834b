package dev.cutout.bench;

import io.smallrye.faulttolerance.api.TypedGuard;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** SmallRye Fault Tolerance without a container. */
@State(Scope.Benchmark)
public class SmallRyeBench {
    private final TypedGuard<Object> count = TypedGuard.create(Object.class)
            .withCircuitBreaker()
            .requestVolumeThreshold(100)
            .failureRatio(0.5)
            .done()
            .build();

    @Benchmark
    public Object count(Dependency dependency) throws Exception {
        return count.call(dependency.callable);
    }
}
