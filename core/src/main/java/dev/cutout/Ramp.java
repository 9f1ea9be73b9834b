package dev.cutout;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit is half-open and lets a growing part of the calls through, at a {@link Pace} that their answers set, until nothing is held back.
 */
final class Ramp extends Generation {
    final CircuitSettings plan;
    private final CircuitEvent.@Nullable Opened opening;
    private final Past past;
    private final Trouble trouble;
    /** Whether it began from closed, to try whether fewer calls fare better. */
    private final boolean isTrial;

    private final int lapsed;
    private final long lease;
    private final Lane lane;

    private final Refusal refusal;

    private Ramp(
            Generation before,
            Announcement news,
            CircuitEvent.@Nullable Opened opening,
            Past past,
            Trouble trouble,
            boolean isTrial,
            int lapsed,
            Pace pace,
            long now) {
        super(before.circuit, before.terms, before.number + 1, now, news);
        this.plan = terms.settings();
        this.opening = opening;
        this.past = past;
        this.trouble = trouble;
        this.isTrial = isTrial;
        this.lapsed = lapsed;
        this.lease = plan.lease(plan.firstWait().toNanos(), lapsed);
        this.lane = new Lane(pace, now, lease);
        this.refusal = refusal();
    }

    private Ramp(Ramp of, Terms terms, @Nullable Announcement news) {
        super(of.circuit, terms, of.number, of.since, news);
        this.plan = of.plan;
        this.opening = of.opening;
        this.past = of.past;
        this.trouble = of.trouble;
        this.isTrial = of.isTrial;
        this.lapsed = of.lapsed;
        this.lease = of.lease;
        this.lane = of.lane;
        this.refusal = refusal();
    }

    private Refusal refusal() {
        return Refusal.indefinite(name(), Refusal.Reason.RAMP, opening, since);
    }

    /** The first good probe, which took so long. */
    static Ramp after(Probing probing, Past past, Trouble trouble, long took, long longestFailure, long now) {
        String time = DurationText.brief(Duration.ofNanos(now - probing.since));
        CircuitEvent.HalfOpened event = new CircuitEvent.HalfOpened(
                probing.name(),
                probing.number + 1,
                now,
                CircuitState.OPEN,
                "a probe succeeded, " + time + " and " + probing.probes() + " after the opening");
        Pace pace = Pace.afterProbe(trouble, past.usualRate(), took, longestFailure, now);
        return new Ramp(
                probing,
                Announcement.after(probing.news, event),
                probing.opening,
                past,
                trouble,
                false,
                probing.lapsed,
                pace,
                now);
    }

    /** So many calls of a closed circuit fail that fewer may fare better. */
    static Ramp trial(Closed closed, Past past, double rate, long now) {
        Trouble trouble = Trouble.showing(past, now);
        String evidence =
                String.format(Locale.ROOT, "%.0f %% of the calls fail; trying whether fewer fare better", 100 * rate);
        Pace pace = Pace.trial(trouble, rate, now);
        return fromClosed(closed, past, trouble, evidence, pace, now);
    }

    /** Answers of a closed circuit queue: lets so many calls through that they do not. */
    static Ramp limit(Closed closed, Past past, Tempo tempo, int underWay, long now) {
        Trouble trouble = Trouble.showing(past, now);
        String evidence = String.format(
                Locale.ROOT,
                "answers take %.1f times as long as the dependency needs, with %,d calls in flight",
                tempo.times(),
                underWay);
        Pace pace = Pace.limit(trouble, past.usualRate(), tempo, underWay, now);
        return fromClosed(closed, past, trouble, evidence, pace, now);
    }

    /** Nothing has opened: fewer calls might fare better. */
    private static Ramp fromClosed(Closed closed, Past past, Trouble trouble, String evidence, Pace pace, long now) {
        CircuitEvent.HalfOpened event =
                new CircuitEvent.HalfOpened(closed.name(), closed.number + 1, now, CircuitState.CLOSED, evidence);
        return new Ramp(closed, Announcement.after(closed.news, event), null, past, trouble, true, 0, pace, now);
    }

    @Override
    CircuitState state() {
        return CircuitState.HALF_OPEN;
    }

    // ---- admission

