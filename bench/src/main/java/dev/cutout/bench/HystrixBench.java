package dev.cutout.bench;

import com.netflix.hystrix.HystrixCommand;
import com.netflix.hystrix.HystrixCommandGroupKey;
import com.netflix.hystrix.HystrixCommandKey;
import com.netflix.hystrix.HystrixCommandProperties;
import com.netflix.hystrix.HystrixCommandProperties.ExecutionIsolationStrategy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Hystrix at its simplest: on the caller's thread, without time-out and request log. In maintenance mode for years. */
@State(Scope.Benchmark)
public class HystrixBench {
    private final HystrixCommand.Setter setter = HystrixCommand.Setter.withGroupKey(
                    HystrixCommandGroupKey.Factory.asKey("bench"))
            .andCommandKey(HystrixCommandKey.Factory.asKey("bench"))
            .andCommandPropertiesDefaults(HystrixCommandProperties.Setter()
                    .withExecutionIsolationStrategy(ExecutionIsolationStrategy.SEMAPHORE)
                    .withExecutionTimeoutEnabled(false)
                    .withRequestLogEnabled(false)
                    .withRequestCacheEnabled(false)
                    .withFallbackEnabled(false)
                    .withCircuitBreakerRequestVolumeThreshold(100));

    private static final class Command extends HystrixCommand<Object> {
        private final Dependency dependency;

        Command(Setter setter, Dependency dependency) {
            super(setter);
            this.dependency = dependency;
        }

        @Override
        protected Object run() {
            return dependency.supplier.get();
        }
    }

    @Benchmark
    public Object semaphore(Dependency dependency) {
        return new Command(setter, dependency).execute();
    }
}
