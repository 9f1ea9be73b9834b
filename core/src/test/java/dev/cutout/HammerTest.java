package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads do everything at once to one circuit, by chance and for half a minute: calls, answers on other threads, two answers at the
 * same moment, answers that come too late or never, holds, new settings, resets, jumps of the clock. After each round of it the
 * {@link History} must hang together, and the {@link Ledger} of all calls must agree with it and with what the circuit counted.
 *
 * <p>It was seen to fail, mostly within seconds, where a generation, a probe, or an order is installed without compare-and-set, or not again after
 * another thread was faster; where a probe is let through without being installed, or one too many, or its answer taken for told; where a
 * lapsed probe still counts, or the answer of a call from an earlier generation; where an old failure opens a later generation; where a permit
 * can answer twice, a late answer keeps its place among the calls in flight, or two calls take one place; where a circuit opens while held closed; where
 * two threads deliver events at once; where refusals are counted without atomicity. The Lincheck tests tell better what went wrong.
 *
 * <p>For longer, {@code -Dhammer.seconds=500} (the build ends a JVM after ten minutes); for other chances, {@code -Dhammer.seed=2}. The seed
 * says what each thread does, not in which order the threads come: to see a failure again, run its seed for longer.
 */
class HammerTest {
    private static final long SEED = Long.getLong("hammer.seed", 1);
    private static final long SECONDS = Long.getLong("hammer.seconds", 30);
    private static final int THREADS = 64;
    /** So few in one round that no more events can pile up behind a thread that lost its processor than the circuit keeps. */
    private static final int STEPS = 16;
    /** How often a thread looks whether another one has come to answer the same call. */
    private static final int LOOKS = 300;

    /** The settings, and how many failures it takes at least to satisfy the rule of each. In order, so that a seed always means the same. */
    private static final Map<CircuitSettings, Integer> LEAST_FAILURES = new LinkedHashMap<>();

    static {
        String longLease = "; probes 2 of 3; probe within 10m";
        settings("trip 3 consecutive; wait 10ms; probes 2 of 3; limit 6", 3);
        settings("trip 2 consecutive; wait 5ms to 40ms; probes 2 of 3; limit 3", 2);
        settings("trip 50% of last 10 calls, at least 4; wait 10ms; probes 2 of 3; probe within 3ms; limit 6", 2);
        settings("trip 4 consecutive or 4 failures within 20ms; wait 5ms to 20ms; probes 3; limit 12", 4);
        settings("trip 40% of last 20ms, at least 5; wait 10ms to 80ms; limit 9" + longLease, 2);
        settings("trip 5 consecutive; wait 5ms to 20ms", 5);
        settings("trip 60% of last 5 calls, at least 5; wait 5ms to 40ms; slow 1ms" + longLease, 3);
    }

    private static final List<CircuitSettings> ALL = List.copyOf(LEAST_FAILURES.keySet());
    private static final List<CircuitSettings> LIMITED =
            ALL.stream().filter(some -> some.limit().isPresent()).toList();

    private static final List<Hold> OVERRIDES = List.of(
            Hold.open().until(Duration.ofMillis(5)),
            Hold.open(),
            Hold.closed(),
            Hold.closed().until(Duration.ofMillis(5)));
    private static final List<Hold> OBSERVING =
            List.of(Hold.observing(), Hold.observing().until(Duration.ofMillis(50)));

