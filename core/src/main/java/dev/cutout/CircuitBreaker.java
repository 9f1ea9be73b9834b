package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker: stands between this service and one it calls, and decides for each call whether it may go through.
 *
 * <pre>{@code
 * CircuitBreaker inventory = CircuitBreaker.of("inventory"); // keep it in a field: each `of` is a new breaker
 * Stock stock = inventory.call(() -> client.fetchStock(sku)); // throws what fetchStock throws
 * Stock known = inventory.call(() -> client.fetchStock(sku), refusal -> Stock.unknown());
 * }</pre>
 *
 * By default 5 failures in a row open the circuit; it refuses calls for 30 s; then one probe decides. Other numbers are
 * {@link CircuitSettings}; what is a failure is said by a {@link Classifier}.
 *
 * <p>A refusal is a {@link CallNotPermittedException}, or goes to the fallback. Whatever the call returns or throws reaches the caller
 * untouched. Calls are not timed out: set the client's own time-out.
 *
 * <p>Thread-safe. Nothing on the call path locks, parks, or starts a thread; no timer is needed.
 */
public final class CircuitBreaker implements Calls {
    private static final VarHandle GENERATION;
    private static final VarHandle COUNTERS;
    private static final VarHandle ANNOUNCER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            GENERATION = lookup.findVarHandle(CircuitBreaker.class, "generation", Generation.class);
            COUNTERS = lookup.findVarHandle(CircuitBreaker.class, "counters", Counters.class);
            ANNOUNCER = lookup.findVarHandle(CircuitBreaker.class, "announcer", Announcer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final Wiring wiring;
    /** Null where nobody asked for successes to be counted or calls to be timed, nor to be told of answers. */
    private final @Nullable Measures measures;
    /**
     * What rules. Changed by {@link #move} only; volatile, so that whoever was told of a transition also sees it. A healthy call reads it
     * twice and nobody writes it, so it stays in every processor's cache, and volatile costs no more than plain would.
     */
    private volatile Generation generation;
    /** Null until there is something to count. Set once, by compare-and-set. */
    private volatile @Nullable Counters counters;
    /** Null until there is someone to tell. Set once, by compare-and-set. */
    private volatile @Nullable Announcer announcer;
    /**
     * For the registry: set by every look-up that finds it false, cleared by evictions. Racy on purpose: a lost write costs a second
     * chance, and a look-up that finds it true writes nothing. It stands here because the call that follows reads this object anyway.
     */
    boolean lookedUp;

    /** Announced to nobody: see {@link Builder#build}. */
    CircuitBreaker(String name, Wiring wiring, CircuitSettings settings) {
        this.name = requireNotBlank(name);
        this.wiring = wiring;
        this.measures = wiring.measures(name);
        this.announcer = wiring.listeners().isEmpty() ? null : Announcer.to(wiring.listeners());
        this.generation =
                Closed.first(this, Terms.of(name, settings), wiring.ticker().nanos());
    }

    private static String requireNotBlank(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException(
                    "A circuit wants a name that is not blank: it stands in messages, events and metrics.");
        }
        return name;
    }

    /**
     * A new breaker with the {@linkplain CircuitSettings#classic() classic} settings. Each call makes a new one, which knows
     * nothing of the others: keep it in a field.
     *
     * @param name for people: it stands in messages, events and metrics
     */
    public static CircuitBreaker of(String name) {
        return builder(name).build();
    }

    /** A new breaker with these settings. Each call makes a new one: keep it in a field. */
    public static CircuitBreaker of(String name, CircuitSettings settings) {
        return builder(name).settings(settings).build();
    }

