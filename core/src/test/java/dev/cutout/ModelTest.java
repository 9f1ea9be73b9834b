package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/**
 * The circuit against the {@link Model}: random commands under random settings, and after each of them everything that can
 * be seen from outside is the same. A failure prints the shortest list of commands found that shows it.
 */
class ModelTest {
    private static final String NAME = "model";

    /** A circuit and its model, always told the same. */
    private static final class Pair {
        final HandWoundTicker ticker = new HandWoundTicker();
        final List<CircuitEvent> told = new ArrayList<>();
        final List<Permit> permits = new ArrayList<>();
        final CircuitBreaker circuit;
        final Model model;
        /** Whether the last command was a call or an order, so that all that was overdue must have been told. */
        boolean upToDate;

        Pair(Plan plan, FixedChance chance, Measuring measuring) {
            CircuitBreaker.Builder builder = CircuitBreaker.builder(NAME)
                    .settings(plan.settings())
                    .classifier(Classifier.standard().orResult("bad"::equals))
                    .ticker(ticker)
                    .random(() -> chance)
                    .onEvent(told::add);
            if (measuring == Measuring.SUCCESSES) {
                builder.countSuccesses();
            } else if (measuring == Measuring.DURATIONS) {
                builder.timeCalls();
            }
            model = new Model(
                    NAME,
                    plan,
                    ticker.nanos(),
                    chance,
                    measuring == Measuring.SUCCESSES,
                    measuring == Measuring.DURATIONS);
            // not announced as the live breaker of its name: there are hundreds of them
            circuit = builder.buildUnannounced();
        }

        void begin() {
            String expected = model.begin();
            String actual;
            try {
                permits.add(circuit.acquire());
                actual = "passes";
            } catch (CallNotPermittedException refusal) {
                actual = Model.refusal(refusal.reason(), refusal.retryAfter(), refusal.openFor(), refusal.openedBy());
            }
            assertThat(actual).isEqualTo(expected);
            upToDate = true;
        }

        void answer(int number, Answer answer) {
            Permit permit = permits.get(number);
            switch (answer) {
                case GOOD -> {
                    model.answer(number, Outcome.SUCCESS, false, null);
                    permit.success();
                }
                case GOOD_RESULT -> {
                    model.answer(number, Outcome.SUCCESS, false, null);
                    permit.record("good");
                }
                case BAD_RESULT -> {
                    model.answer(number, Outcome.FAILURE, false, "bad");
                    permit.record("bad");
                }
                case THROWN -> {
                    IOException thrown = new IOException();
                    model.answer(number, Outcome.FAILURE, false, thrown);
                    permit.record(thrown);
                }
                case IGNORED -> {
                    model.answer(number, Outcome.IGNORED, false, null);
                    permit.ignore();
                }
                case CANCELLED -> {
                    CancellationException thrown = new CancellationException();
                    model.answer(number, Outcome.IGNORED, true, thrown);
                    permit.record(thrown);
                }
            }
        }

        /** Everything that can be seen is the same. */
        void compare() {
            assertThat(circuit.snapshot()).isEqualTo(model.snapshot());
            assertThat(circuit.state()).isEqualTo(model.snapshot().state());
            assertThat(circuit.settings()).isEqualTo(model.snapshot().settings());
            // What became due in the meantime is told by the next call or order: until then its events may be missing.
            if (upToDate) {
                assertThat(told).isEqualTo(model.told);
            } else {
                assertThat(model.told).startsWith(told.toArray(CircuitEvent[]::new));
            }
        }
    }

    private enum Measuring {
        NOTHING,
        SUCCESSES,
        DURATIONS
    }

    private enum Answer {
        GOOD,
        GOOD_RESULT,
        BAD_RESULT,
        THROWN,
        IGNORED,
        CANCELLED
    }

    // ---- commands

    private sealed interface Command {
        void run(Pair pair);
    }

    /** Asks for a call and leaves it unanswered. */
    private record Begin() implements Command {
        @Override
        public void run(Pair pair) {
            pair.begin();
        }
    }

    /** Asks for a call and answers it at once, some times over. */
    private record Calls(int times, Answer answer) implements Command {
        @Override
        public void run(Pair pair) {
            for (int i = 0; i < times; i++) {
                int passed = pair.permits.size();
                pair.begin();
                if (pair.permits.size() > passed) {
                    pair.answer(passed, answer);
                    pair.upToDate = false;
                }
            }
        }
    }

