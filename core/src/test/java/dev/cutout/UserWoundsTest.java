package dev.cutout;

import static dev.cutout.CircuitState.CLOSED;
import static dev.cutout.CircuitState.HALF_OPEN;
import static dev.cutout.CircuitState.OPEN;
import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static dev.cutout.Tape.tape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cutout.PlayedCalls.Outage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What users of other circuit breakers met, and do not meet here: the rows of the last two tables of our survey (classification
 * traps; public threads, by rank) that concern the core. Each names its row, and the rule it protects. {@link WoundsTest} has the
 * tables before.
 *
 * <p>Rows of table 5 that have no test here:
 *
 * <ul>
 *   <li>2, 23: as D19 and D9, in {@link WoundsTest};
 *   <li>6 (hanging calls), 11 (a ramp), 37 (probes by the usual load): not built yet;
 *   <li>8, 28, 29, 33, 38, 41, 42: frameworks, metrics and health endpoints, which the core does not know;
 *   <li>9: state shared between processes, which is not the core's;
 *   <li>14 and 15: that refusals allocate nothing and that no lock is on the call path is read off by {@code RulesTest};
 *   <li>26: there is no second registry that could keep what the first one let go.
 * </ul>
 */
class UserWoundsTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final Queue<CircuitEvent> events = new ConcurrentLinkedQueue<>();

    @Nested
    class Table4Classification {
        @Test
        @DisplayName("resilience4j, SmallRye (classifier): exceptions that are not named are ignored, never successes")
        void unnamedExceptionsDoNotDiluteTheRate() {
            CircuitBreaker circuit =
                    circuit("trip 50% of last 100 calls, at least 10", Classifier.failures(IOException.class));
            failWith(circuit, new IllegalArgumentException(), 90);
            failWith(circuit, new IOException(), 9);
            assertThat(circuit.snapshot().evidence()).isEqualTo("9 of 9 calls failed (100%)");

            failWith(circuit, new FileNotFoundException(), 1);

            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        @DisplayName(
                "resilience4j with Spring (classifier): what is said later adds to what was said before and drops nothing")
        void nothingThatWasSaidIsDropped() {
            Classifier classifier = Classifier.failures(IOException.class)
                    .ignoringIf(thrown -> "mine".equals(thrown.getMessage()))
                    .orResult(Integer.class, status -> status >= 500)
                    .ignoring(FileNotFoundException.class)
                    .orResult(String.class, String::isEmpty);

            assertThat(List.of(
                            classifier.outcomeOf(new IOException(), false),
                            classifier.outcomeOf(new IOException("mine"), false),
                            classifier.outcomeOf(new FileNotFoundException(), false),
                            classifier.outcomeOf(new Outage(), false),
                            classifier.outcomeOf(503),
                            classifier.outcomeOf(200),
                            classifier.outcomeOf(""),
                            classifier.outcomeOf("text")))
                    .containsExactly(
                            Outcome.FAILURE,
                            Outcome.IGNORED,
                            Outcome.IGNORED,
                            Outcome.IGNORED,
                            Outcome.FAILURE,
                            Outcome.SUCCESS,
                            Outcome.FAILURE,
                            Outcome.SUCCESS);
        }

        @Test
        @DisplayName("resilience4j (classifier): a null result can be a failure, by call, permit and future")
        void aNullResultIsTested() {
            CircuitBreaker circuit =
                    circuit("trip 3 consecutive", Classifier.standard().orResult(Objects::isNull));
            circuit.call(() -> null);
            circuit.acquire().record(null);
            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(circuit.callAsync(() -> CompletableFuture.completedFuture(null)))
                    .isCompletedWithValue(null);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        @DisplayName(
                "failsafe (rule 8): a test that throws is no silent \"no match\": the call is a failure, and it is told")
        void aTestThatThrowsIsNotSwallowed() {
            IllegalStateException broken = new IllegalStateException("broken test");
            CircuitBreaker circuit =
                    circuit("trip 1 consecutive", Classifier.standard().ignoringIf(thrown -> {
                        throw broken;
                    }));
            try (Warnings warnings = new Warnings()) {
                fail(circuit);
                assertThat(warnings.thrown()).containsExactly(broken);
            }
            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().opening().orElseThrow().failure()).containsSame(broken);
        }

        @Test
        @DisplayName("Sentinel (classifier): every exception is seen without anybody tracing it")
        void exceptionsAreSeenWithoutFurtherAdo() {
            tape("fuewf").reads("CCCCO");
        }

        @Test
        @DisplayName("Hystrix (classifier): any exception can be the caller's own fault, not one type only")
        void anyExceptionCanBeTheCallersFault() {
            CircuitBreaker circuit = circuit(
                    "trip 1 consecutive",
                    Classifier.standard().ignoring(IllegalArgumentException.class, FileNotFoundException.class));
            failWith(circuit, new NumberFormatException(), 9);
            failWith(circuit, new FileNotFoundException(), 9);
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(18);
            failWith(circuit, new IOException(), 1);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }
    }

    @Nested
    class Table5 {
        @Test
        @DisplayName(
                "rank 1 (rule 9): by default, with nothing configured, a probe that is lost cannot wedge the circuit")
        void withDefaultsALostProbeCannotWedgeTheCircuit() {
            tape("fffff +30s 1< s +30s +30s s").reads("CCCCO O H h O O C");
        }

        @Test
        @DisplayName(
                "rank 3 (rule 7): a probe that another guard refuses is given back, and an ignored one is no verdict")
        void aProbeThatAnInnerCircuitRefusesIsGivenBack() {
            CircuitBreaker outer = circuit("trip 1 consecutive");
            CircuitBreaker inner = circuit("trip 1 consecutive");
            inner.hold(Hold.open());
            fail(outer);
            ticker.advanceSeconds(30);

            for (int i = 0; i < 10; i++) {
                assertThat(catchThrowable(() -> outer.run(() -> succeed(inner))))
                        .isInstanceOf(CallNotPermittedException.class)
                        .hasMessageContaining("held open");
                assertThat(outer.state()).isEqualTo(HALF_OPEN);
            }
            inner.release();
            outer.run(() -> succeed(inner));

            assertThat(List.of(outer.state(), inner.state())).containsExactly(CLOSED, CLOSED);
        }

        @Test
        @DisplayName("rank 3 (rule 7): a probe that comes back to its own circuit is refused there and given back")
        void aProbeThatCallsItsOwnCircuitDoesNotBlockIt() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            fail(circuit);
            ticker.advanceSeconds(30);

            assertThat(catchThrowable(() -> circuit.run(() -> succeed(circuit))))
                    .isInstanceOf(CallNotPermittedException.class);
            succeed(circuit);

            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("rank 4 (rule 15): a reset leaves nothing behind that acts later, however often it is done")
        void resetsLeaveNothingBehind() {
            tape("fffff [reset] fffff +10s [reset] fffff +25s s +5s 1< [reset] +30s s")
                    .reads("CCCCO C CCCCO O C CCCCO O o O H C C C");
        }

        @Test
        @DisplayName("rank 5 (rule 3): no timer can be missed; after months without a call the next one is the probe")
        void noTimerCanBeMissed() {
            tape("fffff +4000h s").reads("CCCCO O C");
        }

        @Test
        @DisplayName(
                "ranks 7 and 12 (rules 1 and 6): half-open lets exactly its probes through, whatever old calls answer")
        void halfOpenLetsExactlyItsProbesThrough() {
            tape("1<2<3<4< fffff +30s 5<6< s 1>s2>f3>i4>c s 5>s s 6>s")
                    .on("probes 2")
                    .reads("CCCC CCCCO O HH h H~H~H~H~ h H h C");
        }

        @Test
        @DisplayName("rank 10 (rule 15): thresholds change at run time; the breaker, its counts and its listeners stay")
        void thresholdsChangeWhileRunning() {
            CircuitBreaker circuit = circuit("trip 5 consecutive");
            fail(circuit, 2);

            circuit.reconfigure(CircuitSettings.parse("trip 3 consecutive; wait 1s"));
            fail(circuit);

            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().counts().failures()).isEqualTo(3);
            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(events)
                    .hasSize(2)
                    .hasExactlyElementsOfTypes(CircuitEvent.Reconfigured.class, CircuitEvent.Opened.class);
        }

        @Test
        @DisplayName("rank 13: one breaker for each of very many keys takes bounded room; the open ones go last")
        void aBreakerPerKeyTakesBoundedRoom() {
            CircuitBreakerRegistry<Integer> hosts = CircuitBreakerRegistry.<Integer>builder()
                    .maximumSize(100)
                    .settings(CircuitSettings.parse("trip 1 consecutive"))
                    .build();
            CircuitBreaker open = hosts.get(-1);
            fail(open);
            for (int key = 0; key < 10_000; key++) {
                succeed(hosts.get(key));
            }
            assertThat(hosts.size()).isEqualTo(100);
            assertThat(hosts.evictions()).isEqualTo(9_901);
            assertThat(hosts.find(-1)).containsSame(open);
        }

        @Test
        @DisplayName(
                "rank 13: a breaker whose failures are older than its rule looks back makes room like any other idle one")
        void aBreakerWhoseFailuresAreLongGoneIsIdle() {
            for (String rule : List.of(
                    "5 failures within 10s",
                    "50% of last 10s, at least 5",
                    "50% of last 10s, at least 5 or 5 failures within 10s")) {
                CircuitBreaker circuit = circuit("trip " + rule);
                fail(circuit);
                assertThat(circuit.isIdle()).as("%s, now", rule).isFalse();
                ticker.advanceSeconds(11);
                assertThat(circuit.isIdle()).as("%s, later", rule).isTrue();
            }
        }

        @Test
        @DisplayName("rank 16 (rule 7): ignored exceptions neither open the circuit nor reach the fallback")
        void ignoredExceptionsReachTheCallerAndNotTheFallback() {
            CircuitBreaker circuit =
                    circuit("trip 1 consecutive", Classifier.standard().ignoring(IllegalArgumentException.class));
            AtomicInteger fallbacks = new AtomicInteger();
            IllegalArgumentException ignored = new IllegalArgumentException();

            assertThat(catchThrowable(() -> circuit.call(
                            () -> {
                                throw ignored;
                            },
                            refusal -> fallbacks.incrementAndGet())))
                    .isSameAs(ignored);

            assertThat(fallbacks).hasValue(0);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("rank 17 (rule 11): the call runs on the caller's own thread, where its thread-locals are")
        void theCallRunsOnTheCallersThread() {
            CircuitBreaker circuit = circuit("classic");
            List<Thread> threads = new ArrayList<>();
            circuit.run(() -> threads.add(Thread.currentThread()));
            assertThat(circuit.callAsync(() -> {
                        threads.add(Thread.currentThread());
                        return CompletableFuture.completedFuture("done");
                    }))
                    .isCompleted();
            circuit.hold(Hold.open());
            circuit.<String, RuntimeException>call(() -> "not asked", refusal -> {
                threads.add(Thread.currentThread());
                return "refused";
            });
            assertThat(threads)
                    .hasSize(3)
                    .allSatisfy(thread -> assertThat(thread).isSameAs(Thread.currentThread()));
        }

        @Test
        @DisplayName(
                "rank 18 (counting): at little traffic the default opens after five calls, and nothing is clipped silently")
        void littleTrafficOpensItAndNothingIsClipped() {
            tape("f +1h f +1h f +1h f +1h f").reads("C C C C C C C C O");
            assertThatThrownBy(() -> TripRule.failureRate(0.5).overCalls(10).atLeast(20))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("10 calls")
                    .hasMessageContaining("20");
            assertThatThrownBy(() -> CircuitSettings.parse("trip 50% of last 10 calls, at least 20"))
                    .isInstanceOf(SettingsSyntaxException.class);
        }

        @Test
        @DisplayName(
                "rank 19 (rule 7): a time-out that is dressed as a cancellation counts, a mere cancellation does not")
        void aTimeOutDressedAsACancellationCounts() {
            class DeadlineExceeded extends CancellationException {
                private static final long serialVersionUID = 1L;
            }
            CircuitBreaker circuit = circuit("trip 1 consecutive; slow 2s");
            failWith(circuit, new DeadlineExceeded(), 1);
            assertThat(circuit.state()).isEqualTo(CLOSED);
            failAfter(circuit, new DeadlineExceeded(), Duration.ofSeconds(3));
            assertThat(circuit.state()).isEqualTo(OPEN);

            CircuitBreaker named = circuit("trip 1 consecutive", Classifier.failures(DeadlineExceeded.class));
            failWith(named, new CancellationException(), 1);
            assertThat(named.state()).isEqualTo(CLOSED);
            failWith(named, new DeadlineExceeded(), 1);
            assertThat(named.state()).isEqualTo(OPEN);
        }

        @Test
        @DisplayName(
                "rank 20 (rules 5 and 7): a cancellation after the value changes nothing, one before gives the probe back")
        void cancellationBeforeAndAfterTheValue() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            fail(circuit);
            ticker.advanceSeconds(30);

            CompletableFuture<String> early = circuit.callAsync(CompletableFuture<String>::new);
            early.cancel(false);
            assertThat(circuit.state()).isEqualTo(HALF_OPEN);
            assertThat(circuit.snapshot().probesUnderWay()).isZero();

            CompletableFuture<String> source = new CompletableFuture<>();
            CompletableFuture<String> answered = circuit.callAsync(() -> source);
            source.complete("value");
            assertThat(answered.cancel(true)).isFalse();
            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        @Test
        @DisplayName("rank 21 (rule 14): observing tells each transition that would have been, in order")
        void observingTellsEveryTransition() {
            tape("[observe] fffff ss +30s s fffff +30s f +30s s")
                    .reads("C CCCCO O?O? O C CCCCO O O O C")
                    .tells(
                            "is observing",
                            "opened: 5 failures in a row, the last java.io.IOException; next probe in 30 s",
                            "is half-open: a probe is under way",
                            "closed: the probe succeeded",
                            "opened: 5 failures in a row, the last java.io.IOException; next probe in 30 s",
                            "is half-open: a probe is under way",
                            "opened: the probe failed: java.io.IOException; next probe in 30 s",
                            "is half-open: a probe is under way",
                            "closed: the probe succeeded");
        }

        @Test
        @DisplayName(
                "rank 22: open for as long as the server says, from closed and from half-open, and never because of it")
        void itStaysOpenForAsLongAsTheServerSays() {
            class Banned extends IOException {
                private static final long serialVersionUID = 1L;
            }
            CircuitBreaker circuit = circuit(
                    "trip 2 consecutive",
                    Classifier.standard().retryAfter(Banned.class, banned -> Optional.of(Duration.ofMinutes(2))));

            failWith(circuit, new Banned(), 1);
            assertThat(circuit.state()).isEqualTo(CLOSED);
            failWith(circuit, new Banned(), 1);
            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofMinutes(2));
            ticker.advance(Duration.ofMinutes(2));
            failWith(circuit, new Banned(), 1);
            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofMinutes(2));
            ticker.advance(Duration.ofMinutes(2));
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName(
                "rank 24 (rules 9 and 10): with rare calls half-open refuses nobody, and the calls there are decide")
        void rareCallsCloseItToo() {
            tape("fffff +24h s +24h s +24h s s").on("probes 3").reads("CCCCO O H H H H C C");
            tape("fffff +24h s +24h f +24h s").on("probes 3").reads("CCCCO O H H O O H");
        }

        @Test
        @DisplayName("rank 25 (rule 13): a listener can be removed, and each registration is told once")
        void listenersCanBeRemoved() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            List<CircuitEvent> told = new ArrayList<>();
            Consumer<CircuitEvent> listener = told::add;
            CircuitBreaker.Subscription first = circuit.onEvent(listener);
            CircuitBreaker.Subscription second = circuit.onEvent(listener);

            fail(circuit);
            assertThat(told).hasSize(2);
            first.close();
            first.close();
            circuit.reset();
            assertThat(told).hasSize(3);
            second.close();
            fail(circuit);
            assertThat(told).hasSize(3);
        }

        @Test
        @DisplayName("rank 27 (rule 16): what is shown is neither negative nor not a number, nor of an old state")
        void whatIsShownIsOfNow() {
            CircuitBreaker circuit = circuit("trip 100% slow of last 2 calls, at least 2; slow 1s");
            assertThat(circuit.snapshot().evidence()).isEqualTo("no calls");
            failAfter(circuit, new IOException(), Duration.ofSeconds(2));
            succeed(circuit, 2);
            assertThat(circuit.snapshot().evidence()).isEqualTo("0 of 2 calls slow (0%)");

            failAfter(circuit, new IOException(), Duration.ofSeconds(2));
            failAfter(circuit, new IOException(), Duration.ofSeconds(2));
            ticker.advanceSeconds(30);
            circuit.acquire();
            assertThat(circuit.snapshot().state()).isEqualTo(HALF_OPEN);
            ticker.advanceSeconds(30);
            assertThat(circuit.snapshot().state()).isEqualTo(OPEN);
            assertThat(circuit.toString()).contains("OPEN");
        }

        @Test
        @DisplayName("rank 27: the same counts are always shown in the same words and order")
        void theSameCountsAreShownInTheSameOrder() {
            CircuitBreaker circuit = circuit("trip 1 consecutive; limit 1");
            Permit taken = circuit.acquire();
            refusal(circuit);
            taken.failure(new Outage());
            refusal(circuit);
            ticker.advanceSeconds(30);
            circuit.acquire();
            refusal(circuit);
            circuit.hold(Hold.open());
            refusal(circuit);
            assertThat(circuit.snapshot().toString()).contains("refused {OPEN=1, PROBES_TAKEN=1, LIMIT=1, HELD=1}");
        }

        @Test
        @DisplayName("rank 30: every breaker can be seen, watched and reset")
        void everyBreakerCanBeSeenWatchedAndReset() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            fail(circuit);
            assertThat(circuit.snapshot().opening().orElseThrow().evidence())
                    .isEqualTo("1 failure in a row, the last " + Outage.class.getName());
            circuit.reset();
            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(events)
                    .extracting(CircuitEvent::toString)
                    .containsExactly(
                            "Circuit 'user wounds' opened: 1 failure in a row, the last " + Outage.class.getName()
                                    + "; next probe in 30 s",
                            "Circuit 'user wounds' closed: reset");
        }

        /** Fails when half-open counts admitted calls by a look and then a write: more than two of the herd get through. */
        @Test
        @DisplayName("rank 31 (rule 1): a herd at the door of half-open: its probes pass, the others are refused")
        void aHerdDoesNotGetThroughHalfOpen() throws Exception {
            try (Crowd herd = new Crowd(4)) {
                for (int round = 0; round < 200; round++) {
                    CircuitBreaker circuit = circuit("trip 1 consecutive; probes 2");
                    fail(circuit);
                    ticker.advanceSeconds(30);
                    AtomicInteger admitted = new AtomicInteger();
                    herd.doAtOnce(member -> {
                        for (int i = 0; i < 3; i++) {
                            if (circuit.tryAcquire() != null) {
                                admitted.incrementAndGet();
                            }
                        }
                    });
                    assertThat(admitted).hasValue(2);
                    assertThat(circuit.snapshot().counts().refused())
                            .isEqualTo(Map.of(Refusal.Reason.PROBES_TAKEN, 10L));
                }
            }
        }

        @Test
        @DisplayName("rank 32: names are keys at run time, and settings go by exact name or prefix")
        void settingsGoByNameAndPrefix() {
            CircuitBreakerRegistry<String> tenants = CircuitBreakerRegistry.<String>builder()
                    .settings("payments-*", CircuitSettings.parse("trip 3 consecutive"))
                    .settings("payments-acme", CircuitSettings.parse("trip 2 consecutive"))
                    .build();
            assertThat(List.of("payments-acme", "payments-other", "search"))
                    .extracting(name -> tenants.get(name).settings().trip().toString())
                    .containsExactly("2 consecutive", "3 consecutive", "5 consecutive");
        }

        @Test
        @DisplayName("rank 34: a number of failures opens it, in a row or within a time, without any rate")
        void aNumberOfFailuresOpensIt() {
            tape("fff").on("trip 3 consecutive").reads("CCO");
            tape("f ssssssssss f ssssssssss f").on("trip 3 failures within 1m").reads("C CCCCCCCCCC C CCCCCCCCCC O");
        }

        @Test
        @DisplayName(
                "rank 35 (counting): a time window does not open on its first calls, nor on the first after a pause")
        void aTimeWindowDoesNotOpenOnItsFirstCalls() {
            String settings = "trip 50% of last 10s, at least 5";
            tape("ffff f").on(settings).reads("CCCC O");
            tape("ssss +30s ffff f").on(settings).reads("CCCC C CCCC O");
            tape("fffff +30s s ffff f").on(settings).reads("CCCCO O C CCCC O");
        }

        @Test
        @DisplayName("rank 36 (rule 15): reset clears the evidence, also of a circuit that is closed already")
        void resetClearsAClosedCircuitToo() {
            tape("ffff [reset] ffff f").reads("CCCC C CCCC O");
            tape("fff [reset] f fff")
                    .on("trip 50% of last 10 calls, at least 4")
                    .reads("CCC C C CCO");
        }

        @Test
        @DisplayName(
                "rank 39 (rule 14): an order from within a probe is obeyed, and the probe's answer does not undo it")
        void anOrderFromWithinAProbeIsObeyed() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            fail(circuit);
            ticker.advanceSeconds(30);

            circuit.run(() -> circuit.hold(Hold.open()));

            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(refusal(circuit).reason()).isEqualTo(Refusal.Reason.HELD);
            assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
        }

        @Test
        @DisplayName(
                "rank 40 (rule 10): so many pass in half-open as the settings say, and it decides as soon as it is certain")
        void howManyPassAndWhenItDecides() {
            tape("fffff +30s 1<2<3<4< s 1>s 2>s 3>s").on("probes 3 of 4").reads("CCCCO O HHHH h H H C");
            tape("fffff +30s 1<2<3<4< s 1>s 2>f 3>f").on("probes 3 of 4").reads("CCCCO O HHHH h H H O");
        }

        @Test
        @DisplayName("rank 43: async calls close the circuit like any other")
        void asyncCallsCloseIt() {
            tape("fffff +30s s s").by(CallMode.ASYNC_LATER).reads("CCCCO O C C");
        }

        /** Fails when a transition is made without regard to what rules by then: a step would be impossible or told twice. */
        @Test
        @DisplayName(
                "rank 44 (rule 2): lapses, answers, orders and calls that race make only possible steps, each told once")
        void racingThreadsMakeOnlyPossibleSteps() throws Exception {
            try (Crowd crowd = new Crowd(3)) {
                for (int round = 0; round < 100; round++) {
                    events.clear();
                    CircuitBreaker circuit = circuit("trip 1 consecutive; wait 1ms");
                    crowd.doAtOnce(member -> {
                        for (int i = 0; i < 50; i++) {
                            Permit permit = circuit.tryAcquire();
                            ticker.advanceMillis(member);
                            if (member == 2 && i % 10 == 0) {
                                circuit.reset();
                            }
                            if (permit != null && i % 3 == 0) {
                                permit.success();
                            } else if (permit != null && i % 3 == 1) {
                                permit.failure(new Outage());
                            } // else it is lost
                        }
                    });
                    assertOnlyPossibleSteps();
                }
            }
        }

        @Test
        @DisplayName(
                "rank 45 (counting): a rolling window holds the answers of its length, and starts empty in each closed stay")
        void whatARollingWindowHolds() {
            tape("f sss ff").on("trip 50% of last 4 calls, at least 4").reads("C CCC CO");
            tape("ffff +30s s fff f")
                    .on("trip 100% of last 4 calls, at least 4")
                    .reads("CCCO O C CCC O");
        }

        @Test
        @DisplayName("rank 46: the interval of the statistics is the user's to choose")
        void theIntervalIsTheUsersChoice() {
            tape("f +1h f").on("trip 100% of last 1h, at least 2").reads("C C C");
            tape("f +59m f").on("trip 100% of last 1h, at least 2").reads("C C O");
            tape("f +9ms f").on("trip 100% of last 10ms, at least 2").reads("C C O");
        }
    }

    private void assertOnlyPossibleSteps() {
        CircuitState state = CLOSED;
        long generation = 1;
        for (CircuitEvent event : events) {
            assertThat(event.generation()).as("%s", event).isEqualTo(++generation);
            if (event instanceof CircuitEvent.Opened opened) {
                assertThat(opened.from()).as("%s", event).isEqualTo(state).isNotEqualTo(OPEN);
                state = OPEN;
            } else if (event instanceof CircuitEvent.Closed closed) {
                assertThat(closed.from()).as("%s", event).isEqualTo(state);
                state = CLOSED;
            } else {
                assertThat(state).as("%s", event).isEqualTo(OPEN);
                state = HALF_OPEN;
            }
        }
    }

    private CircuitBreaker circuit(String settings) {
        return circuit(settings, Classifier.standard());
    }

    private CircuitBreaker circuit(String settings, Classifier classifier) {
        return CircuitBreaker.builder("user wounds")
                .settings(CircuitSettings.parse(settings))
                .classifier(classifier)
                .ticker(ticker)
                .onEvent(events::add)
                .buildUnannounced();
    }

    private static void failWith(CircuitBreaker circuit, Exception exception, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(catchThrowable(() -> circuit.run(() -> {
                        throw exception;
                    })))
                    .isSameAs(exception);
        }
    }

    private void failAfter(CircuitBreaker circuit, Exception exception, Duration time) {
        assertThat(catchThrowable(() -> circuit.run(() -> {
                    ticker.advance(time);
                    throw exception;
                })))
                .isSameAs(exception);
    }
}