    /** To say more than a name and settings. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    // ---- calls

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body) throws X {
        return call(body, Readiness.AT_ONCE);
    }

    private <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body, Readiness readiness) throws X {
        Objects.requireNonNull(body, "body");
        Admission admission = admit(readiness);
        if (admission instanceof Refusal refusal) {
            throw new CallNotPermittedException(refusal);
        }
        return carryOut((Grant) admission, body);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body, Fallback<T, X> fallback) throws X {
        return call(body, fallback, Readiness.AT_ONCE);
    }

    private <T extends @Nullable Object, X extends Exception> T call(
            Call<T, X> body, Fallback<T, X> fallback, Readiness readiness) throws X {
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(fallback, "fallback");
        Admission admission = admit(readiness);
        if (admission instanceof Refusal refusal) {
            return fallback.answer(refusal);
        }
        return carryOut((Grant) admission, body);
    }

    @Override
    public <T extends @Nullable Object> CompletableFuture<T> callAsync(
            Call<? extends CompletionStage<? extends T>, ?> body) {
        return callAsync(body, Readiness.AT_ONCE);
    }

    private <T extends @Nullable Object> CompletableFuture<T> callAsync(
            Call<? extends CompletionStage<? extends T>, ?> body, Readiness readiness) {
        Objects.requireNonNull(body, "body");
        Admission admission = admit(readiness);
        if (admission instanceof Refusal refusal) {
            return CompletableFuture.failedFuture(new CallNotPermittedException(refusal));
        }
        Grant grant = (Grant) admission;
        long start = start(grant);
        CompletionStage<? extends T> source;
        try {
            source = Objects.requireNonNull(
                    body.call(), "The body of callAsync returned null instead of a CompletionStage.");
        } catch (Throwable thrown) {
            threw(grant, start, thrown);
            if (thrown instanceof InterruptedException) {
                Thread.currentThread().interrupt(); // it ends in the future, where nobody would know of it in time
            }
            return CompletableFuture.failedFuture(thrown);
        }
        return GuardedFuture.of(this, grant, start, source);
    }

    @Override
    public Permit acquire() {
        return acquire(Readiness.AT_ONCE);
    }

    private Permit acquire(Readiness readiness) {
        Admission admission = admit(readiness);
        if (admission instanceof Refusal refusal) {
            throw new CallNotPermittedException(refusal);
        }
        return permit((Grant) admission);
    }

    @Override
    public @Nullable Permit tryAcquire() {
        return tryAcquire(Readiness.AT_ONCE);
    }

    private @Nullable Permit tryAcquire(Readiness readiness) {
        Admission admission = admit(readiness);
        return admission instanceof Refusal ? null : permit((Grant) admission);
    }

    /**
     * For calls that must not find out whether the dependency is back, a payment for example: where such a call would be a probe, it is refused, and
     * the next other call goes. If only such calls come, nobody finds out: let some other call, a health check say, go the ordinary way, or
     * see {@link #asLastResortProbe()}.
     *
     * <pre>{@code
     * Receipt receipt = payments.notAsProbe().call(() -> client.charge(order));
     * }</pre>
     */
    public Calls notAsProbe() {
        return new Choosy(this, Readiness.NEVER);
    }

    /**
     * For calls that should not find out whether the dependency is back as long as others may, a request that is not idempotent for example: such a
     * call is a probe only when one has been due for as long again as it was waited for, and nobody else came.
     */
    public Calls asLastResortProbe() {
        return new Choosy(this, Readiness.LATE);
    }

    /** The calls of a circuit breaker that are not ready to be probes. */
    record Choosy(CircuitBreaker circuit, Readiness readiness) implements Calls {
        @Override
        public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body) throws X {
            return circuit.call(body, readiness);
        }

