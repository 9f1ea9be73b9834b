package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

/**
 * What the compiled code can do, rather than what some test made it do: nothing on the call path waits for another thread, and no thread is
 * made anywhere. Each check also finds its offence in {@link Offender}, so a check that finds nothing has looked.
 */
class CallPathTest {
    /** Whatever waits for another thread, or belongs to one. */
    private static final Pattern WAITS = Pattern.compile("java/util/concurrent/locks/.*"
            + "|java/lang/Thread\\.(start|sleep|join|yield|<init>)"
            + "|java/lang/(Inheritable)?ThreadLocal\\..*"
            + "|[\\w/$]+\\.(wait|notify|notifyAll|await)"
            + "|java/util/concurrent/(Executors|Semaphore|Exchanger|Phaser|\\w*BlockingQueue)\\..*"
            + "|java/util/concurrent/(Completable)?Future\\.(get|join)");

    /** Whatever makes a thread, or has one made. */
    private static final Pattern MAKES_THREADS =
            Pattern.compile("java/lang/Thread\\.(<init>|start|ofVirtual|ofPlatform|startVirtualThread)"
                    + "|java/util/Timer\\w*\\..*"
                    + "|java/util/concurrent/(Executors|ForkJoinPool|\\w*ThreadPoolExecutor|\\w*ThreadFactory)\\..*"
                    + "|java/util/concurrent/CompletableFuture\\.(\\w+Async|delayedExecutor)"
                    + "|java/lang/ref/Cleaner\\..*");

    private static final Bytecode CORE = Bytecode.besides(CircuitBreaker.class);
    private static final Bytecode OFFENDER = Bytecode.within(CallPathTest.class);

    private static Collection<Bytecode.Method> callPath() {
        List<Bytecode.Method> starts = new ArrayList<>();
        starts.addAll(CORE.methods(CircuitBreaker.class, "call", "run", "callAsync", "acquire", "tryAcquire"));
        starts.addAll(CORE.methods(Permit.class));
        starts.addAll(CORE.methods(GuardedFuture.class));
        starts.addAll(CORE.methods(CircuitBreakerRegistry.class, "get"));
        return CORE.reachableFrom(starts);
    }

    /** So that the tests below look at something: the path leads from a call to everything that a call can bring about. */
    @Test
    void theCallPathReachesEveryPartOfTheMachine() {
        assertThat(callPath())
                .extracting(Bytecode.Method::toString)
                .contains(
                        "CircuitBreaker.carryOut",
                        "CircuitBreaker.recordClosed",
                        "CircuitBreaker.recordProbe",
                        "CircuitBreaker.trip",
                        "CircuitBreaker.settle",
                        "CircuitBreaker.move",
                        "Closed.tripped",
                        "Open.admit",
                        "HalfOpen.firstProbe",
                        "HalfOpen.answered",
                        "HalfOpen.lapsed",
                        "Probing.opened",
                        "Probing.answered",
                        "Ramp.answered",
                        "Pace.success",
                        "Lane.enter",
                        "Suspicion.failure",
                        "Streak.failure",
                        "RecentFailures.failure",
                        "CallWindow.exchange",
                        "TimeWindow.notesAt",
                        "Window$Several.failure",
                        "InFlight.enter",
                        "Announcer.tell",
                        "Classifier.outcomeOf",
                        "CircuitBreakerRegistry.create",
                        "CircuitBreakerRegistry.evictBusy",
                        "Log.warn");
    }

    @Test
    void nothingOnTheCallPathTakesAMonitor() {
        assertThat(monitors(callPath())).isEmpty();
        assertThat(monitors(OFFENDER.methods()))
                .containsExactlyInAnyOrder("CallPathTest$Offender.entered", "CallPathTest$Offender.locked");
    }

    @Test
    void nothingOnTheCallPathWaitsForAnotherThread() {
        assertThat(calls(callPath(), WAITS)).isEmpty();
        assertThat(calls(OFFENDER.methods(Offender.class), WAITS))
                .containsExactlyInAnyOrder(
                        "CallPathTest$Offender.made: java/lang/Thread.<init>",
                        "CallPathTest$Offender.made: java/lang/Thread.start",
                        "CallPathTest$Offender.parked: java/util/concurrent/locks/LockSupport.park",
                        "CallPathTest$Offender.lambda: java/lang/ThreadLocal.<init>");
    }

    @Test
    void noClassMakesAThreadOrATimer() {
        assertThat(calls(CORE.methods(), MAKES_THREADS)).isEmpty();
        assertThat(CORE.methods())
                .extracting(method -> method.owner().superName)
                .doesNotContain("java/lang/Thread", "java/util/TimerTask");
        assertThat(calls(OFFENDER.methods(Offender.class), MAKES_THREADS))
                .containsExactlyInAnyOrder(
                        "CallPathTest$Offender.made: java/lang/Thread.<init>",
                        "CallPathTest$Offender.made: java/lang/Thread.start");
    }

    /** The state changes in one place, or nobody can say what made it change. */
    @Test
    void exactlyOneMethodChangesTheGeneration() {
        List<Bytecode.Method> methods = CORE.methods(CircuitBreaker.class);
        assertThat(methods)
                .filteredOn(method -> method.uses(Opcodes.GETSTATIC, "GENERATION"))
                .extracting(Bytecode.Method::toString)
                .containsExactly("CircuitBreaker.move");
        assertThat(methods)
                .filteredOn(method -> method.uses(Opcodes.PUTFIELD, "generation"))
                .extracting(Bytecode.Method::toString)
                .containsExactly("CircuitBreaker.<init>");
        assertThat(CORE.methods(CircuitBreaker.class, "move"))
                .singleElement()
                .satisfies(move -> assertThat(move.calls())
                        .filteredOn(call -> call.startsWith("java/lang/invoke/VarHandle."))
                        .containsExactly("java/lang/invoke/VarHandle.compareAndSet"));
    }

    private static List<String> monitors(Collection<Bytecode.Method> methods) {
        return methods.stream()
                .filter(method -> method.isSynchronized() || method.entersMonitor())
                .map(Bytecode.Method::toString)
                .toList();
    }

    private static List<String> calls(Collection<Bytecode.Method> methods, Pattern forbidden) {
        return methods.stream()
                .flatMap(method -> method.calls().stream()
                        .filter(call -> forbidden.matcher(call).matches())
                        .map(call -> method + ": " + call))
                .toList();
    }

    /** Never run. Does all that the call path must not. */
    @SuppressWarnings("UnusedMethod") // used by being there
    private static final class Offender {
        private final Object lock = new Object();

        synchronized int locked() {
            return 1;
        }

        int entered() {
            synchronized (lock) {
                return 2;
            }
        }

        void parked() {
            LockSupport.park();
        }

        Thread made() {
            Thread thread = new Thread(this::parked);
            thread.start();
            return thread;
        }

        Stream<Supplier<ThreadLocal<String>>> lambda() {
            return Stream.of(ThreadLocal::new);
        }
    }
}