    /** Answers one of the calls that are out. */
    private record AnswerOne(int which, Answer answer) implements Command {
        @Override
        public void run(Pair pair) {
            List<Integer> out = pair.model.outstanding();
            if (!out.isEmpty()) {
                pair.answer(out.get(which % out.size()), answer);
                pair.upToDate = false;
            }
        }
    }

    /** Answers a call that may have been answered before: a second answer does nothing. */
    private record AnswerAny(int which, Answer answer) implements Command {
        @Override
        public void run(Pair pair) {
            if (!pair.permits.isEmpty()) {
                pair.answer(which % pair.permits.size(), answer);
                pair.upToDate = false;
            }
        }
    }

    private record Advance(Duration time) implements Command {
        @Override
        public void run(Pair pair) {
            pair.ticker.advance(time);
            pair.model.advance(time);
            pair.upToDate = false;
        }
    }

    /** Opens the circuit, if failures can, and waits until a probe is due: where random commands alone seldom come. */
    private record OpenAndWait() implements Command {
        @Override
        public void run(Pair pair) {
            new Calls(8, Answer.THROWN).run(pair);
            new Advance(Duration.ofSeconds(10)).run(pair);
        }
    }

    private record Place(Hold hold) implements Command {
        @Override
        public void run(Pair pair) {
            pair.circuit.hold(hold);
            pair.model.hold(hold);
            pair.upToDate = true;
        }
    }

    private record Release() implements Command {
        @Override
        public void run(Pair pair) {
            pair.circuit.release();
            pair.model.release();
            pair.upToDate = true;
        }
    }

    private record Reset() implements Command {
        @Override
        public void run(Pair pair) {
            pair.circuit.reset();
            pair.model.reset();
            pair.upToDate = true;
        }
    }

    private record Reconfigure(Plan plan) implements Command {
        @Override
        public void run(Pair pair) {
            pair.circuit.reconfigure(plan.settings());
            pair.model.reconfigure(plan);
            pair.upToDate = true;
        }
    }

    @Provide
    Arbitrary<Plan> plans() {
        return Plan.any();
    }

