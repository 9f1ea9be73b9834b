package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real threads do everything at once to one circuit, by chance: calls, answers on other threads, second answers, holds, new settings,
 * resets, jumps of the clock. Afterwards the whole history must hang together and every permit must be accounted for.
 *
 * <p>The seed says what each thread does, not in which order the threads come: to see a failure again, run its seed some times more.
 */
class HammerTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 60;
    /** So few in one round that no more events can pile up behind a thread that lost its processor than the circuit keeps. */
    private static final int STEPS = 100;

    private static final int PROBES = 3;

    private static final List<CircuitSettings> SETTINGS = List.of(
            CircuitSettings.parse("trip 3 consecutive; wait 10ms; probes 2 of 3; limit 6"),
            CircuitSettings.parse("trip 2 consecutive; wait 5ms to 40ms; probes 2 of 3; limit 3"),
            CircuitSettings.parse(
                    "trip 50% of last 10 calls, at least 4; wait 10ms; probes 2 of 3; probe within 3ms; limit 6"),
            CircuitSettings.parse("trip 4 consecutive or 4 failures within 20ms; wait 10ms; probes 2 of 3; limit 6"),
            CircuitSettings.parse("trip 40% of last 20ms, at least 5; wait 10ms; probes 2 of 3; limit 6"));
    private static final List<Hold> OVERRIDES = List.of(
            Hold.open().until(Duration.ofMillis(5)),
            Hold.open(),
            Hold.closed(),
            Hold.closed().until(Duration.ofMillis(5)));
    private static final List<Hold> OBSERVING =
            List.of(Hold.observing(), Hold.observing().until(Duration.ofMillis(50)));

    /** An admitted call: the generations just before and just after it was admitted. Equal ones say which it was. */
    private record Admitted(Permit permit, long before, long after) {
        boolean surelyIn(long generation) {
            return before == generation && after == generation;
        }
    }

    private final HandWoundTicker ticker = new HandWoundTicker();
    private final History history = new History();
    private final CircuitBreaker circuit = CircuitBreaker.builder("hammered")
            .settings(SETTINGS.get(0))
            .ticker(ticker)
            .random(() -> new SplittableRandom(1))
            .onEvent(history)
            .countSuccesses()
            .buildUnannounced();
    private final Queue<Admitted> admitted = new ConcurrentLinkedQueue<>();
    private final Queue<Admitted> ignored = new ConcurrentLinkedQueue<>();
    private final Queue<Admitted> unanswered = new ConcurrentLinkedQueue<>();
    private final Map<Refusal.Reason, Long> refused = new ConcurrentHashMap<>();

    /** Fails if a generation is installed without compare-and-set, if a probe is admitted without being installed, if a permit answers twice, if a late
     * answer keeps its place among the calls in flight; the Lincheck tests tell better what went wrong. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyPermitIsAccountedForAndTheHistoryHangsTogether(long seed) throws Exception {
        hammer(seed, OVERRIDES);
        CircuitSnapshot.Counts counts = check(seed).counts();
        assertThat(counts.shadowed()).as("shadowed, seed %d", seed).isZero();
        Map<Long, CircuitState> states = states();
        Map<Long, Long> inSureGenerations = countByGeneration(admitted, true);
        Map<Long, Long> givenBack = countByGeneration(ignored, false);
        inSureGenerations.forEach((generation, calls) -> {
            CircuitState state = states.get(generation);
            assertThat(state)
                    .as("state of %d, which admitted %d, seed %d", generation, calls, seed)
                    .isNotEqualTo(CircuitState.OPEN);
            if (state == CircuitState.HALF_OPEN) {
                // The first probe is not among them: it came in while the circuit was open, and opened this generation.
                assertThat(calls)
                        .as("probes of generation %d after the first, seed %d", generation, seed)
                        .isLessThan(PROBES + givenBack.getOrDefault(generation, 0L));
            }
        });
    }

    /** Observed only, the circuit refuses nothing but what is over the limit, and moves all the same. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void everyPermitIsAccountedForWhereACircuitOnlyObserves(long seed) throws Exception {
        hammer(seed, OBSERVING);
        assertThat(check(seed).counts().shadowed())
                .as("shadowed, seed %d", seed)
                .isPositive();
    }

    private void hammer(long seed, List<Hold> holds) throws Exception {
        List<SplittableRandom> chances = LongStream.range(0, THREADS)
                .mapToObj(member -> new SplittableRandom(seed * THREADS + member))
                .toList();
        try (Crowd crowd = new Crowd(THREADS)) {
            for (int round = 0; round < ROUNDS; round++) {
                // A reset forgets the calls in flight. After the last one, none may stay counted.
                boolean resets = round < ROUNDS / 2;
                crowd.doAtOnce(member -> {
                    for (int i = 0; i < STEPS; i++) {
                        step(chances.get(member), holds, resets);
                    }
                });
            }
        }
        for (Admitted last = unanswered.poll(); last != null; last = unanswered.poll()) {
            last.permit().success();
        }
    }

    private void step(SplittableRandom random, List<Hold> holds, boolean resets) {
        int chance = random.nextInt(100);
        if (chance < 50) {
            Admitted call = ask();
            if (call != null) {
                answer(call, random);
            }
        } else if (chance < 62) {
            Admitted call = ask();
            if (call != null) {
                unanswered.add(call);
            }
        } else if (chance < 80) {
            Admitted call = unanswered.poll();
            if (call != null) {
                answer(call, random);
            }
        } else if (chance < 92) {
            ticker.advance(Duration.ofNanos(random.nextLong(4_000_000)));
        } else if (chance < 94) {
            circuit.hold(holds.get(random.nextInt(holds.size())));
        } else if (chance < 97) {
            circuit.release();
        } else if (chance < 98 && resets) {
            circuit.reset();
        } else {
            circuit.reconfigure(SETTINGS.get(random.nextInt(SETTINGS.size())));
        }
    }

    private Admitted ask() {
        long before = circuit.snapshot().generation();
        Permit permit;
        try {
            permit = circuit.acquire();
        } catch (CallNotPermittedException refusal) {
            refused.merge(refusal.reason(), 1L, Long::sum);
            return null;
        }
        Admitted call = new Admitted(permit, before, circuit.snapshot().generation());
        admitted.add(call);
        return call;
    }

    /** One answer that counts, and sometimes a second one that must not. */
    private void answer(Admitted call, SplittableRandom random) {
        int chance = random.nextInt(100);
        if (chance < 45) {
            call.permit().success();
        } else if (chance < 90) {
            call.permit().failure(new Calls.Outage());
        } else {
            ignored.add(call);
            call.permit().ignore();
        }
        if (random.nextInt(5) == 0) {
            call.permit().failure(new Calls.Outage());
        }
    }

    private CircuitSnapshot check(long seed) {
        CircuitSnapshot now = historyChecked(seed);
        CircuitSnapshot.Counts counts = now.counts();
        assertThat(counts.successes().orElseThrow()
                        + counts.failures()
                        + counts.ignored()
                        + counts.late()
                        + counts.shadowed())
                .as("answers, seed %d: %s", seed, now)
                .isEqualTo(admitted.size());
        assertThat(counts.refused()).as("refusals, seed %d", seed).isEqualTo(refused);
        assertThat(now.callsInFlight()).as("calls in flight, seed %d", seed).isEqualTo(OptionalInt.of(0));
        assertThat(now.probesUnderWay()).as("probes under way, seed %d", seed).isZero();
        assertThat(counts.lostEvents()).as("lost events, seed %d", seed).isZero();
        assertThat(history.events()).as("events, seed %d", seed).hasSizeGreaterThan(ROUNDS);
        return now;
    }

    private CircuitSnapshot historyChecked(long seed) {
        try {
            return history.check(circuit, SETTINGS.get(0));
        } catch (IllegalStateException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private Map<Long, CircuitState> states() {
        Map<Long, CircuitState> states = new HashMap<>(Map.of(1L, CircuitState.CLOSED));
        for (CircuitEvent event : history.events()) {
            if (event instanceof CircuitEvent.Opened) {
                states.put(event.generation(), CircuitState.OPEN);
            } else if (event instanceof CircuitEvent.HalfOpened) {
                states.put(event.generation(), CircuitState.HALF_OPEN);
            } else if (event instanceof CircuitEvent.Closed) {
                states.put(event.generation(), CircuitState.CLOSED);
            }
        }
        return states;
    }

    private static Map<Long, Long> countByGeneration(Collection<Admitted> calls, boolean onlySure) {
        return calls.stream()
                .filter(call -> !onlySure || call.surelyIn(call.after()))
                .collect(Collectors.groupingBy(Admitted::after, Collectors.counting()));
    }
}
