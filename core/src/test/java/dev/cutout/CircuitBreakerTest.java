package dev.cutout;

import static dev.cutout.CircuitState.CLOSED;
import static dev.cutout.CircuitState.HALF_OPEN;
import static dev.cutout.CircuitState.OPEN;
import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.ignore;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cutout.PlayedCalls.Outage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a breaker is built, what it counts, and what it says: every sentence that people read, word for word. */
class CircuitBreakerTest {
    private static final String CLASSIC = "trip 5 consecutive; wait 30s; probes 1";

    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<CircuitEvent> events = new ArrayList<>();

    @Nested
    class Building {
        @Test
        void ofMakesANewClassicOneEachTime() {
            CircuitBreaker first = CircuitBreaker.of("one of two");
            CircuitBreaker second = CircuitBreaker.of("two of two");

            assertThat(second).isNotSameAs(first);
            assertThat(first.name()).isEqualTo("one of two");
            assertThat(first.settings()).isEqualTo(CircuitSettings.classic());
            fail(first, 5);
            assertThat(first.state()).isEqualTo(OPEN);
            assertThat(second.state()).isEqualTo(CircuitState.CLOSED);
        }

        @Test
        void ofTakesSettings() {
            CircuitSettings settings = CircuitSettings.parse("trip 1 consecutive");

            assertThat(CircuitBreaker.of("with settings", settings).settings()).isSameAs(settings);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\t\n"})
        void aBlankNameIsRefused(String name) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CircuitBreaker.builder(name))
                    .withMessage(
                            "A circuit wants a name that is not blank: it stands in messages, events and metrics.");
        }

        static List<Executable> nulls() {
            CircuitBreaker circuit = CircuitBreaker.builder("nulls").buildUnannounced();
            CircuitBreaker.Builder builder = CircuitBreaker.builder("nulls");
            Call<String, RuntimeException> body = () -> "";
            return List.of(
                    () -> CircuitBreaker.of(null),
                    () -> CircuitBreaker.of("nulls", null),
                    () -> CircuitBreaker.builder(null),
                    () -> builder.settings(null),
                    () -> builder.classifier(null),
                    () -> builder.onEvent(null),
                    () -> builder.ticker(null),
                    () -> builder.random(null),
                    () -> circuit.call(null),
                    () -> circuit.call(null, refusal -> ""),
                    () -> circuit.call(body, null),
                    () -> circuit.run(null),
                    () -> circuit.callAsync(null),
                    () -> circuit.onEvent(null),
                    () -> circuit.hold(null),
                    () -> circuit.reconfigure(null));
        }

        @ParameterizedTest
        @MethodSource("nulls")
        void nullIsRefusedAtOnceAndTakesNoPermit(Executable call) {
            assertThatNullPointerException().isThrownBy(call::execute);
        }

        @Test
        void aNullBodyTakesNoPermit() {
            CircuitBreaker circuit = circuit("limit 1");

            assertThatNullPointerException().isThrownBy(() -> circuit.call(null));

            assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        }

