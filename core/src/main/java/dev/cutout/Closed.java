package dev.cutout;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is closed: calls pass, and their answers are counted until the trip rule is satisfied. It is itself the grant of the calls
 * it admits.
 */
final class Closed extends Generation implements Grant {
    // What a call here can need beside the window: bits, so that several questions cost the healthy path as much as
    // one.

    /** The calls in flight are limited. */
    private static final int LIMITED = 1;
    /** A hold is in force that ends by itself, so that admission needs the clock. */
    private static final int HOLD_ENDS = 1 << 1;
    /** Calls are timed from the permit, so that slow ones are known. */
    private static final int TIMED = 1 << 2;
    /** Counting a success takes a reading of the clock. */
    private static final int SUCCESS_CLOCKED = 1 << 3;
    /** Counting a failure takes a reading of the clock. */
    private static final int FAILURE_CLOCKED = 1 << 4;
    /** A result may be a failure. */
    private static final int RESULTS_JUDGED = 1 << 5;
    /** Calls under way are watched, whether they are overdue. */
    private static final int WATCHED = 1 << 6;

    // After a trouble calls under way are watched for as long as it lasted, but within these bounds: most troubles that
    // come back do so soon.
    private static final long LEAST_WARY = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST_WARY = Duration.ofMinutes(10).toNanos();

    private final int needs;
    final TripRule rule;
    /** Counts in place; see its class for who writes it and how. The only mutable part of any generation. */
    final Window window;

    private final Past past;
    /** Null where calls under way are not watched. */
    private final @Nullable Overdue overdue;
    /** Null where the limit is not adaptive. */
    private final @Nullable QueueWatch queue;

    private Closed(
            CircuitBreaker circuit,
            Terms terms,
            long number,
            long since,
            Window window,
            Past past,
            @Nullable Overdue overdue,
            @Nullable Announcement news) {
        super(circuit, terms, number, since, news);
        this.rule = terms.settings().trip();
        this.window = window;
        this.past = past;
        this.overdue = overdue;
        this.queue = terms.settings().isLimitAdaptive() ? new QueueWatch() : null;
        this.needs = needs();
    }

    private int needs() {
        Wiring wiring = circuit.wiring();
        Terms.HoldInForce hold = terms.hold();
        boolean timed = terms.settings().slowNanos() != Long.MAX_VALUE
                || wiring.needsDurations()
                || overdue != null
                || queue != null;
        return (terms.inFlight() != null ? LIMITED : 0)
                | (hold != null && hold.ends() ? HOLD_ENDS : 0)
                | (timed ? TIMED : 0)
                | (overdue != null ? WATCHED : 0)
                | (timed || rule.clocksSuccesses() ? SUCCESS_CLOCKED : 0)
                | (timed || rule.clocksFailures() ? FAILURE_CLOCKED : 0)
                | (wiring.classifier().takesEveryResult() ? 0 : RESULTS_JUDGED);
    }

    /** The first generation of a breaker. */
    static Closed first(CircuitBreaker circuit, Terms terms, long now) {
        return new Closed(
                circuit,
                terms,
                1,
                now,
                emptyWindow(terms, now),
                Past.NONE,
                watch(terms.settings(), Past.NONE, now),
                null);
    }

    /** A new stay after {@code before}. */
    static Closed after(
            Generation before, Terms terms, long now, String evidence, Past past, @Nullable Announcement news) {
        long number = before.number + 1;
        Announcement told =
                Announcement.after(news, new CircuitEvent.Closed(before.name(), number, now, before.state(), evidence));
        Window window = emptyWindow(terms, now);
        window.remember(past.usualRate());
        return new Closed(before.circuit, terms, number, now, window, past, watch(terms.settings(), past, now), told);
    }

    /** What watches the calls under way: always, where the settings want it; else for a while after a trouble, since it may come back as a hang. */
    private static @Nullable Overdue watch(CircuitSettings settings, Past past, long now) {
        Optional<Duration> fixed = settings.hang();
        if (fixed.isPresent()) {
            return new Overdue(fixed.get().toNanos(), 0, now);
        }
        boolean wary = settings.isWaitAdaptive() && past.trouble() != null;
        return settings.isHangLearnt() || wary ? new Overdue(0, past.longestAnswer(), now) : null;
    }

    // ---- calls under way

    /** A call begins. This, unless those under way are overdue, or need not be watched any more. */
    Generation afterCallsUnderWay(long now) {
        if (overdue == null || !overdue.begins(now) || isHeldClosed()) {
            return this;
        }
        long calls = overdue.count(now);
        if (calls > 0 && rule.isSatisfiedWith(calls, overdue.since(now), window, now)) {
            return hung(now, calls);
        }
        return isStillWary(now) ? this : new Closed(circuit, terms, number, since, window, past, null, news);
    }

    private boolean isStillWary(long now) {
        CircuitSettings settings = terms.settings();
        Trouble trouble = past.trouble();
        if (settings.hang().isPresent() || settings.isHangLearnt() || trouble == null) {
            return true;
        }
        return now - since < Math.max(LEAST_WARY, Math.min(LONGEST_WARY, trouble.length()));
    }