    @Provide
    Arbitrary<List<Command>> commands() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 7);
        Arbitrary<Answer> answers = Arbitraries.frequency(
                Tuple.of(4, Answer.GOOD),
                Tuple.of(1, Answer.GOOD_RESULT),
                Tuple.of(1, Answer.BAD_RESULT),
                Tuple.of(5, Answer.THROWN),
                Tuple.of(1, Answer.IGNORED),
                Tuple.of(1, Answer.CANCELLED));
        Arbitrary<Command> command = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.create(Begin::new)),
                Tuple.of(
                        12,
                        Combinators.combine(Arbitraries.integers().between(1, 5), answers)
                                .as(Calls::new)),
                Tuple.of(16, Combinators.combine(which, answers).as(AnswerOne::new)),
                Tuple.of(2, Combinators.combine(which, answers).as(AnswerAny::new)),
                Tuple.of(16, times().map(Advance::new)),
                Tuple.of(4, Arbitraries.create(OpenAndWait::new)),
                Tuple.of(3, holds().map(Place::new)),
                Tuple.of(3, Arbitraries.create(Release::new)),
                Tuple.of(1, Arbitraries.create(Reset::new)),
                Tuple.of(3, Plan.any().map(Reconfigure::new)));
        return command.list().ofMinSize(1).ofMaxSize(80);
    }

    /** Waits, leases and windows of the plans hit exactly, just missed, and far surpassed. */
    private static Arbitrary<Duration> times() {
        Arbitrary<Duration> exact = Arbitraries.of(
                Duration.ofMillis(1),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(11));
        return Combinators.combine(exact, Arbitraries.of(0, 0, 0, -1, 1)).as((time, nanos) -> time.plusNanos(nanos));
    }

    private static Arbitrary<Hold> holds() {
        return Combinators.combine(
                        Arbitraries.of(Hold.open(), Hold.closed(), Hold.observing(), Hold.observing()),
                        Arbitraries.of(0, 0, 500, 1_000, 3_000))
                .as((hold, millis) -> millis == 0 ? hold : hold.until(Duration.ofMillis(millis)));
    }

    // ---- the property

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(StatisticsReportMode.OFF)
    void theCircuitDoesWhatTheModelDoes(
            @ForAll("plans") Plan plan,
            @ForAll FixedChance chance,
            @ForAll Measuring measuring,
            @ForAll("commands") List<Command> commands) {
        cover(agreed(plan, chance, measuring, commands));
    }

    /** A pair that agreed after each of these commands. */
    private static Pair agreed(Plan plan, FixedChance chance, Measuring measuring, List<Command> commands) {
        Pair pair = new Pair(plan, chance, measuring);
        for (int i = 0; i < commands.size(); i++) {
            try {
                commands.get(i).run(pair);
                pair.compare();
            } catch (Throwable thrown) {
                throw new AssertionError(story(plan, commands.subList(0, i + 1), pair), thrown);
            }
        }
        return pair;
    }

    // ---- stories that once told circuit and model apart

    /** With a rule that stands alone and later beside another, what it counted must go along. */
    @Example
    void aStreakIsKeptWhereAnotherRuleJoinsOrLeaves() {
        NaiveRule streak = new NaiveRule.InARow(3);
        NaiveRule share = new NaiveRule.ShareOfCalls(false, 900_000, 100, 50);
        Plan alone = new Plan(List.of(streak), CircuitSettings.classic().withTrip(streak.real()));
        Plan both = new Plan(
                List.of(share, streak),
                CircuitSettings.classic().withTrip(share.real().or(streak.real())));

        Pair joined = agree(alone, new Calls(2, Answer.THROWN), new Reconfigure(both), new Calls(1, Answer.THROWN));
        Pair left = agree(both, new Calls(2, Answer.THROWN), new Reconfigure(alone), new Calls(1, Answer.THROWN));

        assertThat(joined.circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(left.circuit.state()).isEqualTo(CircuitState.OPEN);
    }

    /** A success is not timed for a rule over calls, so a rule over time that stands beside it must not be judged by it. */
    @Example
    void failuresLongGoneDoNotOpenTheCircuitAtTheNextSuccess() {
        NaiveRule within = new NaiveRule.Within(2, Duration.ofSeconds(1));
        NaiveRule share = new NaiveRule.ShareOfCalls(false, 900_000, 100, 50);
        Plan both = new Plan(
                List.of(within, share),
                CircuitSettings.classic().withTrip(within.real().or(share.real())));

        Pair pair = agree(
                both,
                new Calls(1, Answer.THROWN),
                new Advance(Duration.ofSeconds(5)),
                new Calls(1, Answer.THROWN),
                new Calls(1, Answer.GOOD));

        assertThat(pair.circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    private static Pair agree(Plan plan, Command... commands) {
        return agreed(plan, FixedChance.LOWEST, Measuring.NOTHING, List.of(commands));
    }

    // ---- what a failure prints, and what the commands must come to

    private static String story(Plan plan, List<Command> commands, Pair pair) {
        StringBuilder story = new StringBuilder("Circuit and model differ under ")
                .append(plan)
                .append(" after");
        commands.forEach(command -> story.append("\n    ").append(command));
        story.append("\nThe circuit told");
        pair.told.forEach(event -> story.append("\n    ").append(event));
        return story.toString();
    }

    /** Fails the property if the random commands never come to the interesting places. */
    private static void cover(Pair pair) {
        CircuitSnapshot end = pair.model.snapshot();
        List<String> events =
                pair.model.told.stream().map(CircuitEvent::toString).toList();
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            if (reason != Refusal.Reason.RAMP) {
                cover("refused: " + reason, end.counts().refused().containsKey(reason));
            }
        }
        cover("late answers", end.counts().late() > 0);
        cover("calls in the shadow", end.counts().shadowed() > 0);
        for (String part : List.of(
                "opened: the probe failed:",
                "opened: 2 of 3 probes failed",
                "not answered within",
                "too slow",
                "closed: the probe succeeded",
                "closed: 2 of 3 probes succeeded",
                "failures within",
                "calls slow",
                "its time is over",
                "closed: reset",
                "java.lang.String",
                "CancellationException")) {
            cover(part, events.stream().anyMatch(event -> event.contains(part)));
        }
    }

    private static void cover(String what, boolean seen) {
        Statistics.label(what).collect(seen);
        Statistics.label(what).coverage(coverage -> coverage.check(true).count(count -> count > 0));
    }
}