        @Test
        void listenersOfTheBuilderAreToldInTheirOrder() {
            List<String> heard = new ArrayList<>();
            CircuitBreaker circuit = CircuitBreaker.builder("it")
                    .onEvent(event -> heard.add("first"))
                    .onEvent(event -> heard.add("second"))
                    .buildUnannounced();
            circuit.onEvent(event -> heard.add("third"));

            circuit.reset();

            assertThat(heard).containsExactly("first", "second", "third");
        }
    }

    @Nested
    class Measuring {
        @Test
        void neitherSuccessesNorTimesUnlessAskedFor() {
            CircuitBreaker circuit = circuit("classic");
            succeed(circuit, 3);

            CircuitSnapshot.Counts counts = circuit.snapshot().counts();
            assertThat(counts.successes()).isEmpty();
            assertThat(counts.totalDuration()).isEmpty();
            assertThat(circuit.snapshot().toString()).contains("successes not counted");
        }

        @Test
        void successesWhereAskedFor() {
            CircuitBreaker circuit = builder("classic").countSuccesses().build();
            succeed(circuit, 3);
            fail(circuit);
            ignore(circuit);

            CircuitSnapshot.Counts counts = circuit.snapshot().counts();
            assertThat(counts.successes()).isEqualTo(OptionalLong.of(3));
            assertThat(counts.totalDuration()).isEmpty();
            assertThat(circuit.snapshot().toString()).contains("successes 3, failures 1, ignored 1");
        }

        @Test
        void theTimeOfSuccessesAndFailuresWhereAskedFor() {
            CircuitBreaker circuit = builder("classic").timeCalls().build();
            circuit.run(() -> ticker.advanceSeconds(1));
            Permit failing = circuit.acquire();
            Permit ignored = circuit.acquire();
            ticker.advanceSeconds(10);
            failing.failure(new Outage());
            ignored.ignore();

            CircuitSnapshot.Counts counts = circuit.snapshot().counts();
            assertThat(counts.successes()).isEqualTo(OptionalLong.of(1));
            assertThat(counts.totalDuration()).contains(Duration.ofSeconds(11));
        }

        @Test
        void probesLikeAnyOtherCall() {
            CircuitBreaker circuit =
                    builder("trip 1 consecutive; wait 30s").timeCalls().build();
            fail(circuit);
            ticker.advanceSeconds(30);
            circuit.run(() -> ticker.advanceSeconds(2));

            assertThat(circuit.snapshot().counts().successes()).isEqualTo(OptionalLong.of(1));
            assertThat(circuit.snapshot().counts().totalDuration()).contains(Duration.ofSeconds(2));
        }

        @Test
        void slowAnswersWhateverTheirOutcomeButIgnoredOnes() {
            CircuitBreaker circuit = circuit("slow 2s; trip 10 consecutive");
            for (Consumer<Permit> answer : List.<Consumer<Permit>>of(
                    Permit::success, permit -> permit.failure(new Outage()), Permit::ignore)) {
                Permit quick = circuit.acquire();
                ticker.advanceSeconds(2);
                answer.accept(quick);
                Permit slow = circuit.acquire();
                ticker.advanceMillis(2001);
                answer.accept(slow);
            }

            assertThat(circuit.snapshot().counts().slow()).isEqualTo(2);
        }

        @Test
        void everyTransitionByItsKind() {
            CircuitBreaker circuit = opened("trip 1 consecutive; wait 30s");
            ticker.advanceSeconds(30);
            fail(circuit);
            ticker.advanceSeconds(30);
            succeed(circuit);
            circuit.reset();
            circuit.hold(Hold.open());
            circuit.hold(Hold.closed());

            CircuitSnapshot.Counts counts = circuit.snapshot().counts();
            assertThat(counts.transitions().toString())
                    .isEqualTo("{CLOSED to CLOSED=1, CLOSED to OPEN=2, OPEN to CLOSED=1, OPEN to HALF_OPEN=2,"
                            + " HALF_OPEN to CLOSED=1, HALF_OPEN to OPEN=1}");
            assertThat(circuit.snapshot().generation()).isEqualTo(9);
        }

        @Test
        void theTimeInEachState() {
            CircuitBreaker circuit = circuit("trip 1 consecutive; wait 30s; probe within 10s");
            ticker.advanceSeconds(5);
            fail(circuit);
            ticker.advanceSeconds(40);
            circuit.acquire(); // a probe that is never answered
            ticker.advanceSeconds(25);

            CircuitSnapshot.Counts merelySeen = circuit.snapshot().counts();
            refusal(circuit); // makes the transition that time has brought
            CircuitSnapshot.Counts made = circuit.snapshot().counts();
            assertThat(made.transitions()).isEqualTo(merelySeen.transitions());
            assertThat(made.timeIn())
                    .isEqualTo(merelySeen.timeIn())
                    .isEqualTo(Map.of(
                            CLOSED, Duration.ofSeconds(5),
                            OPEN, Duration.ofSeconds(40 + 15),
                            HALF_OPEN, Duration.ofSeconds(10)));
        }

        @Test
        void noLateAnswers() {
            CircuitBreaker circuit = builder("classic").timeCalls().build();
            Permit late = circuit.acquire();
            ticker.advanceSeconds(2);
            circuit.reset();
            late.success();

            assertThat(circuit.snapshot().counts().successes()).isEqualTo(OptionalLong.of(0));
            assertThat(circuit.snapshot().counts().totalDuration()).contains(Duration.ZERO);
        }
    }

    @Nested
    class Refusals {
        @Test
        void anOpenCircuitSaysWhyAndUntilWhen() {
            CircuitBreaker circuit = opened("classic");
            ticker.advanceSeconds(10);

            CallNotPermittedException refused = refusal(circuit);

            assertThat(refused)
                    .hasMessage(
                            "Circuit 'it' is open (opened 10 s ago by dev.cutout.PlayedCalls$Outage); next probe in 20 s");
            assertThat(refused.circuit()).isEqualTo("it");
            assertThat(refused.reason()).isEqualTo(Refusal.Reason.OPEN);
            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(20));
            assertThat(refused.openFor()).contains(Duration.ofSeconds(10));
            assertThat(refused.openedBy()).contains(Outage.class);
        }

        @Test
        void aHalfOpenCircuitSaysWhenTheVerdictIsDue() {
            CircuitBreaker circuit = opened("classic");
            ticker.advanceSeconds(30);
            circuit.acquire();
            ticker.advanceSeconds(10);

            CallNotPermittedException refused = refusal(circuit);

            assertThat(refused)
                    .hasMessage("Circuit 'it' is half-open, its probes are under way (opened 40 s ago"
                            + " by dev.cutout.PlayedCalls$Outage); their verdict is due within 20 s");
            assertThat(refused.reason()).isEqualTo(Refusal.Reason.PROBES_TAKEN);
            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(20));
        }

        @Test
        void aFullCircuitKnowsNoTime() {
            CircuitBreaker circuit = circuit("limit 1");
            circuit.acquire();

            CallNotPermittedException refused = refusal(circuit);

            assertThat(refused).hasMessage("Circuit 'it' has as many calls in flight as its limit allows");
            assertThat(refused.retryAfter()).isEmpty();
            assertThat(refused.openFor()).isEmpty();
            assertThat(refused.openedBy()).isEmpty();
        }

        @Test
        void aHeldCircuitKnowsNoTime() {
            CircuitBreaker circuit = circuit("classic");
            circuit.hold(Hold.open());
            ticker.advanceSeconds(5);

            CallNotPermittedException refused = refusal(circuit);

            assertThat(refused).hasMessage("Circuit 'it' is held open (opened 5 s ago)");
            assertThat(refused.retryAfter()).isEmpty();
            assertThat(refused.openFor()).contains(Duration.ofSeconds(5));
            assertThat(refused.openedBy()).isEmpty();
        }

        @Test
        void theFailureThatOpenedTheCircuitIsNamedWithoutItsWrappers() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            circuit.acquire().record(new CompletionException(new IOException()));

            assertThat(refusal(circuit).openedBy()).contains(IOException.class);
        }

        @Test
        void aResultThatOpenedTheCircuitIsNamedByItsClass() {
            CircuitBreaker circuit = builder("trip 1 consecutive")
                    .classifier(Classifier.standard().orResult(String.class, String::isEmpty))
                    .build();
            circuit.acquire().record("");

            assertThat(refusal(circuit).openedBy()).contains(String.class);
            assertThat(events.get(0))
                    .hasToString(
                            "Circuit 'it' opened: 1 failure in a row, the last java.lang.String; next probe in 30 s");
        }

        @Test
        void theExceptionHasNoStackTraceNoCauseAndNothingSuppressed() {
            CallNotPermittedException refused = refusal(opened("classic"));
            refused.addSuppressed(new Outage());

            assertThat(refused.getStackTrace()).isEmpty();
            assertThat(refused).hasNoCause().hasNoSuppressedExceptions();
        }

        @Test
        void theExceptionKeepsTheTimesOfItsOwnRefusal() {
            CircuitBreaker circuit = opened("classic");
            CallNotPermittedException early = refusal(circuit);
            ticker.advanceSeconds(29);
            refusal(circuit);

            assertThat(early.retryAfter()).contains(Duration.ofSeconds(30));
            assertThat(early.openFor()).contains(Duration.ZERO);
            assertThat(early)
                    .hasMessage(
                            "Circuit 'it' is open (opened 0 µs ago by dev.cutout.PlayedCalls$Outage); next probe in 30 s");
        }

        @Test
        void theTimesAreNeverNegative() {
            CircuitBreaker circuit = opened("classic");
            Refusal refusal = circuit.call(() -> null, shared -> shared);

            assertThat(refusal.at(ticker.nanos() + Duration.ofMinutes(1).toNanos())
                            .retryAfter())
                    .contains(Duration.ZERO);
            assertThat(refusal.at(ticker.nanos() - 1).openFor()).contains(Duration.ZERO);
        }

        @Test
        void theExceptionSurvivesSerialization() throws Exception {
            CircuitBreaker circuit = opened("classic");
            ticker.advanceSeconds(10);
            CallNotPermittedException refused = refusal(circuit);

            CallNotPermittedException copy = copyOf(refused);

            assertThat(copy).hasMessage(refused.getMessage());
            assertThat(copy.circuit()).isEqualTo("it");
            assertThat(copy.reason()).isEqualTo(Refusal.Reason.OPEN);
            assertThat(copy.retryAfter()).contains(Duration.ofSeconds(20));
            assertThat(copy.openFor()).contains(Duration.ofSeconds(10));
            assertThat(copy.openedBy()).contains(Outage.class);
            assertThat(copy.getStackTrace()).isEmpty();
        }

        @Test
        void oneRefusalIsSharedByAllOfAGeneration() {
            CircuitBreaker circuit = opened("classic");
            Refusal first = circuit.call(() -> null, refusal -> refusal);
            ticker.advanceSeconds(1);
            Refusal second = circuit.call(() -> null, refusal -> refusal);

            assertThat(second).isSameAs(first);
            assertThat(second.retryAfter()).contains(Duration.ofSeconds(29));
            assertThat(second)
                    .hasToString(
                            "Circuit 'it' is open (opened 1 s ago by dev.cutout.PlayedCalls$Outage); next probe in 29 s");
        }

        @SuppressWarnings("BanSerializableRead") // what was written a line before
        private CallNotPermittedException copyOf(CallNotPermittedException exception) throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(exception);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (CallNotPermittedException) in.readObject();
            }
        }
    }

    @Nested
    class Sentences {
        @Test
        void ofACircuit() {
            CircuitBreaker circuit = circuit("classic");
            assertThat(circuit).hasToString("Circuit 'it' CLOSED");

            circuit.hold(Hold.observing().by("ana"));

            assertThat(circuit).hasToString("Circuit 'it' CLOSED (observing by ana)");
        }

        @Test
        void ofAnOutage() {
            CircuitBreaker circuit = opened("classic");
            ticker.advanceSeconds(30);
            fail(circuit);
            ticker.advanceSeconds(30);
            circuit.acquire();
            ticker.advanceSeconds(60);
            succeed(circuit);

            assertThat(told())
                    .containsExactly(
                            "Circuit 'it' opened: 5 failures in a row, the last dev.cutout.PlayedCalls$Outage; next probe in 30 s",
                            "Circuit 'it' is half-open: a probe is under way",
                            "Circuit 'it' opened: the probe failed: dev.cutout.PlayedCalls$Outage; next probe in 30 s",
                            "Circuit 'it' is half-open: a probe is under way",
                            "Circuit 'it' opened: the probe failed: not answered within 30 s; next probe in 30 s",
                            "Circuit 'it' is half-open: a probe is under way",
                            "Circuit 'it' closed: the probe succeeded");
        }

        @Test
        void ofSeveralProbes() {
            CircuitBreaker circuit = opened("trip 1 consecutive; probes 2 of 3");
            ticker.advanceSeconds(30);
            fail(circuit, 2);
            ticker.advanceSeconds(30);
            succeed(circuit);
            fail(circuit);
            succeed(circuit);

            assertThat(told())
                    .contains(
                            "Circuit 'it' opened: 2 of 2 probes failed, the last dev.cutout.PlayedCalls$Outage; next probe in 30 s",
                            "Circuit 'it' closed: 2 of 3 probes succeeded");
        }

        @Test
        void ofPeople() {
            CircuitBreaker circuit = circuit("classic");
            circuit.hold(Hold.open().because("vendor maintenance").by("ana").until(Duration.ofHours(2)));
            circuit.release();
            circuit.hold(Hold.observing().until(Duration.ofSeconds(10)));
            circuit.reset();
            ticker.advanceSeconds(10);
            circuit.reconfigure(CircuitSettings.parse("wait 1s"));

            assertThat(told())
                    .containsExactly(
                            "Circuit 'it' is held open by ana for 2 h: vendor maintenance",
                            "Circuit 'it' opened: held open by ana for 2 h: vendor maintenance",
                            "Circuit 'it' is no longer held open by ana for 2 h: vendor maintenance (lifted)",
                            "Circuit 'it' is observing for 10 s",
                            "Circuit 'it' closed: reset",
                            "Circuit 'it' is no longer observing for 10 s (its time is over)",
                            "Circuit 'it' is reconfigured: trip 5 consecutive; wait 1s; probes 1 (before: " + CLASSIC
                                    + ")");
        }

        @Test
        void ofAClosedCircuitAsAWhole() {
            CircuitBreaker circuit = circuit("classic");
            fail(circuit);
            ticker.advanceSeconds(90);

            assertThat(circuit.snapshot())
                    .hasToString("it: CLOSED for 90 s, 1 failure in a row;"
                            + " successes not counted, failures 1, ignored 0, late 0, probes 0, refused {}; "
                            + CLASSIC);
        }

        @Test
        void ofAnOpenCircuitAsAWhole() {
            CircuitBreaker circuit = opened("classic");
            ticker.advanceSeconds(10);
            refusal(circuit);

            assertThat(circuit.snapshot())
                    .hasToString(
                            "it: OPEN for 10 s, opened: 5 failures in a row, the last dev.cutout.PlayedCalls$Outage,"
                                    + " next probe in 20 s;"
                                    + " successes not counted, failures 5, ignored 0, late 0, probes 0, refused {OPEN=1}; "
                                    + CLASSIC);
            ticker.advanceSeconds(50);
            assertThat(circuit.snapshot().toString()).contains(", probe due for 30 s;");
        }

        @Test
        void ofAHalfOpenCircuitAsAWhole() {
            CircuitBreaker circuit = opened("probes 3");
            ticker.advanceSeconds(30);
            circuit.acquire();
            assertThat(circuit.snapshot())
                    .hasToString("it: HALF_OPEN for 0 µs,"
                            + " opened: 5 failures in a row, the last dev.cutout.PlayedCalls$Outage, 1 probe under way;"
                            + " successes not counted, failures 5, ignored 0, late 0, probes 1, refused {};"
                            + " trip 5 consecutive; wait 30s; probes 3");
            circuit.acquire();
            assertThat(circuit.snapshot().toString()).contains(", 2 probes under way;");
        }

        @Test
        void ofCallsInFlight() {
            CircuitBreaker circuit = circuit("limit 9");
            circuit.acquire();
            assertThat(circuit.snapshot().toString()).contains(", 1 call in flight;");
            circuit.acquire();
            assertThat(circuit.snapshot().toString()).contains(", 2 calls in flight;");
        }

        /** As it would be by chance in one of 24 runs, were the map's order left to chance. */
        @Test
        void ofRefusalsInTheOrderOfTheirReasons() {
            CircuitBreaker circuit = circuit("trip 1 consecutive; limit 1");
            Permit inFlight = circuit.acquire();
            refusal(circuit);
            inFlight.failure(new Outage());
            refusal(circuit);
            ticker.advanceSeconds(30);
            circuit.acquire();
            refusal(circuit);
            circuit.hold(Hold.open());
            refusal(circuit);

            assertThat(circuit.snapshot().toString()).contains("refused {OPEN=1, PROBES_TAKEN=1, LIMIT=1, HELD=1};");
        }
    }

    @Nested
    class Snapshots {
        @Test
        void areWholeValues() {
            CircuitBreaker circuit = opened("trip 1 consecutive");
            ticker.advanceSeconds(10);
            CircuitEvent.Opened opened = (CircuitEvent.Opened) events.get(0);

            assertThat(circuit.snapshot())
                    .isEqualTo(new CircuitSnapshot(
                            "it",
                            OPEN,
                            2,
                            Duration.ofSeconds(10),
                            Optional.empty(),
                            CircuitSettings.parse("trip 1 consecutive"),
                            "",
                            Optional.of(opened),
                            Optional.of(Duration.ofSeconds(20)),
                            0,
                            OptionalInt.empty(),
                            new CircuitSnapshot.Counts(
                                    1,
                                    0,
                                    0,
                                    0,
                                    0,
                                    Map.of(),
                                    0,
                                    0,
                                    Map.of(new CircuitSnapshot.Transition(CLOSED, OPEN), 1L),
                                    Map.of(
                                            CLOSED,
                                            Duration.ZERO,
                                            OPEN,
                                            Duration.ofSeconds(10),
                                            HALF_OPEN,
                                            Duration.ZERO),
                                    OptionalLong.empty(),
                                    Optional.empty())));
        }

        @Test
        void ofTheOpeningKeepTheThrowableItself() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            IOException outage = new IOException();
            circuit.acquire().failure(outage);

            CircuitEvent.Opened opened = circuit.snapshot().opening().orElseThrow();
            assertThat(opened.failure().orElseThrow()).isSameAs(outage);
            assertThat(opened.failureClass()).contains(IOException.class);
            assertThat(opened.from()).isEqualTo(CircuitState.CLOSED);
        }

        @ParameterizedTest
        @EnumSource
        void sayHowLongTheStayHasLasted(Hold.Kind kind) {
            CircuitBreaker circuit = circuit("classic");
            circuit.hold(
                    switch (kind) {
                        case OPEN -> Hold.open();
                        case CLOSED -> Hold.closed();
                        case OBSERVING -> Hold.observing();
                    });
            ticker.advanceSeconds(7);

            assertThat(circuit.snapshot().inState()).isEqualTo(Duration.ofSeconds(7));
            assertThat(circuit.snapshot().hold().orElseThrow().kind()).isEqualTo(kind);
        }
    }

    private CircuitBreaker.Builder builder(String settings) {
        return CircuitBreaker.builder("it")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .onEvent(events::add);
    }

    private CircuitBreaker circuit(String settings) {
        return builder(settings).build();
    }

    private CircuitBreaker opened(String settings) {
        CircuitBreaker circuit = circuit(settings);
        while (circuit.state() == CircuitState.CLOSED) {
            fail(circuit);
        }
        return circuit;
    }

    private List<String> told() {
        return events.stream().map(CircuitEvent::toString).toList();
    }
}
