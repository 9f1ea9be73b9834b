package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import dev.cutout.lab.simulate.Guard;
import io.smallrye.faulttolerance.core.Completer;
import io.smallrye.faulttolerance.core.FaultToleranceContext;
import io.smallrye.faulttolerance.core.Future;
import io.smallrye.faulttolerance.core.circuit.breaker.CircuitBreaker;
import io.smallrye.faulttolerance.core.stopwatch.Stopwatch;
import io.smallrye.faulttolerance.core.timer.Timer;
import io.smallrye.faulttolerance.core.timer.TimerTask;
import io.smallrye.faulttolerance.core.util.ExceptionDecision;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SmallRye Fault Tolerance itself: the strategy behind its annotations and builders, on the stopwatch that its constructor takes. The
 * calls are asynchronous ones. Its timer does nothing here: it shows observers the half-open state before the first call asks for it.
 */
final class SmallRyeGuard implements Guard {
    private final CircuitBreaker<Object> breaker;
    private final FaultToleranceContext<Object> context = new FaultToleranceContext<>(this::begin, true);
    private @Nullable Completer<Object> begun;

    /**
     * @param delay how long it stays open
     * @param volume the size of the window, in calls
     * @param ratio of failures in a full window at which it opens
     * @param successes how many in a row, half-open, close it; also how many calls it lets through then
     */
    SmallRyeGuard(Duration delay, int volume, double ratio, int successes, Ticker ticker) {
        Stopwatch stopwatch = () -> {
            long start = ticker.nanos();
            return () -> TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - start);
        };
        breaker = new CircuitBreaker<>(
                FaultToleranceContext::call,
                "simulated",
                ExceptionDecision.ALWAYS_FAILURE,
                delay.toMillis(),
                volume,
                ratio,
                successes,
                stopwatch,
                new IdleTimer());
    }

    @Override
    public @Nullable Attempt ask() {
        begun = null;
        breaker.apply(context);
        return begun == null ? null : new Call(begun);
    }

    /** The guarded operation: called only if the breaker lets the call through. */
    private Future<Object> begin() {
        Completer<Object> answer = Completer.create();
        begun = answer;
        return answer.future();
    }

    private record Call(Completer<Object> answer) implements Attempt {
        @Override
        public void succeeded() {
            answer.complete("good");
        }

        @Override
        public void failed(Throwable because) {
            answer.completeWithError(because);
        }
    }

    private static final class IdleTimer implements Timer {
        private static final TimerTask NEVER = new TimerTask() {
            @Override
            public boolean isDone() {
                return false;
            }

            @Override
            public boolean cancel() {
                return true;
            }
        };

        @Override
        public int getId() {
            return 0;
        }

        @Override
        public TimerTask schedule(long delayInMillis, Runnable task) {
            return NEVER;
        }

        @Override
        public TimerTask schedule(long delayInMillis, Runnable task, Executor executor) {
            return NEVER;
        }

        @Override
        public int countScheduledTasks() {
            return 0;
        }

        @Override
        public void shutdown() {}
    }
}