        @Override
        public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> body, Fallback<T, X> fallback)
                throws X {
            return circuit.call(body, fallback, readiness);
        }

        @Override
        public <T extends @Nullable Object> CompletableFuture<T> callAsync(
                Call<? extends CompletionStage<? extends T>, ?> body) {
            return circuit.callAsync(body, readiness);
        }

        @Override
        public Permit acquire() {
            return circuit.acquire(readiness);
        }

        @Override
        public @Nullable Permit tryAcquire() {
            return circuit.tryAcquire(readiness);
        }
    }

    // ---- the machine: admit, record, judge, move

    /** Decides on one call. */
    private Admission admit(Readiness readiness) {
        while (true) {
            Generation current = generation;
            if (current instanceof Closed closed && closed.admitsAll()) {
                return closed; // the healthy path: one read, no write, no clock
            }
            if (current instanceof Open open && open.isFree()) {
                Refusal refusal = open.refusal(now()); // the busy path of an outage: nothing but the clock decides
                if (refusal != null) {
                    return refused(refusal);
                }
            }
            Admission admission;
            if (current instanceof Closed closed && !closed.isAdmissionClocked()) {
                admission = closed.admit();
            } else {
                long now = now();
                current = settle(now);
                if (current instanceof Closed closed) {
                    Generation next = closed.afterCallsUnderWay(now);
                    if (next != closed) {
                        move(closed, next);
                        continue; // whatever rules now decides on this call
                    }
                }
                admission = current.admit(now, readiness);
            }
            if (admission instanceof Refusal refusal) {
                return refused(refusal);
            }
            if (admission instanceof Grant.Probe probe) {
                if (!move(current, probe.generation())) {
                    continue; // another thread took the probe, or the circuit moved on: ask again
                }
                counters().count(Counters.Counter.PROBES);
            } else if (admission == Grant.Shadow.SHADOW) {
                counters().count(Counters.Counter.SHADOWED);
            }
            return admission;
        }
    }

    private Refusal refused(Refusal refusal) {
        counters().count(refusal.reason());
        if (FlightLog.recordsRefusals()) {
            recordRefusal(refusal);
        }
        return refusal;
    }

    /** In a flight recording, at most once a second. */
    private void recordRefusal(Refusal refusal) {
        long now = now();
        long refusals = counters().refusalsToShow(now);
        if (refusals > 0) {
            FlightLog.refused(refusal, seen(now).state(), refusals, now);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T carryOut(Grant grant, Call<T, X> body) throws X {
        long start = start(grant);
        T result;
        try {
            result = body.call();
        } catch (Throwable thrown) {
            threw(grant, start, thrown);
            throw thrown;
        }
        returned(grant, start, result);
        return result;
    }

    private Permit permit(Grant grant) {
        return new Permit(this, grant, start(grant));
    }

    /** The reading from which the call is timed; any number if it is not. */
    private long start(Grant grant) {
        return grant instanceof Closed && grant.isTimed() ? now() : 0;
    }

    /** The call returned: classifies and records. */
    void returned(Grant grant, long start, @Nullable Object result) {
        if (grant instanceof Closed closed && closed == generation && closed.isUnmovedByResults()) {
            countSuccess();
            return; // the healthy path: two reads, no write, no clock
        }
        Outcome outcome;
        Object because = result;
        try {
            outcome = wiring.classifier().outcomeOf(result);
        } catch (Throwable broken) {
            outcome = Outcome.FAILURE;
            because = complainOfClassifier(broken);
        }
        answered(grant, start, outcome, because);
    }

    /** The call threw: classifies and records. */
    void threw(Grant grant, long start, Throwable thrown) {
        boolean timed = grant.isTimed();
        long now = timed ? now() : 0;
        boolean slow = timed && grant.isSlow(start, now);
        boolean overdue = timed && grant instanceof Closed closed && closed.isOverdue(start, now);
        Outcome outcome;
        Throwable because = thrown;
        try {
            outcome = wiring.classifier().outcomeOf(thrown, slow || overdue);
        } catch (Throwable broken) {
            outcome = Outcome.FAILURE;
            because = complainOfClassifier(broken);
        }
        record(grant, start, outcome, because, !timed && grant.isClocked(outcome) ? now() : now, slow);
    }

    /** The outcome is known, the time is not read yet: it is, where anything depends on it. */
    void answered(Grant grant, long start, Outcome outcome, @Nullable Object because) {
        if (outcome == Outcome.SUCCESS
                && grant instanceof Closed closed
                && closed == generation
                && !closed.isClocked(outcome)) {
            // A success that needs no clock, in the generation that admitted it: counted here, without detours.
            closed.giveBack();
            if (!closed.window.isCalm() && closed.rule.succeeded(closed.window, false, 0)) {
                trip(closed, null);
            }
            countSuccess();
            return;
        }
        long now = grant.isClocked(outcome) ? now() : 0;
        record(grant, start, outcome, because, now, grant.isSlow(start, now));
    }

    /**
     * Every answer that moves anything ends here, exactly once.
     *
     * @param now a reading of the clock if the grant {@linkplain Grant#isClocked asks for it}, else any number
     */
    private void record(Grant grant, long start, Outcome outcome, @Nullable Object because, long now, boolean slow) {
        boolean counts;
        long started;
        Generation of;
        if (grant instanceof Closed admitted) {
            admitted.giveBack();
            admitted.ended(start, now, outcome);
            counts = recordClosed(admitted, outcome, because, now, now - start, slow);
            started = start;
            of = admitted;
        } else if (grant instanceof Grant.Probe probe) {
            counts = recordProbe(probe, outcome, because, now, slow);
            started = probe.start();
            of = probe.generation();
        } else if (grant instanceof Grant.Paced paced) {
            counts = recordPaced(paced, outcome, because, now, slow);
            started = paced.start();
            of = paced.ramp();
        } else {
            return; // in the shadow: the circuit would have refused this call, so its answer is none
        }
        if (!counts) {
            counters().count(Counters.Counter.LATE);
            if (FlightLog.recordsLateAnswers()) {
                long took = grant.isTimed() ? now - started : FlightLog.UNKNOWN;
                FlightLog.late(of, generation.number, outcome, because, took);
            }
            if (measures != null) {
                measures.recordLate(outcome, now - started, slow);
            }
            return;
        }
        switch (outcome) {
            case FAILURE -> counters().count(Counters.Counter.FAILURES);
            case IGNORED -> counters().count(Counters.Counter.IGNORED);
            case SUCCESS -> {}
        }
        if (slow && outcome != Outcome.IGNORED) {
            counters().count(Counters.Counter.SLOW);
        }
        if (measures != null) {
            measures.record(outcome, now - started, slow);
        }
    }

    private void countSuccess() {
        if (measures != null) {
            measures.countSuccess();
        }
    }

    /** Counts the answer of a call admitted while closed, and opens the circuit if that satisfies the rule. False if it is late. */
    private boolean recordClosed(
            Closed admitted, Outcome outcome, @Nullable Object because, long now, long took, boolean slow) {
        Generation current = generation;
        if (current.number != admitted.number) {
            return false;
        }
        if (outcome == Outcome.IGNORED) {
            return true;
        }
        // The same stay has the same state, but hold and settings may have changed since: count where they count now.
        Closed closed = (Closed) current;
        long at = closed.isClocked(outcome) && !admitted.isClocked(outcome) ? now() : now;
        boolean satisfied = outcome == Outcome.SUCCESS
                ? closed.rule.succeeded(closed.window, slow, at)
                : closed.rule.failed(closed.window, slow, at);
        if (satisfied) {
            trip(closed, outcome == Outcome.FAILURE ? because : null);
        } else {
            Generation less = outcome == Outcome.FAILURE ? closed.tryLessLoad(at) : closed.tryLimit(took, at);
            if (less != null) {
                move(closed, less); // if another thread was faster, there is something else to be done by now
            }
        }
        return true;
    }

    /** The rule of {@code judged} is satisfied: opens the circuit, unless that stay is over by now or held closed. */
    private void trip(Closed judged, @Nullable Object because) {
        long now = now();
        while (true) {
            Generation current = settle(now);
            if (current.number != judged.number) {
                return; // another thread was faster
            }
            Closed closed = (Closed) current;
            if (closed.isHeldClosed()) {
                return;
            }
            if (!closed.rule.equals(judged.rule) && !closed.rule.isSatisfied(closed.window, now)) {
                return; // reconfigured since, and the new rule sees no reason
            }
            if (move(closed, closed.tripped(now, because))) {
                return;
            }
        }
    }

    /** Tells the ramp the answer of a call. False if it is late: the stay is over, or the call was given up. */
    private boolean recordPaced(Grant.Paced call, Outcome outcome, @Nullable Object because, long now, boolean slow) {
        boolean awaited = call.ramp().leave(call, now);
        boolean counted = false;
        while (true) {
            Generation current = settle(now);
            if (!awaited || current.number != call.ramp().number) {
                return counted; // if it is, another thread carried out what followed from it
            }
            if (outcome == Outcome.IGNORED) {
                return true;
            }
            Generation next = ((Ramp) current).answered(call, outcome, slow, because, now);
            counted = true;
            if (next == current || move(current, next)) {
                return true;
            }
        }
    }

    /** Tells the answer of a probe. False if it is late: the stay is over, or the probe had lapsed. */
    private boolean recordProbe(Grant.Probe probe, Outcome outcome, @Nullable Object because, long now, boolean slow) {
        while (true) {
            Generation current = settle(now);
            boolean awaited = current.number == probe.generation().number
                    && current instanceof Leased leased
                    && leased.awaits(probe.lease());
            if (!awaited) {
                return false;
            }
            if (move(current, ((Leased) current).answered(probe.lease(), outcome, slow, because, now))) {
                return true;
            }
        }
    }

    /** Makes the transitions that time has brought, and returns what rules then. */
    private Generation settle(long now) {
        while (true) {
            Generation current = generation;
            Generation overdue = current.overdue(now);
            if (overdue == null) {
                return current;
            }
            move(current, overdue);
        }
    }

    /** The one place where the state changes. */
    private boolean move(Generation from, Generation to) {
        if (!GENERATION.compareAndSet(this, from, to)) {
            return false;
        }
        if (to.number != from.number) {
            counters().count(from.state(), to.state(), to.since - from.since);
            if (FlightLog.recordsTransitions()) {
                FlightLog.moved(from, to);
            }
        }
        if (to.news != null && from.news != to.news) {
            Announcer present = announcer;
            if (present == null) {
                to.news.cut(); // nobody listens
            } else {
                countLost(present.deliver(this::news));
            }
        }
        return true;
    }

    private @Nullable Announcement news() {
        return generation.news;
    }

    private void countLost(long events) {
        if (events > 0) {
            counters().count(Counters.Counter.LOST_EVENTS, events);
        }
    }

    // ---- orders

    /**
     * Places a hold: a person's override, shown wherever the state is shown. It replaces a hold that is in force.
     *
     * @see #release
     */
    public void hold(Hold hold) {
        Objects.requireNonNull(hold, "hold");
        order((current, now) -> current.held(hold, now));
    }

    /** Lifts the hold in force, if there is one. A circuit that was held open resumes at probing, never straight at closed. */
    public void release() {
        order(Generation::released);
    }

    /**
     * Begins a fresh closed generation: evidence, growth of the wait and calls in flight are forgotten; a hold and the lifetime
     * counters stay. A circuit that is held open stays open.
     */
    public void reset() {
        order(Generation::reset);
    }

    /**
     * Changes the settings while running. Closed: what was counted is kept where the rule counts the same over the same window, else the
     * count starts empty; nothing opens before the next answer. Open: the next probe is due after the shorter of the old and the new
     * wait. Half-open: probes under way stay valid, and the new numbers count from the next generation. A call under way is slow by the
     * {@code slow} that was in force when it was admitted. Listeners and lifetime
     * counters stay. Equal settings change nothing.
     */
    public void reconfigure(CircuitSettings settings) {
        Objects.requireNonNull(settings, "settings");
        order((current, now) ->
                current.terms.settings().equals(settings) ? current : current.reconfigured(settings, now));
    }

    private void order(Order order) {
        while (true) {
            long now = now();
            Generation current = settle(now);
            Generation next = order.carriedOut(current, now);
            if (next == current || move(current, next)) {
                return;
            }
        }
    }

    /** What a person tells a generation. */
    @FunctionalInterface
    private interface Order {
        Generation carriedOut(Generation current, long now);
    }

    // ---- reading: changes nothing

    /** The circuit's name. */
    public String name() {
        return name;
    }

    /** The state at this moment. */
    public CircuitState state() {
        return seen(now()).state();
    }

    /** The settings in force. */
    public CircuitSettings settings() {
        return generation.terms.settings();
    }

    /**
     * How near the circuit is to opening: 0 while nothing speaks for it, 1 while it is open or half-open. <b>Above 0, do not retry</b>: a retry
     * is one more call to a dependency that is in trouble already. One failure alone is no suspicion, so that it may be retried.
     */
    public double suspicion() {
        long now = now();
        return seen(now).suspicion(now);
    }

    /**
     * Whether a call that has just failed may be tried again: nothing speaks for an outage but that one failure. A retry asks the circuit anew, like
     * any call.
     */
    public boolean retryAdvised() {
        return suspicion() <= 0;
    }

    /** Everything there is to know at this moment. */
    public CircuitSnapshot snapshot() {
        // Before the state is looked at: a stay that ends just then is missing for a moment, and never counted twice.
        Stays stays = counted().stays();
        long now = now();
        Generation seen = seen(now, stays);
        Terms.HoldInForce hold = seen.terms.hold();
        InFlight inFlight = seen.terms.inFlight();
        return new CircuitSnapshot(
                name,
                seen.state(),
                seen.number,
                Duration.ofNanos(Math.max(0, now - seen.since)),
                Optional.ofNullable(hold).map(Terms.HoldInForce::hold),
                seen.terms.settings(),
                seen.findings(now),
                seen.opening(),
                seen.probeDue(now),
                seen.probesUnderWay(),
                inFlight == null ? OptionalInt.empty() : OptionalInt.of(inFlight.count()),
                counts(stays));
    }

    /** The state and the hold, if any. */
    @Override
    public String toString() {
        Generation seen = seen(now());
        Terms.HoldInForce hold = seen.terms.hold();
        return "Circuit '" + name + "' " + seen.state() + (hold == null ? "" : " (" + hold.hold() + ")");
    }

    /** What rules at this moment, overdue transitions included, but without making them. */
    private Generation seen(long now) {
        Generation seen = generation;
        for (Generation next = seen; next != null; next = seen.overdue(now)) {
            seen = next;
        }
        return seen;
    }

    /** As {@link #seen(long)}; adds the stays that nobody has counted yet, the last one as far as it has come. */
    private Generation seen(long now, Stays stays) {
        Generation seen = generation;
        for (Generation next = seen.overdue(now); next != null; next = seen.overdue(now)) {
            if (next.number != seen.number) {
                stays.stayed(seen.state(), next.since - seen.since);
                stays.moved(seen.state(), next.state(), 1);
            }
            seen = next;
        }
        stays.stayed(seen.state(), now - seen.since);
        return seen;
    }

    private Counters counted() {
        Counters counted = counters;
        return counted == null ? Counters.NOTHING : counted;
    }

    private CircuitSnapshot.Counts counts(Stays stays) {
        Counters counted = counted();
        return new CircuitSnapshot.Counts(
                counted.of(Counters.Counter.FAILURES),
                counted.of(Counters.Counter.IGNORED),
                counted.of(Counters.Counter.LATE),
                counted.of(Counters.Counter.SLOW),
                counted.of(Counters.Counter.PROBES),
                counted.refusals(),
                counted.of(Counters.Counter.SHADOWED),
                counted.of(Counters.Counter.LOST_EVENTS),
                stays.transitions,
                stays.timeIn,
                measures == null ? OptionalLong.empty() : OptionalLong.of(measures.successes()),
                measures == null ? Optional.empty() : measures.totalDuration());
    }

    // ---- listening

    /**
     * Tells the listener of every event from now on, after the transition is visible and in order. It runs on the thread that made
     * the transition, so it should be quick; it may call the breaker; if it throws, that is logged once and changes nothing.
     *
     * @return to be closed to stop listening
     */
    public Subscription onEvent(Consumer<? super CircuitEvent> listener) {
        return announcer().add(Objects.requireNonNull(listener, "listener"))::run;
    }

    private Announcer announcer() {
        Announcer present = announcer;
        if (present == null) {
            Announcer fresh = Announcer.busy();
            if (ANNOUNCER.compareAndSet(this, null, fresh)) {
                countLost(fresh.beginAfter(this::news));
                return fresh;
            }
            present = Objects.requireNonNull(announcer);
        }
        return present;
    }

    /** A listener's registration. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        /** Stops listening. Doing it again does nothing. */
        @Override
        void close();
    }

    // ---- what the other parts ask

    Wiring wiring() {
        return wiring;
    }

    Supplier<? extends RandomGenerator> random() {
        return wiring.random();
    }

    /** What the clock says. */
    long now() {
        return wiring.ticker().nanos();
    }

    /** The hint that a failure carries of when to come back, in nanoseconds; 0 if there is none. */
    long hintOf(@Nullable Object failure) {
        try {
            return wiring.classifier().hintOf(failure);
        } catch (Throwable broken) {
            complainOfClassifier(broken);
            return 0;
        }
    }

    /** For the registry: whether forgetting this breaker would forget nothing but its name. */
    boolean isIdle() {
        long now = now();
        if (!(seen(now) instanceof Closed closed)) {
            return false;
        }
        InFlight inFlight = closed.terms.inFlight();
        return closed.terms.hold() == null
                && (inFlight == null || inFlight.count() == 0)
                && closed.rule.isUnsuspecting(closed.window, now);
    }

    boolean isHeld() {
        return seen(now()).terms.hold() != null;
    }

    /** For the registry: when this breaker, if it is not closed, was asked last, as the ticker reads. */
    long lastAsked() {
        return generation.lastAsked();
    }

    /** How many calls were not admitted because the circuit is open. */
    long refusedOpen() {
        Counters counted = counters;
        return counted == null ? 0 : counted.of(Refusal.Reason.OPEN) + counted.of(Counters.Counter.SHADOWED);
    }

    private Counters counters() {
        Counters counted = counters;
        if (counted == null) {
            COUNTERS.compareAndSet(this, null, new Counters());
            counted = Objects.requireNonNull(counters);
        }
        return counted;
    }

    private Throwable complainOfClassifier(Throwable broken) {
        Counters counted = counters();
        if (counted.firstComplaint()) {
            Log.warn(
                    "The classifier of circuit '" + name
                            + "' threw; the call counts as a failure. Further exceptions of it are not logged.",
                    broken);
        }
        return broken;
    }

    // ---- building

    /** Builds one breaker. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private CircuitSettings settings = CircuitSettings.classic();
        private Wiring wiring = Wiring.STANDARD;

        private Builder(String name) {
            this.name = requireNotBlank(name);
        }

        /** All numbers. Default: {@link CircuitSettings#classic()}. */
        public Builder settings(CircuitSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** What is a failure. Default: {@link Classifier#standard()}. */
        public Builder classifier(Classifier classifier) {
            wiring = wiring.with(Objects.requireNonNull(classifier, "classifier"));
            return this;
        }

        /** A listener from the start, in addition to those given before; see {@link CircuitBreaker#onEvent}. */
        public Builder onEvent(Consumer<? super CircuitEvent> listener) {
            wiring = wiring.withListener(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** The only clock. Default: {@link Ticker#system()}. */
        public Builder ticker(Ticker ticker) {
            wiring = wiring.with(Objects.requireNonNull(ticker, "ticker"));
            return this;
        }

        /** The only source of chance, asked when a growing wait begins; must not throw. Default: the thread's own. */
        public Builder random(Supplier<? extends RandomGenerator> random) {
            wiring = wiring.with(Objects.requireNonNull(random, "random"));
            return this;
        }

        /** Counts successes for the snapshot. Default: not counted, since it is the only thing a healthy call would write. */
        public Builder countSuccesses() {
            wiring = wiring.countingSuccesses();
            return this;
        }

        /** Adds up durations for the snapshot, and counts successes. Default: not, since it reads the clock twice for each call. */
        public Builder timeCalls() {
            wiring = wiring.timingCalls();
            return this;
        }

        /**
         * A listener for answers from the start, in addition to those given before; successes are counted then too. Default: none, since it
         * reads the clock twice for each call, as {@link #timeCalls} does, and then runs.
         */
        public Builder onAnswer(AnswerListener listener) {
            Objects.requireNonNull(listener, "listener");
            return onAnswer(circuit -> listener);
        }

        /** As {@link #onAnswer(AnswerListener)}, with a listener that is made for the name of the circuit, once. */
        public Builder onAnswer(Function<? super String, ? extends AnswerListener> listenerOf) {
            wiring = wiring.withAnswerListener(Objects.requireNonNull(listenerOf, "listenerOf"));
            return this;
        }

        /** The breaker. */
        public CircuitBreaker build() {
            CircuitBreaker circuit = buildUnannounced();
            LiveNames.STANDALONE.claim(name, circuit);
            return circuit;
        }

        /** For the registry, which knows its names itself. */
        CircuitBreaker buildUnannounced() {
            return new CircuitBreaker(name, wiring, settings);
        }

        /** All but the name and the settings. */
        Wiring wiring() {
            return wiring;
        }
    }
}
