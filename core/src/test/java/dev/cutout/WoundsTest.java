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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong in other circuit breakers at the edges, and does not here: one test for each row of the first three tables of our
 * survey of them (side by side; done, and what came back; defects D1 to D19). Each names its row, and the rule it protects.
 * {@link UserWoundsTest} goes on with what their users met.
 *
 * <p>Rows, or parts of rows, that have no test here:
 *
 * <ul>
 *   <li>table 1, the sound halves (gobreaker's and SmallRye's late answers, Armeria's lost probe): nothing is wounded there;
 *   <li>table 1, wall clocks and clocks that cannot be injected, and D11: no other clock exists, which {@code HouseRulesTest} reads off
 *       the sources; that one ticker moves everything is tested below;
 *   <li>table 1, Sentinel and Armeria leave errors to hooks and callers: the nearest is a permit that is closed without an answer,
 *       tested below;
 *   <li>D1 and table 2 row 1 come from a user's function that decides on transitions; there is none here, so the nearest is tested:
 *       a classifier that gives orders to its own circuit.
 * </ul>
 */
class WoundsTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final Queue<CircuitEvent> events = new ConcurrentLinkedQueue<>();

    @Nested
    class Table1LateAnswers {
        /** Fails without the comparison of generations in recordProbe and recordClosed: the old success closes the circuit. */
        @Test
        @DisplayName(
                "failsafe, resilience4j, Polly, opossum, Armeria (rule 6): a late success does not close half-open")
        void aLateSuccessDoesNotCloseHalfOpen() {
            tape("1< fffff +30s 2< 1>s s 2>f").reads("C CCCCO O H H~ h O");
        }

        @Test
        @DisplayName(
                "Helidon, Sentinel, failsafe-go (rule 6): results of an earlier closed stay are not in this one's window")
        void closedStaysShareNoWindow() {
            tape("1<2<3<4< fffff +30s s ffff 1>f2>f3>f4>f s f").reads("CCCC CCCCO O C CCCC C~C~C~C~ C C");
            tape("1<2<3< fff +1s s 1>f2>f3>f f")
                    .on("trip 100% of last 3 calls, at least 2; wait 1s")
                    .reads("CCC COo O C C~C~C~ C");
        }
    }

    @Nested
    class Table1LostProbes {
        /** Fails without HalfOpen.overdue: the circuit stays half-open, refusing, for ever. */
        @Test
        @DisplayName("nine of ten (rule 9): a probe that never reports lapses, and the next one closes the circuit")
        void aLostProbeLapsesAndTheNextOneClosesTheCircuit() {
            tape("fffff +30s 1< s +30s s +30s s").reads("CCCCO O H h O o O C");
        }

        @Test
        @DisplayName("opossum with timeout: false (rule 9): an async probe that never completes lapses too")
        void anAsyncProbeThatNeverCompletesLapses() {
            CircuitBreaker circuit = probing("classic");
            CompletableFuture<String> lost = circuit.callAsync(CompletableFuture<String>::new);

            assertThat(refusal(circuit).reason()).isEqualTo(Refusal.Reason.PROBES_TAKEN);
            ticker.advanceSeconds(60);
            succeed(circuit);

            assertThat(lost).isNotDone();
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("all (rule 9): however many probes are lost one after the other, the circuit closes in the end")
        void manyProbesLostInARowDoNotWearItOut() {
            CircuitBreaker circuit = probing("classic");
            for (int i = 0; i < 200; i++) {
                assertThat(circuit.tryAcquire()).as("probe %s", i).isNotNull();
                ticker.advance(Duration.ofHours(1));
            }
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }
    }

    @Nested
    class Table1ErrorsAndCancellation {
        /** Fails when only exceptions are recorded: the probe is then lost until its lease ends. */
        @ParameterizedTest
        @ValueSource(
                classes = {AssertionError.class, StackOverflowError.class, OutOfMemoryError.class, LinkageError.class})
        @DisplayName(
                "resilience4j, failsafe-go (rule 7): an Error is recorded, loses no permit and is thrown on untouched")
        void anErrorIsAFailureAndLosesNoPermit(Class<? extends Error> type) throws Exception {
            CircuitBreaker circuit = probing("classic");
            Error error = type.getConstructor().newInstance();

            assertThat(catchThrowable(() -> circuit.run(() -> {
                        throw error;
                    })))
                    .isSameAs(error);

            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().counts().failures()).isEqualTo(6);
            ticker.advanceSeconds(30);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        /** Fails when an ignored answer is told to the verdict as a success. */
        @Test
        @DisplayName("Polly (rule 7): a cancelled probe is no success and does not close the circuit")
        void aCancelledProbeDoesNotClose() {
            tape("fffff +30s c n s").reads("CCCCO O H H C");
        }

        @Test
        @DisplayName("opossum (rule 7): an exception that is filtered out is no success and does not close the circuit")
        void anIgnoredExceptionDoesNotClose() {
            tape("fffff +30s i i f").reads("CCCCO O H H O");
        }

        @Test
        @DisplayName(
                "Armeria, Sentinel (rule 5): a caller who forgets to report is seen as soon as the permit is closed")
        void aForgottenReportIsAFailureWhenThePermitIsClosed() {
            tape("fffff +30s 1< 1>. s").reads("CCCCO O H O o");
            tape("1<1>. 1<1>. 1<1>. 1<1>. 1<1>.").reads("CC CC CC CC CO");
        }
    }

    @Nested
    class Table1Clock {
        @Test
        @DisplayName("failsafe, resilience4j (rule 12): one ticker moves wait, lease, window, slowness and holds")
        void oneTickerMovesEverything() {
            String settings = "trip 50% of last 10s, at least 2 or 50% slow of last 10s, at least 3; slow 1s; "
                    + "wait 5s; probe within 2s";
            tape("f +10s f").on(settings).reads("C C C");
            tape("s SS").on(settings).reads("C CO");
            tape("ff +5s 1< +2s +5s s").on(settings).reads("CO O H O O C");
            tape("[hold open 1s] +1s s").on(settings).reads("O O C");
        }

        /** Fails wherever readings are compared by size, or 0 stands for "never". */
        @ParameterizedTest
        @ValueSource(
                longs = {Long.MIN_VALUE, -30_000_000_000L, -1, 0, 1, Long.MAX_VALUE - 30_000_000_000L, Long.MAX_VALUE})
        @DisplayName("Armeria (rule 12): readings may be negative, zero, or wrap")
        void readingsMayBeNegativeOrWrap(long origin) {
            AtomicLong nanos = new AtomicLong(origin);
            CircuitBreaker circuit = CircuitBreaker.builder("anywhere in time")
                    .settings(CircuitSettings.parse("trip 5 failures within 10s or 50% of last 10s, at least 10"))
                    .ticker(nanos::get)
                    .buildUnannounced();

            fail(circuit, 4);
            nanos.addAndGet(Duration.ofSeconds(11).toNanos());
            fail(circuit, 4);
            assertThat(circuit.state()).isEqualTo(CLOSED);
            fail(circuit);
            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofSeconds(30));
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            assertThat(circuit.tryAcquire()).isNotNull();
            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofSeconds(30));
            nanos.addAndGet(Duration.ofSeconds(60).toNanos());
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }
    }

    @Nested
    class Table1StateAndData {
        /** A walk of random steps: what the snapshot says of the next call is what happens to it. */
        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
        @DisplayName("resilience4j's second flag (rules 1 and 16): state and admission never disagree")
        void theNextCallIsAdmittedIfAndOnlyIfTheSnapshotSaysSo(long seed) {
            Random random = new Random(seed);
            CircuitBreaker circuit = circuit("trip 2 consecutive; wait 1s; probe within 5s");
            List<Permit> underWay = new ArrayList<>();
            for (int step = 0; step < 2_000; step++) {
                CircuitSnapshot seen = circuit.snapshot();
                boolean promised = switch (seen.state()) {
                    case CLOSED -> true;
                    case OPEN -> seen.probeDue().orElseThrow().compareTo(Duration.ZERO) <= 0;
                    case HALF_OPEN -> seen.probesUnderWay() == 0;
                };
                Permit permit = circuit.tryAcquire();
                assertThat(permit != null).as("step %s after %s", step, seen).isEqualTo(promised);
                if (permit != null) {
                    underWay.add(permit);
                }
                if (!underWay.isEmpty() && random.nextInt(3) > 0) {
                    Permit answering = underWay.remove(random.nextInt(underWay.size()));
                    switch (random.nextInt(4)) {
                        case 0 -> answering.success();
                        case 1 -> answering.ignore();
                        default -> answering.failure(new Outage());
                    }
                }
                if (random.nextInt(3) == 0) {
                    ticker.advanceMillis(random.nextInt(1_500));
                }
            }
            assertThat(events).as("it was a walk through all states").hasSizeGreaterThan(100);
        }

        /** Fails when the state is published before the time of its probe: others then take the probe of a moment ago. */
        @Test
        @DisplayName("Sentinel (rule 2): whoever sees the circuit open also sees when its probe is due")
        void nobodyIsLetThroughJustAfterTheOpening() throws Exception {
            try (Crowd crowd = new Crowd(3)) {
                for (int round = 0; round < 300; round++) {
                    CircuitBreaker circuit = circuit("trip 1 consecutive");
                    crowd.doAtOnce(member -> {
                        if (member == 0) {
                            fail(circuit);
                        }
                        while (circuit.state() == CLOSED) {
                            Thread.onSpinWait();
                        }
                        assertThat(circuit.tryAcquire()).isNull();
                        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(30));
                    });
                }
            }
        }

        /**
         * All of the crowd have seen the reason to open, and drawn the wait, before any of them opens the circuit. Fails when those
         * who lost that race are not stopped by the number of the stay.
         */
        @Test
        @DisplayName(
                "failsafe-go, which lets go of its lock halfway (rule 2): one transition, one event, however many fail at once")
        void oneTransitionHoweverManyFailAtOnce() throws Exception {
            RandomGenerator meeting = meetingOf(4);
            CircuitBreaker circuit =
                    circuit("trip 1 consecutive; wait 1s to 5s", builder -> builder.random(() -> meeting));
            List<Permit> permits = List.of(circuit.acquire(), circuit.acquire(), circuit.acquire(), circuit.acquire());
            try (Crowd crowd = new Crowd(4)) {
                crowd.doAtOnce(member -> permits.get(member).failure(new Outage()));
            }
            assertThat(circuit.snapshot().generation()).isEqualTo(2);
            assertThat(events).hasSize(1);
            assertThat(circuit.snapshot().counts().failures())
                    .as("each answer is counted once")
                    .isEqualTo(4);
        }

        /**
         * The circuit is reset while the wait of its opening is being drawn. Fails when a transition is made by a plain write: the
         * opening of the stay that is over then rules.
         */
        @Test
        @DisplayName(
                "failsafe-go (rule 2): whoever was stopped halfway through a transition does not undo what came since")
        void aTransitionThatCameTooLateIsNotMade() {
            AtomicReference<CircuitBreaker> circuit = new AtomicReference<>();
            RandomGenerator resetting = () -> {
                circuit.get().reset();
                return 0;
            };
            circuit.set(circuit("trip 1 consecutive; wait 1s to 5s", builder -> builder.random(() -> resetting)));

            fail(circuit.get());

            assertThat(circuit.get().state()).isEqualTo(CLOSED);
            assertThat(circuit.get().snapshot().generation()).isEqualTo(2);
            assertThat(events).extracting(CircuitEvent::toString).containsExactly("Circuit 'wounds' closed: reset");
        }

        /** Fails when listeners run under a lock that calls need: the other thread would wait for this one, and this one for it. */
        @Test
        @DisplayName(
                "gobreaker, Polly (rules 11 and 13): a listener that waits for another thread's call holds up nobody")
        void aListenerMayWaitForAnotherThreadsCall() {
            List<Refusal.Reason> told = new ArrayList<>();
            AtomicReference<CircuitBreaker> circuit = new AtomicReference<>();
            circuit.set(circuit(
                    "trip 1 consecutive",
                    builder -> builder.onEvent(event -> told.add(CompletableFuture.supplyAsync(
                                    () -> refusal(circuit.get()).reason())
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()))));

            fail(circuit.get());

            assertThat(told).containsExactly(Refusal.Reason.OPEN);
        }

        @Test
        @DisplayName(
                "Helidon (rule 14): a circuit that a person opened half-opens once released, or when the hold ends")
        void openedByHandItStillHalfOpens() {
            tape("[hold open] +1h s [release] s s").reads("O O o O C C");
            tape("fffff [hold open 1h] +30s s +59m s +30s s").reads("CCCCO O O o O o O C");
        }
    }

    @Nested
    class Table1RecursionInAdmission {
        /**
         * A source of randomness that changes the circuit makes admission lose its race a hundred thousand times. Fails with a
         * StackOverflowError when admission starts over by calling itself.
         */
        @Test
        @DisplayName("resilience4j, SmallRye, failsafe (rule 1): admission that has to start over does not call itself")
        void admissionStartsOverWithoutCallingItself() {
            AtomicInteger races = new AtomicInteger();
            AtomicReference<CircuitBreaker> circuit = new AtomicReference<>();
            RandomGenerator meddler = () -> {
                if (circuit.get().snapshot().opening().isPresent() && races.incrementAndGet() <= 100_000) {
                    circuit.get().hold(Hold.observing());
                }
                return 0;
            };
            circuit.set(circuit("trip 1 consecutive; wait 1s to 5s", builder -> builder.random(() -> meddler)));
            fail(circuit.get());
            ticker.advanceSeconds(1);

            succeed(circuit.get());

            assertThat(races).hasValueGreaterThan(100_000);
            assertThat(circuit.get().state()).isEqualTo(CLOSED);
        }

        /** Fails with a StackOverflowError when an event is delivered from within the delivery of the one before. */
        @Test
        @DisplayName("resilience4j (rule 13): a listener that drives the circuit on and on does not exhaust the stack")
        void aListenerThatDrivesTheCircuitDoesNotExhaustTheStack() {
            AtomicInteger openings = new AtomicInteger();
            AtomicReference<CircuitBreaker> circuit = new AtomicReference<>();
            circuit.set(circuit(
                    "trip 1 consecutive",
                    builder -> builder.onEvent(event -> {
                        if (event instanceof CircuitEvent.Opened && openings.incrementAndGet() < 20_000) {
                            ticker.advanceSeconds(30);
                            fail(circuit.get());
                        }
                    })));

            fail(circuit.get());

            assertThat(openings).hasValue(20_000);
            assertThat(circuit.get().snapshot().generation()).isEqualTo(40_000);
        }
    }

    @Nested
    class Table2 {
        /** A classifier that opens its own circuit is the nearest to a user's function that says "open". */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName(
                "row 1, D1 (rules 8 and 14): user code that opens the circuit on the way neither replaces the caller's "
                        + "exception nor parts the state from admission")
        void theUsersCodeMayOpenTheCircuitWhileItIsAsked(boolean complain) {
            AtomicReference<CircuitBreaker> circuit = new AtomicReference<>();
            Classifier opener = Classifier.standard().ignoringIf(thrown -> {
                if (thrown instanceof IllegalStateException) {
                    circuit.get().hold(Hold.open());
                    if (complain) {
                        throw new IllegalArgumentException("this should never happen");
                    }
                }
                return false;
            });
            circuit.set(circuit("classic", builder -> builder.classifier(opener)));
            IllegalStateException own = new IllegalStateException("user");

            try (Warnings warnings = new Warnings()) {
                assertThat(catchThrowable(() -> circuit.get().run(() -> {
                            throw own;
                        })))
                        .isSameAs(own);
                assertThat(warnings.messages()).hasSize(complain ? 1 : 0);
            }

            assertThat(circuit.get().state()).isEqualTo(OPEN);
            assertThat(refusal(circuit.get()).reason()).isEqualTo(Refusal.Reason.HELD);
            circuit.get().release();
            succeed(circuit.get());
            assertThat(circuit.get().state()).isEqualTo(CLOSED);
            fail(circuit.get(), 5);
            assertThat(circuit.get().state()).isEqualTo(OPEN);
            assertThat(refusal(circuit.get()).reason()).isEqualTo(Refusal.Reason.OPEN);
        }

        @Test
        @DisplayName(
                "row 2 (rule 7): half-open, one probe, a StackOverflowError: open again, and a probe after the wait")
        void aStackOverflowInTheProbeOpensTheCircuitAgain() {
            tape("fffff +30s e s +30s s").reads("CCCCO O O o O C");
        }

        @Test
        @DisplayName("rows 3 and 5 (rule 6): a call begun in closed that succeeds in half-open leaves it half-open")
        void anOldSuccessLeavesItHalfOpen() {
            CircuitBreaker circuit = circuit("classic");
            CompletableFuture<String> source = new CompletableFuture<>();
            CompletableFuture<String> old = circuit.callAsync(() -> source);
            fail(circuit, 5);
            ticker.advanceSeconds(30);
            circuit.acquire();

            source.complete("at last");

            assertThat(old).isCompletedWithValue("at last");
            assertThat(circuit.state()).isEqualTo(HALF_OPEN);
            assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
        }

        @Test
        @DisplayName(
                "row 4 (rules 12 and 16): a window of 5 s, one call, the clock moved one hour: nothing is in the window")
        void aTimeWindowFollowsTheTickerThatWasGiven() {
            CircuitBreaker circuit = circuit("trip 50% of last 5s, at least 2");
            fail(circuit);
            assertThat(circuit.snapshot().evidence()).startsWith("1 of 1 call failed");

            ticker.advance(Duration.ofHours(1));

            assertThat(circuit.snapshot().evidence()).startsWith("no calls");
            fail(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("row 6 (rules 1 and 6): calls begun in closed that succeed in half-open admit nobody")
        void oldSuccessesMintNoPermits() {
            tape("1<2< fffff +30s 3< 1>s2>s 4<5<6<7<8<").on("probes 3").reads("CC CCCCO O H H~H~ HHhhh");
        }

        @Test
        @DisplayName(
                "row 7 (rules 3 and 9): while a probe is lost, callers are told when to come back, and then it is over")
        void aLostProbeHasAnEndThatCallersAreTold() {
            CircuitBreaker circuit = probing("classic");
            circuit.acquire();
            ticker.advanceSeconds(10);

            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofSeconds(20));
            ticker.advanceSeconds(20);
            assertThat(refusal(circuit).retryAfter()).contains(Duration.ofSeconds(30));
            ticker.advanceSeconds(30);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("row 8 (counting): 99 failures of 200 are not 50 %, 100 are")
        void ratesAreNotRounded() {
            CircuitBreaker circuit = circuit("trip 50% of last 200 calls, at least 200");
            succeed(circuit, 101);
            fail(circuit, 99);

            assertThat(circuit.snapshot().evidence()).isEqualTo("99 of 200 calls failed (49.5%)");
            assertThat(circuit.state()).isEqualTo(CLOSED);
            fail(circuit);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        @DisplayName("row 9: whoever passes null is told the name of what must not be null")
        void nullIsRefusedByItsRightName() {
            CircuitBreaker circuit = circuit("classic");
            assertThatThrownBy(() -> circuit.onEvent(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("listener");
            assertThatThrownBy(() -> circuit.hold(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("hold");
            assertThatThrownBy(() -> circuit.reconfigure(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("settings");
            assertThatThrownBy(() -> circuit.call(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("body");
            assertThatThrownBy(() -> circuit.call(() -> "", null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("fallback");
            assertThatThrownBy(() -> circuit.callAsync(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("body");
            assertThat(circuit.tryAcquire()).as("nothing was admitted or lost").isNotNull();
        }
    }

    @Nested
    class Table3 {
        @Test
        @DisplayName(
                "D1 (rules 2 and 14): after an opening that user code brought about, failures still open the circuit")
        void failuresAlwaysOpenIt() {
            tape("[hold open] s [release] s fffff s").reads("O o O C CCCCO o");
        }

        @Test
        @DisplayName("D2 (rule 7): an Error in the probe loses no permit, a day later or at once")
        void anErrorInEachProbeLosesNone() {
            tape("fffff +30s e +24h e +30s s").reads("CCCCO O O O O O C");
            tape("fffff +30s 1<2<3< 1>e s 2>s 3>s").on("probes 2 of 3").reads("CCCCO O HHH H h H C");
        }

        /** Fails when a wait outlives the stay it was drawn for: the second opening would end with the first one's. */
        @Test
        @DisplayName("D3 (rule 15): after a reset nothing is left of the wait; the next opening has its whole own")
        void aResetLeavesNothingOfTheWait() {
            tape("fffff +20s [reset] fffff +10s s +19s s +1s s").reads("CCCCO O C CCCCO O o O o O C");
        }

        /** Fails when a lease outlives the stay it was given in: the healthy circuit would be forced open. */
        @Test
        @DisplayName("D4 (rule 15): after a reset nothing is left of the lease; a closed circuit stays closed")
        void aResetLeavesNothingOfTheLease() {
            tape("fffff +30s 1< [reset] s +30s s +1h s 1>f s").reads("CCCCO O H C C C C C C C~ C");
        }

        @Test
        @DisplayName(
                "D5 (rule 6): an old result neither closes nor opens half-open, and an old ignored one frees no probe")
        void oldAnswersLeaveHalfOpenAlone() {
            tape("1< fffff +30s 2< 1>s s 2>s").reads("C CCCCO O H H~ h C");
            tape("1< fffff +30s 2< 1>f s 2>s").reads("C CCCCO O H H~ h C");
            tape("1< fffff +30s 2< 1>i s 2>s").reads("C CCCCO O H H~ h C");
        }

        @Test
        @DisplayName(
                "D6 (rule 8): wrappers without a cause neither break the classifier nor replace the caller's exception")
        void anEmptyWrapperIsAFailureLikeAnyOther() {
            for (Exception empty :
                    List.of(new CompletionException((Throwable) null), new ExecutionException((Throwable) null))) {
                CircuitBreaker circuit = circuit(
                        "trip 1 consecutive",
                        builder -> builder.classifier(Classifier.standard().ignoring(IllegalArgumentException.class)));

                assertThat(catchThrowable(() -> circuit.call(() -> {
                            throw empty;
                        })))
                        .isSameAs(empty);

                assertThat(circuit.state()).isEqualTo(OPEN);
                assertThat(circuit.snapshot().opening().orElseThrow().failureClass())
                        .isEqualTo(Optional.of(empty.getClass()));
            }
        }

        @Test
        @DisplayName(
                "D7 (rule 8): a classifier that throws on a result counts one failure, and the caller gets the result")
        void aThrowingClassifierCountsOnce() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreaker circuit = circuit(
                        "classic",
                        builder -> builder.countSuccesses()
                                .classifier(Classifier.standard().orResult(result -> {
                                    throw new IllegalStateException("cannot judge " + result);
                                })));

                assertThat(circuit.<String, RuntimeException>call(() -> "result"))
                        .isEqualTo("result");

                assertThat(circuit.snapshot().counts().failures()).isEqualTo(1);
                assertThat(circuit.snapshot().counts().successes()).hasValue(0);
                assertThat(warnings.messages()).hasSize(1);
            }
        }

        @Test
        @DisplayName("D8 (rule 14): observing tells every opening that would have been, not the first only")
        void observingTellsEachOpeningThatWouldHaveBeen() {
            CircuitBreaker circuit = circuit("trip 2 consecutive; wait 1s");
            circuit.hold(Hold.observing());
            for (int i = 0; i < 5; i++) {
                fail(circuit, 4);
                ticker.advanceSeconds(1);
                succeed(circuit);
            }
            assertThat(events).filteredOn(CircuitEvent.Opened.class::isInstance).hasSize(5);
            assertThat(events).filteredOn(CircuitEvent.Closed.class::isInstance).hasSize(5);
            assertThat(circuit.snapshot().counts().shadowed()).isEqualTo(10);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "trip 100% of last 1 call, at least 1",
                    "trip 100% of last 10ms, at least 1",
                    "trip 1 failure within 1ms",
                    "trip 1 consecutive",
                    "trip 100% slow of last 1 call, at least 1; slow 1ms",
                    "trip 100% slow of last 10ms, at least 1; slow 1ms"
                })
        @DisplayName("D9: the smallest windows work")
        void theSmallestWindowsWork(String settings) {
            tape("F s").on(settings).reads("O o");
        }

        @Test
        @DisplayName("D10 (rule 12): every window that knows time follows the ticker that was given")
        void everyWindowFollowsTheTicker() {
            tape("ff +10s f").on("trip 100% of last 10s, at least 3").reads("CC C C");
            tape("SS +10s S")
                    .on("trip 100% slow of last 10s, at least 3; slow 1ms")
                    .reads("CC C C");
            tape("ff +11s f").on("trip 3 failures within 10s").reads("CC C C");
        }

        @Test
        @DisplayName("D12 (rules 7 and 9): a cancelled stage gives its probe back; a future that nobody reads lapses")
        void cancelledAndUnreadFuturesLoseNoPermit() {
            CircuitBreaker circuit = probing("classic");
            CompletableFuture<String> source = new CompletableFuture<>();

            circuit.callAsync(() -> source).cancel(true);
            assertThat(source).isCancelled();
            CompletableFuture<String> unread = circuit.callAsync(CompletableFuture<String>::new);
            assertThat(circuit.snapshot().probesUnderWay()).isEqualTo(1);
            ticker.advanceSeconds(60);
            succeed(circuit);

            assertThat(unread).isNotDone();
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("D13 (counting): an idle gap does not stretch a time window")
        void anIdleGapDoesNotStretchATimeWindow() {
            tape("f +19s f").on("trip 50% of last 10s, at least 2").reads("C C C");
            tape("f +10s f +9s f").on("trip 50% of last 10s, at least 3").reads("C C C C C");
            tape("f +25s ff f").on("trip 50% of last 10s, at least 3").reads("C C CC O");
        }

        @Test
        @DisplayName("D14 (rule 7): a call that waits in a queue and is cancelled gives its probe back")
        void aQueuedCallThatIsCancelledGivesItsProbeBack() {
            CircuitBreaker circuit = probing("classic");
            Queue<Runnable> queue = new ArrayDeque<>();
            CompletableFuture<String> queued =
                    circuit.callAsync(() -> CompletableFuture.supplyAsync(() -> "never asked for", queue::add));
            assertThat(refusal(circuit).reason()).isEqualTo(Refusal.Reason.PROBES_TAKEN);

            queued.cancel(true);

            assertThat(queue).hasSize(1);
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        /** Fails when the cancellation is learnt from the source only: this one cannot be cancelled and answers never. */
        @Test
        @DisplayName("D12, D14 (rule 7): a cancelled call gives its probe back also where its source cannot be reached")
        void aCancelledCallWhoseSourceCannotBeReachedGivesItsProbeBack() {
            CircuitBreaker circuit = probing("classic");
            CompletableFuture<String> source = new CompletableFuture<>();

            circuit.callAsync(source::minimalCompletionStage).cancel(true);

            assertThat(source).isNotDone();
            assertThat(circuit.snapshot().probesUnderWay()).isZero();
            succeed(circuit);
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        @DisplayName("D15 (rules 6 and 10): late results neither add permits nor decide, however many")
        void lateResultsNeitherAddPermitsNorDecide() {
            tape("1<2<3< fffff +30s 4<5<6< 1>s2>s3>s s 4>s5>s 6>f")
                    .on("probes 3")
                    .reads("CCC CCCCO O HHH H~H~H~ h HH O");
            tape("1<2<3< fffff +30s 4<5<6< 1>f2>f3>f s 4>s5>s6>s")
                    .on("probes 3")
                    .reads("CCC CCCCO O HHH H~H~H~ h HHC");
        }

        @Test
        @DisplayName("D16 (rule 16): nothing shows counts of a window long gone")
        void nothingShowsCountsOfAWindowLongGone() {
            CircuitBreaker circuit = circuit("trip 50% of last 10s, at least 9 or 9 failures within 10s");
            fail(circuit, 3);
            assertThat(circuit.snapshot().evidence())
                    .contains("3 of 3 calls failed")
                    .contains("3 failures within 10s");
            ticker.advanceSeconds(10);
            assertThat(circuit.snapshot().evidence()).contains("no calls");
            ticker.advanceSeconds(1);
            assertThat(circuit.snapshot().evidence()).contains("no calls").contains("0 failures within 10s");
        }

        /**
         * All of the crowd have seen that the probe is due, and drawn the next wait, before any of them takes it. Fails when the
         * probe is taken by a look and then a write: then all four are let through.
         */
        @Test
        @DisplayName("D17 (rule 1): at the moment the probe is due, one of many is let through")
        void oneOfManyTakesTheProbe() throws Exception {
            AtomicReference<RandomGenerator> random = new AtomicReference<>(FixedChance.LOWEST);
            CircuitBreaker circuit =
                    circuit("trip 1 consecutive; wait 1s to 5s", builder -> builder.random(random::get));
            fail(circuit);
            ticker.advanceSeconds(1);
            random.set(meetingOf(4));
            AtomicInteger admitted = new AtomicInteger();
            try (Crowd crowd = new Crowd(4)) {
                crowd.doAtOnce(member -> {
                    if (circuit.tryAcquire() != null) {
                        admitted.incrementAndGet();
                    }
                });
            }
            assertThat(admitted).hasValue(1);
            assertThat(circuit.snapshot().counts().probes()).isEqualTo(1);
        }

        @Test
        @DisplayName(
                "D17 (rules 6 and 9): an old result does not decide, and a probe that is never given back does not block")
        void anOldResultDoesNotDecideAndALostProbeDoesNotBlock() {
            tape("1< f +30s 2< 1>s +30s s +30s s").on("trip 1 consecutive").reads("C O O H H~ O o O C");
        }

        @Test
        @DisplayName("D18 (counting): a rate of 0 is not allowed, and successes alone open nothing")
        void successesNeverOpenIt() {
            assertThatThrownBy(() -> TripRule.failureRate(0)).hasMessageContaining("above 0");
            assertThatThrownBy(() -> CircuitSettings.parse("trip 0% of last 10 calls, at least 1"))
                    .hasMessageContaining("above 0%");
            tape("ssss")
                    .on("trip 0.0001% of last 4 calls, at least 1 or 0.0001% of last 10s, at least 1")
                    .reads("CCCC");
        }

        @Test
        @DisplayName("D19 (rule 10): refused calls do not decide half-open, and the probe's success does")
        void refusedCallsDoNotDecide() {
            tape("fffff +30s 1< ssss 1>s s").reads("CCCCO O H hhhh C C");
        }
    }

    private CircuitBreaker circuit(String settings) {
        return circuit(settings, builder -> {});
    }

    private CircuitBreaker circuit(String settings, Consumer<CircuitBreaker.Builder> more) {
        CircuitBreaker.Builder builder = CircuitBreaker.builder("wounds")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .onEvent(events::add);
        more.accept(builder);
        return builder.buildUnannounced();
    }

    /** A circuit that opened, and whose next call is the first probe. */
    private CircuitBreaker probing(String settings) {
        CircuitBreaker circuit = circuit(settings);
        while (circuit.state() == CLOSED) {
            fail(circuit);
        }
        ticker.advance(circuit.snapshot().probeDue().orElseThrow());
        return circuit;
    }

    /** A source of randomness at which so many threads wait for each other, so that all have drawn before any of them acts. */
    private static RandomGenerator meetingOf(int threads) {
        CyclicBarrier barrier = new CyclicBarrier(threads);
        return () -> {
            try {
                barrier.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new AssertionError("not everyone came", e);
            }
            return 0;
        };
    }
}