    /** An answer that says nothing about the dependency. */
    private static final class Cancelled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Cancelled() {
            super("cancelled", null, false, false);
        }
    }

    /** What may happen in one round. */
    private record Round(
            List<CircuitSettings> settings, List<Hold> holds, boolean observes, boolean resets, boolean leavesCalls) {
        static Round drawn(SplittableRandom random) {
            boolean observes = random.nextInt(4) == 0;
            int kind = random.nextInt(3);
            return new Round(
                    kind == 0 ? List.of(oneOf(ALL, random)) : kind == 1 ? LIMITED : ALL,
                    observes ? OBSERVING : OVERRIDES,
                    observes,
                    random.nextBoolean(),
                    !observes && random.nextBoolean());
        }

        /** Whether all calls let through while closed are counted as in flight, from their permit to their answer. */
        boolean countsAllInFlight() {
            return !resets && settings.stream().allMatch(some -> some.limit().isPresent());
        }

        int mostInFlight() {
            return settings.stream()
                    .mapToInt(some -> some.limit().orElse(Integer.MAX_VALUE))
                    .max()
                    .orElseThrow();
        }
    }

    /** A call that was let through, with the permit to answer it. */
    private record Pending(Permit permit, Ledger.Admitted call) {}

    /** A call that wants to be answered by two threads at the same moment. */
    private static final class Duel {
        final Pending pending;
        volatile boolean met;

        Duel(Pending pending) {
            this.pending = pending;
        }
    }

    private final HandWoundTicker clock = new HandWoundTicker();
    private final History history = new History();
    /** It asks all of these in the middle of what it does, the chance even between looking at its state and exchanging it. So there others go first. */
    private final CircuitBreaker circuit = CircuitBreaker.builder("hammered")
            .settings(ALL.get(0))
            .ticker(() -> {
                letOthersFirst(50);
                return clock.nanos();
            })
            .random(() -> {
                letOthersFirst(4);
                return ThreadLocalRandom.current();
            })
            .classifier(Classifier.standard().ignoring(Cancelled.class).retryAfter(PlayedCalls.Outage.class, outage -> {
                letOthersFirst(4);
                return Optional.empty();
            }))
            .onEvent(event -> letOthersFirst(20))
            .onEvent(history)
            .countSuccesses()
            .buildUnannounced();
    /** Calls that anyone may answer. */
    private final AtomicReferenceArray<Pending> pending = new AtomicReferenceArray<>(8);

    /** A call of which a thread is waiting for another one to answer it too. */
    private final AtomicReference<@Nullable Duel> duel = new AtomicReference<>();
    /** Calls in flight that closed circuits let through for certain. */
    private final AtomicInteger inFlight = new AtomicInteger();

    private final AtomicInteger mostInFlight = new AtomicInteger();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyPermitIsAccountedForAndTheHistoryHangsTogether() throws Exception {
        long start = System.nanoTime();
        SplittableRandom random = new SplittableRandom(SEED);
        int rounds = 0;
        try (Crowd crowd = new Crowd(THREADS)) {
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
                rounds++;
                try {
                    hammer(crowd, Round.drawn(random), random);
                } catch (Exception | AssertionError e) {
                    throw new AssertionError("seed " + SEED + ", round " + rounds + ": " + e.getMessage(), e);
                }
            }
        }
        hasSeenEverything(circuit.snapshot().counts());
    }

    /** What never happened was not checked. */
    private static void hasSeenEverything(CircuitSnapshot.Counts counts) {
        assertThat(counts.refused())
                .as("refused, seed %d: %s", SEED, counts)
                .containsOnlyKeys(
                        Refusal.Reason.OPEN, Refusal.Reason.PROBES_TAKEN, Refusal.Reason.LIMIT, Refusal.Reason.HELD);
        assertThat(List.of(counts.probes(), counts.late(), counts.ignored(), counts.shadowed()))
                .as("probes, late, ignored, shadowed, seed %d: %s", SEED, counts)
                .allSatisfy(count -> assertThat(count).isPositive());
    }

    private static void settings(String line, int leastFailures) {
        LEAST_FAILURES.put(CircuitSettings.parse(line), leastFailures);
    }

    /** One round, from a closed circuit with no call in flight to another one. */
    private void hammer(Crowd crowd, Round round, SplittableRandom random) throws Exception {
        circuit.reconfigure(oneOf(round.settings(), random));
        CircuitSnapshot before = history.check(circuit, ALL.get(0));
        history.forgetChecked();
        inFlight.set(0);
        mostInFlight.set(0);

        List<Member> members = IntStream.range(0, THREADS)
                .mapToObj(member -> new Member(round, random.split()))
                .toList();
        crowd.doAtOnce(member -> members.get(member).doSteps());
        for (int i = 0; i < pending.length(); i++) {
            answer(pending.getAndSet(i, null));
        }

        Ledger ledger = new Ledger(before, round.observes());
        for (Member member : members) {
            ledger.add(member.admitted, member.refused);
            ledger.addOrders(member.holds, member.resets);
        }
        ledger.checkInFlight(history.check(circuit, ALL.get(0)), round.countsAllInFlight());
        if (round.countsAllInFlight() && !round.observes()) {
            assertThat(mostInFlight.get()).as("calls in flight at once").isLessThanOrEqualTo(round.mostInFlight());
        }

        circuit.reset();
        ledger.addOrders(0, 1);
        // One that each thread left is answered now, so it is late; the rest never is.
        members.forEach(member -> member.left.stream().limit(1).forEach(this::answer));
        CircuitSnapshot after = history.check(circuit, ALL.get(0));
        ledger.check(history.events(), after, LEAST_FAILURES);
        assertThat(after.callsInFlight().orElse(0))
                .as("calls in flight after a reset")
                .isZero();
    }

    private Ledger.Moment moment() {
        return Ledger.Moment.of(circuit.snapshot(), clock.nanos());
    }

    private void answer(@Nullable Pending pending) {
        if (pending == null) {
            return;
        }
        answering(pending.call());
        answerNow(pending);
    }

    private void answerNow(Pending pending) {
        switch (pending.call().outcome) {
            case SUCCESS -> pending.permit().success();
            case FAILURE -> pending.permit().failure(new PlayedCalls.Outage());
            case IGNORED -> pending.permit().ignore();
        }
        pending.call().answered(moment());
    }

    private void answering(Ledger.Admitted call) {
        if (call.isFirstAnswering(moment()) && call.isSurelyClosed()) {
            inFlight.decrementAndGet();
        }
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // yields only so that more happens in between; what must hold does not depend on it
    private static void letOthersFirst(int oneIn) {
        if (ThreadLocalRandom.current().nextInt(oneIn) == 0) {
            Thread.yield();
        }
    }

    private static <T> T oneOf(List<T> things, SplittableRandom random) {
        return things.get(random.nextInt(things.size()));
    }

    /** One of the threads, in one round. */
    private final class Member {
        final List<Ledger.Admitted> admitted = new ArrayList<>();
        final List<Ledger.Refused> refused = new ArrayList<>();
        final List<Pending> left = new ArrayList<>();
        long holds;
        long resets;
        private final Round round;
        private final SplittableRandom random;
        /** How long it was, at the last refusal, until something should happen. */
        private Duration edge = Duration.ZERO;

        Member(Round round, SplittableRandom random) {
            this.round = round;
            this.random = random;
        }

        void doSteps() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
        }

        private void step() {
            int chance = random.nextInt(100);
            if (chance < 20) {
                call();
            } else if (chance < 40) {
                answer(ask());
            } else if (chance < 53) {
                answer(pending.getAndSet(random.nextInt(pending.length()), ask()));
            } else if (chance < 68) {
                answer(pending.getAndSet(random.nextInt(pending.length()), null));
            } else if (chance < 72) {
                duel();
            } else if (chance < 73) {
                leave();
            } else if (chance < 90) {
                clock.advance(jump());
            } else if (chance < 92) {
                circuit.hold(oneOf(round.holds(), random));
                holds++;
            } else if (chance < 96) {
                circuit.release();
            } else if (chance < 98) {
                circuit.reconfigure(oneOf(round.settings(), random));
            } else if (round.resets()) {
                circuit.reset();
                resets++;
            }
        }

        private void call() {
            Outcome outcome = outcome();
            Ledger.Moment before = moment();
            try {
                Ledger.Admitted call = circuit.call(
                        () -> {
                            Ledger.Admitted passed = admitted(outcome, before);
                            answering(passed);
                            switch (outcome) {
                                case SUCCESS -> {}
                                case FAILURE -> throw new PlayedCalls.Outage();
                                case IGNORED -> throw new Cancelled();
                            }
                            return passed;
                        },
                        refusal -> {
                            refused(refusal.reason(), before);
                            return null;
                        });
                if (call == null) {
                    return;
                }
            } catch (PlayedCalls.Outage | Cancelled expected) {
                assertThat(outcome).isNotEqualTo(Outcome.SUCCESS);
            }
            admitted.get(admitted.size() - 1).answered(moment());
        }

        private @Nullable Pending ask() {
            Outcome outcome = outcome();
            Ledger.Moment before = moment();
            Permit permit;
            try {
                permit = circuit.acquire();
            } catch (CallNotPermittedException refusal) {
                refused(refusal.reason(), before);
                edge = refusal.retryAfter().orElse(edge);
                return null;
            }
            return new Pending(permit, admitted(outcome, before));
        }

        private Outcome outcome() {
            int chance = random.nextInt(100);
            return chance < 45 ? Outcome.SUCCESS : chance < 90 ? Outcome.FAILURE : Outcome.IGNORED;
        }

        private Ledger.Admitted admitted(Outcome outcome, Ledger.Moment before) {
            Ledger.Admitted call = new Ledger.Admitted(outcome, before, moment());
            if (call.isSurelyClosed()) {
                mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            }
            admitted.add(call);
            return call;
        }

        private void refused(Refusal.Reason reason, Ledger.Moment before) {
            refused.add(new Ledger.Refused(reason, before, moment()));
        }

        /** Two threads answer one call, if another one comes soon. */
        private void duel() {
            Duel other = duel.getAndSet(null);
            if (other != null) {
                other.met = true;
                for (int pause = random.nextInt(8); pause > 0; pause--) {
                    Thread.onSpinWait(); // until the other one has seen it, or not quite
                }
                answerNow(other.pending);
                return;
            }
            Pending own = ask();
            if (own == null) {
                return;
            }
            answering(own.call());
            Duel offered = new Duel(own);
            if (duel.compareAndSet(null, offered)) {
                for (int looks = 0; looks < LOOKS && !offered.met; looks++) {
                    Thread.onSpinWait();
                }
                duel.compareAndSet(offered, null);
            }
            answerNow(own);
        }

        private void leave() {
            Pending call = ask();
            if (!round.leavesCalls() || random.nextInt(2) == 0) {
                answer(call);
            } else if (call != null) {
                left.add(call);
            }
        }

        /** A few milliseconds; right to where a wait or a lease ends, a nanosecond before or after it; beyond every end. */
        private Duration jump() {
            int chance = random.nextInt(100);
            if (chance < 70) {
                return Duration.ofNanos(random.nextLong(4_000_000));
            } else if (chance < 95) {
                Duration due = circuit.snapshot().probeDue().orElse(edge);
                return due.isNegative() || due.isZero() ? Duration.ZERO : due.plusNanos(random.nextInt(-1, 2));
            }
            return Duration.ofMinutes(11);
        }
    }
}
