package dev.cutout.bench.decisions;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.EntryType;
import com.alibaba.csp.sentinel.context.Context;
import com.alibaba.csp.sentinel.node.Node;
import com.alibaba.csp.sentinel.slotchain.StringResourceWrapper;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeException;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.circuitbreaker.CircuitBreaker;
import com.alibaba.csp.sentinel.slots.block.degrade.circuitbreaker.ClockedExceptionCircuitBreaker;
import com.alibaba.csp.sentinel.slots.block.degrade.circuitbreaker.ClockedResponseTimeCircuitBreaker;
import com.alibaba.csp.sentinel.util.function.BiConsumer;
import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sentinel's own circuit breakers, asked and told one after the other as its slot for circuit breaking does; the other slots take no
 * part in the decision. {@link ClockedExceptionCircuitBreaker} says how they got their clock.
 *
 * <p>The library starts its ticking thread all the same, as soon as an entry is made; nothing here reads the time from it.
 */
final class SentinelGuard implements Guard {
    private final Clock clock;
    private final List<CircuitBreaker> breakers;
    private final Passage passage = new Passage();
    private final Context context = new Context(null, "simulated");

    SentinelGuard(List<DegradeRule> rules, Ticker ticker, RandomGenerator random) {
        clock = new TimeOfDay(ticker, random);
        breakers = rules.stream().map(this::breaker).toList();
        context.setCurEntry(passage);
    }

    private CircuitBreaker breaker(DegradeRule rule) {
        return rule.getGrade() == RuleConstant.DEGRADE_GRADE_RT
                ? new ClockedResponseTimeCircuitBreaker(rule, clock)
                : new ClockedExceptionCircuitBreaker(rule, clock);
    }

    @Override
    public @Nullable Attempt ask() {
        passage.begin();
        for (CircuitBreaker breaker : breakers) {
            if (!breaker.tryPass(context)) {
                passage.endRefused();
                return null;
            }
        }
        return new Call(clock.millis());
    }

    private final class Call implements Attempt {
        private final long start;

        Call(long start) {
            this.start = start;
        }

        @Override
        public void succeeded() {
            answered(null);
        }

        @Override
        public void failed(Throwable because) {
            answered(because);
        }

        private void answered(@Nullable Throwable error) {
            passage.answered(start, error);
            for (CircuitBreaker breaker : breakers) {
                breaker.onRequestComplete(context);
            }
        }
    }

    /**
     * What the breakers see of a call, one for all of them: they look only while they are asked and told. Sentinel's own entry takes the
     * system clock and wants its answers in the order of a call stack.
     */
    private final class Passage extends Entry {
        /** What breakers that went half-open for this call want to know of its end; they act on it only if another one refused it. */
        private final List<BiConsumer<Context, Entry>> handlers = new ArrayList<>();

        private long start;

        Passage() {
            super(new StringResourceWrapper("simulated", EntryType.OUT));
        }

        void begin() {
            handlers.clear();
            setBlockError(null);
        }

        void endRefused() {
            setBlockError(new DegradeException("simulated"));
            handlers.forEach(handler -> handler.accept(context, this));
        }

        void answered(long start, @Nullable Throwable error) {
            this.start = start;
            setError(error);
            setCompleteTimestamp(clock.millis());
        }

        @Override
        public long getCreateTimestamp() {
            return start;
        }

        @Override
        public void whenTerminate(BiConsumer<Context, Entry> handler) {
            handlers.add(handler);
        }

        @Override
        public void exit(int count, Object... args) {
            trueExit(count, args);
        }

        @Override
        protected Entry trueExit(int count, Object... args) {
            throw new UnsupportedOperationException("the guard ends its calls itself");
        }

        @Override
        public @Nullable Node getLastNode() {
            return null;
        }
    }
}