    /** The call is answered, whatever the answer. */
    void ended(long start, long now, Outcome outcome) {
        if ((needs & WATCHED) != 0) {
            Objects.requireNonNull(overdue).answered(start, now, outcome);
        }
    }

    /** Whether a call between these readings took longer than it may. */
    boolean isOverdue(long start, long now) {
        return overdue != null && now - start > overdue.allowed();
    }

    private Generation hung(long now, long calls) {
        String time = DurationText.brief(
                Duration.ofNanos(Objects.requireNonNull(overdue).allowed()));
        String evidence = calls + " calls in a row are not answered within " + time
                + (terms.settings().hang().isPresent() ? "" : ", twice as long as answers took");
        return opens(now, evidence, null);
    }

    private static Window emptyWindow(Terms terms, long now) {
        return terms.settings().trip().windowKind().fresh(now);
    }

    @Override
    CircuitState state() {
        return CircuitState.CLOSED;
    }

    // ---- the healthy path

    /** Whether every call is admitted without a look at anything else. */
    boolean admitsAll() {
        return (needs & (LIMITED | HOLD_ENDS | WATCHED)) == 0;
    }

    /** Whether a call that returns is a success and leaves the circuit as it is. True for the whole life of most healthy circuits. */
    boolean isUnmovedByResults() {
        return (needs & (LIMITED | SUCCESS_CLOCKED | RESULTS_JUDGED)) == 0 && window.isCalm();
    }

    /** Gives back the place that a call took, if calls in flight are limited. */
    void giveBack() {
        if ((needs & LIMITED) != 0) {
            Objects.requireNonNull(terms.inFlight()).leave();
        }
    }

    // ---- the others

    /** Whether admission needs the clock. */
    boolean isAdmissionClocked() {
        return (needs & (HOLD_ENDS | WATCHED)) != 0;
    }

    @Override
    Admission admit(long now, Readiness readiness) {
        return admit();
    }

    /** Decides on one call without the clock. */
    Admission admit() {
        if ((needs & LIMITED) == 0) {
            return this;
        }
        InFlight inFlight = Objects.requireNonNull(terms.inFlight());
        if (inFlight.enter(terms.settings().mostInFlight())) {
            return this;
        }
        return isObserving() ? Grant.Shadow.SHADOW : inFlight.refusal();
    }

    @Override
    public boolean isTimed() {
        return (needs & TIMED) != 0;
    }

    @Override
    public boolean isClocked(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> (needs & SUCCESS_CLOCKED) != 0;
            case FAILURE -> (needs & FAILURE_CLOCKED) != 0;
            case IGNORED -> isTimed();
        };
    }

    @Override
    public boolean isSlow(long start, long now) {
        return isTimed() && now - start > terms.settings().slowNanos();
    }

    /** Opens: the rule is satisfied, and {@code because} was the last of the evidence. */
    Generation tripped(long now, @Nullable Object because) {
        String last = because == null ? "" : ", the last " + nameOf(because);
        return opens(now, rule.evidence(window, now) + last, because);
    }

    private Generation opens(long now, String evidence, @Nullable Object because) {
        Past learnt = past.with(window.remembered());
        int step = past.stepAfter(now - since);
        long wait = terms.settings().drawWait(step, circuit.random());
        return opens(evidence, because, learnt, step, wait, 0, now);
    }

    /** So many calls fail that fewer might fare better: tries that. Null if it is not to be tried now. */
    @Nullable Generation tryLessLoad(long now) {
        if (!terms.settings().isWaitAdaptive() || isHeldClosed()) {
            return null;
        }
        double rate = rule.excessiveRate(window, past.answersBeforeTrial(now), now);
        return rate > 0 ? Ramp.trial(this, past.with(window.remembered()), rate, now) : null;
    }

    /** Answers queue: limits the calls in flight. Null if they do not, or if that is not to be done now. */
    @Nullable Generation tryLimit(long took, long now) {
        Tempo seen = queue == null || isHeldClosed() ? null : queue.queueing(took);
        return seen == null
                ? null
                : Ramp.limit(
                        this,
                        past.with(window.remembered()),
                        seen,
                        Objects.requireNonNull(terms.inFlight()).count(),
                        now);
    }

    boolean isHeldClosed() {
        return terms.isHeld(Hold.Kind.CLOSED);
    }

    @Override
    String findings(long now) {
        return rule.findings(window, now);
    }

    @Override
    double suspicion(long now) {
        return rule.nearness(window, now);
    }

    @Override
    Closed with(Terms changed, @Nullable Announcement told) {
        return new Closed(circuit, changed, number, since, window, past, overdue, told);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        Announcement told = toldOf(settings, now);
        Window kept = settings.trip().windowKind().from(window, now);
        return new Closed(
                circuit, terms.with(name(), settings), number, since, kept, past, watch(settings, past, now), told);
    }
}