    @Override
    Admission admit(long now, Readiness readiness) {
        Pace pace = lane.pace();
        if (!pace.isProvisional()
                || readiness.mayProbe(now - since, plan.firstWait().toNanos())) {
            long asked = lane.ask();
            if (pace.passes(now, asked)) {
                int number = lane.enter(now, (int) Math.min(Integer.MAX_VALUE, pace.window(now)));
                if (number >= 0) {
                    return new Grant.Paced(this, now, number, pace.cut);
                }
                lane.wasFull = true;
            }
        }
        lane.heldBack();
        return isObserving() ? Grant.Shadow.SHADOW : refusal.at(now);
    }

    // ---- answers

    /** Gives back the place of a call. False if it was lost before, so that its answer is late. */
    boolean leave(Grant.Paced call, long now) {
        return lane.leave(call.lease(), now);
    }

    /** Counts an answer and returns what rules then: this, or what is to be moved to. */
    Generation answered(Grant.Paced call, Outcome outcome, boolean slow, @Nullable Object because, long now) {
        boolean good = outcome == Outcome.SUCCESS && !(slow && plan.trip().judgesSlowness());
        long took = now - call.start();
        while (true) {
            Pace before = lane.pace();
            if (before.verdict != Pace.Verdict.GO_ON) {
                return decided(before, now, null);
            }
            Pace after =
                    good ? before.succeeded(call.cut(), took, now, lane) : before.failed(call.cut(), took, now, lane);
            if (after.verdict == Pace.Verdict.IN_VAIN && !isTrial) {
                after = after.goingOn(); // only a trial ends with this; a recovery goes on, with what it learnt
            }
            if (lane.advance(before, after)) {
                return decided(after, now, good ? null : because);
            }
        }
    }

    private Generation decided(Pace pace, long now, @Nullable Object because) {
        return switch (pace.verdict) {
            case GO_ON -> this;
            case CLOSE ->
                Closed.after(this, terms, now, pace.because, remembered(pace).tried(false, now), news);
            case IN_VAIN -> {
                Past learnt = remembered(pace);
                yield Closed.after(this, terms, now, pace.because, learnt.tried(true, now), news);
            }
            case OPEN -> reopened(pace, pace.because, because, lapsed, now);
        };
    }

    private Past remembered(Pace pace) {
        long sign = refusal.asked() - pace.failedAt > 0 ? refusal.asked() : pace.failedAt;
        return past.with(pace.usualRate)
                .withLongestAnswer(pace.longestSuccess)
                .with(trouble.seen(sign, pace.calls).withKnee(pace.knee));
    }

    /** Open again. The better it went, the less the trouble so far counts. */
    private Generation reopened(Pace pace, String evidence, @Nullable Object because, int lapsed, long now) {
        double left = 1 - Math.min(1, lane.free() / (double) Pace.CLOSE_AFTER);
        Trouble goesOn = trouble.seen(now, (long) (pace.calls * left)).withKnee(pace.knee);
        Past learnt = past.with(pace.usualRate).with(goesOn);
        String last = because == null ? "" : ", the last " + nameOf(because);
        return opens(
                evidence + last,
                because,
                learnt,
                0,
                terms.settings().firstWait().toNanos(),
                lapsed,
                now);
    }

    /** Calls that are never answered have failed. */
    @Override
    @Nullable Generation overdue(long now) {
        Lane.Lost lost = lane.lost(now);
        if (lost == null) {
            return super.overdue(now);
        }
        Terms.HoldInForce hold = terms.hold();
        if (hold != null && hold.isOver(now) && hold.end() - lost.at() < 0) {
            return super.overdue(now);
        }
        String what = (lost.calls() == 1 ? "a call was" : lost.calls() + " calls were") + " not answered within "
                + DurationText.brief(Duration.ofNanos(lease));
        return reopened(lane.pace(), what, null, lapsed + 1, lost.at());
    }

    // ---- orders

    @Override
    Ramp with(Terms changed, @Nullable Announcement told) {
        return new Ramp(this, changed, told);
    }

    @Override
    Generation reconfigured(CircuitSettings settings, long now) {
        return with(terms.with(name(), settings), toldOf(settings, now));
    }

    // ---- what can be seen of it

    @Override
    Optional<CircuitEvent.Opened> opening() {
        return Optional.ofNullable(opening);
    }

    @Override
    String findings(long now) {
        return lane.pace().findings(now, lane.asked());
    }

    @Override
    long lastAsked() {
        return refusal.asked();
    }
}
