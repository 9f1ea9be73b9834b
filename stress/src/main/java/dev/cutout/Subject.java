package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The circuit that a race is about, its clock, and what it told since the race began.
 *
 * <p>In the package of the breaker for one reason: a race makes millions of circuits, and {@link CircuitBreaker.Builder#build} would enter each
 * into the list of live names, a map that all threads share.
 */
public final class Subject {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final class Outage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Outage() {
            super("down", null, false, false);
        }
    }

    /** The circuit. */
    public final CircuitBreaker circuit;

    /** The clock, which stands still until it is moved. */
    private final AtomicLong nanos = new AtomicLong();
    /** Not thread-safe, on purpose: a breaker tells one event after the other, whichever threads made them. */
    private final List<CircuitEvent> told = new ArrayList<>(4);
    /** The opening that was told last. */
    private CircuitEvent.@Nullable Opened opening;

    private Subject(CircuitSettings settings) {
        circuit = CircuitBreaker.builder("subject")
                .settings(settings)
                .ticker(nanos::get)
                .countSuccesses()
                .onEvent(this::hear)
                .buildUnannounced();
    }

    private void hear(CircuitEvent event) {
        told.add(event);
        opening = event instanceof CircuitEvent.Opened opened ? opened : opening;
    }

    /** Closed, and nothing counted. */
    public static Subject closed(CircuitSettings settings) {
        return new Subject(settings);
    }

    /** Open after one failure, which must be enough, and the wait of a second is over: generation 2. */
    public static Subject dueForProbe(CircuitSettings settings) {
        Subject subject = closed(settings);
        subject.fail();
        subject.passSecond();
        subject.told.clear();
        return subject;
    }

    /** Half-open on the ramp after a good probe: generation 3, room for one call at once. The settings wait adaptively. */
    public static Subject onRamp(CircuitSettings settings) {
        Subject subject = dueForProbe(settings);
        subject.succeed();
        subject.told.clear();
        return subject;
    }

    /** The next permit is a probe of generation 3. */
    public Permit probe() {
        Permit probe = circuit.acquire();
        told.clear();
        return probe;
    }

    /** What a dependency that is down throws. */
    public static RuntimeException outage() {
        return new Outage();
    }

    /** One call that fails. */
    public void fail() {
        circuit.acquire().failure(outage());
    }

    /** One call that succeeds. */
    public void succeed() {
        circuit.acquire().success();
    }

    /** One call that says nothing about the dependency. */
    public void ignore() {
        circuit.acquire().ignore();
    }

    /** Takes all the room there is; returns for how many calls that was. */
    public int takeRoom() {
        int calls = 0;
        while (circuit.tryAcquire() != null) {
            calls++;
        }
        return calls;
    }

    /** Places a hold before the race. */
    public Subject held(Hold hold) {
        circuit.hold(hold);
        told.clear();
        return this;
    }

    /** The clock goes on by one second. */
    public void passSecond() {
        nanos.addAndGet(SECOND.toNanos());
    }

    /** How many seconds have passed since the circuit was made. */
    public long seconds() {
        return Duration.ofNanos(nanos.get()).toSeconds();
    }

    /**
     * State and generation, and what was told since the race began, each with its generation: {@code OPEN 3 told HoldPlaced:2 Opened:3}. Of two
     * openings where the second wrote over the first, one is told and the other shown: then it ends with {@code , shows another}.
     */
    @SuppressWarnings("ReferenceEquality") // the very objects: two openings can be equal, and one of them untold
    public String seen() {
        CircuitSnapshot now = circuit.snapshot();
        String events = told.stream()
                .map(event -> event.getClass().getSimpleName() + ":" + event.generation())
                .collect(Collectors.joining(" "));
        boolean another = now.opening().isPresent() && now.opening().get() != opening;
        return now.state() + " " + now.generation() + " told " + (events.isEmpty() ? "nothing" : events)
                + (another ? ", shows another" : "");
    }

    /** What is counted toward the trip rule, in words. */
    public String evidence() {
        return circuit.snapshot().evidence();
    }

    /** Answers by kind: {@code 1 good 2 bad 0 ignored 1 late}. */
    public String answers() {
        CircuitSnapshot.Counts counts = circuit.snapshot().counts();
        return counts.successes().orElseThrow() + " good " + counts.failures() + " bad " + counts.ignored()
                + " ignored " + counts.late() + " late";
    }

    /** Calls in flight, where they are limited. */
    public int inFlight() {
        return circuit.snapshot().callsInFlight().orElseThrow();
    }
}
