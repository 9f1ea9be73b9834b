package dev.cutout;

import static dev.cutout.CircuitState.CLOSED;
import static dev.cutout.CircuitState.HALF_OPEN;
import static dev.cutout.CircuitState.OPEN;
import static dev.cutout.PlayedCalls.fail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cutout.PlayedCalls.Outage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link CircuitBreaker#callAsync} promises: it never throws, and however the future ends, the permit has answered before. */
class CallAsyncTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CompletableFuture<String> source = new CompletableFuture<>();

    @Nested
    class NeverThrows {
        @Test
        void aRefusalComesAsAFailedFuture() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            fail(circuit);

            CompletableFuture<String> refused = circuit.callAsync(() -> source);

            assertThat(failureOf(refused))
                    .isInstanceOfSatisfying(
                            CallNotPermittedException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.OPEN));
        }

        static List<Throwable> anything() {
            return List.of(new IOException(), new IllegalStateException(), new AssertionError(), new Outage());
        }

        @ParameterizedTest
        @MethodSource("anything")
        void whatTheBodyThrowsComesAsAFailedFutureAndIsAFailure(Throwable thrown) {
            CircuitBreaker circuit = circuit("trip 1 consecutive");

            CompletableFuture<String> failed = circuit.callAsync(() -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown;
            });

            assertThat(failureOf(failed)).isSameAs(thrown);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void anInterruptedBodyIsIgnoredAndTheThreadStaysInterrupted() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");

            CompletableFuture<String> failed = circuit.callAsync(() -> {
                throw new InterruptedException();
            });

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failureOf(failed)).isInstanceOf(InterruptedException.class);
            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        @Test
        void aBodyThatReturnsNullIsAFailureThatSaysSo() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");

            CompletableFuture<String> failed = circuit.callAsync(() -> null);

            assertThat(failureOf(failed))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("The body of callAsync returned null instead of a CompletionStage.");
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void aStageThatCannotBeListenedToIsAFailure() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletionStage<String> broken = new CompletableFuture<>() {
                @Override
                public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                    throw new UnsupportedOperationException("no listeners");
                }
            };

            assertThat(failureOf(circuit.callAsync(() -> broken))).hasMessage("no listeners");

            assertThat(circuit.state()).isEqualTo(OPEN);
        }
    }

    @Nested
    class TheSourceAnswers {
        @Test
        void aSourceThatHadAnsweredBeforeIsASuccessAtOnce() {
            CircuitBreaker circuit = circuit("classic");
            source.complete("early");

            CompletableFuture<String> future = circuit.callAsync(() -> source);

            assertThat(future).isCompletedWithValue("early");
            assertThat(successes(circuit)).isEqualTo(1);
        }

        @Test
        void aSourceThatAnswersLaterIsASuccessThen() {
            CircuitBreaker circuit = circuit("classic");
            CompletableFuture<String> future = circuit.callAsync(() -> source);
            assertThat(future).isNotDone();
            assertThat(successes(circuit)).isZero();

            source.complete("later");

            assertThat(future).isCompletedWithValue("later");
            assertThat(successes(circuit)).isEqualTo(1);
        }

        @Test
        void nullIsAResultLikeAnyOther() {
            CircuitBreaker circuit = circuit("classic");

            assertThat(circuit.callAsync(() -> CompletableFuture.completedFuture(null)))
                    .isCompletedWithValue(null);

            assertThat(successes(circuit)).isEqualTo(1);
        }

        @Test
        void aResultThatIsAThrowableIsAResult() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            Outage result = new Outage();

            assertThat(circuit.callAsync(() -> CompletableFuture.completedFuture(result)))
                    .isCompletedWithValue(result);

            assertThat(circuit.state()).isEqualTo(CLOSED);
        }

        @Test
        void aSourceThatFailsIsAFailureWithTheVeryException() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            IOException own = new IOException();
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            source.completeExceptionally(own);

            assertThat(failureOf(future)).isSameAs(own);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void aFailureWrappedOnItsWayIsJudgedByWhatIsInside() {
            CircuitBreaker circuit = builder("trip 1 consecutive")
                    .classifier(Classifier.failures(IOException.class))
                    .build();
            CompletableFuture<String> harmless = new CompletableFuture<>();
            assertThat(circuit.callAsync(() -> harmless.thenApply(String::trim)))
                    .isNotDone();
            assertThat(circuit.callAsync(() -> source.thenApply(String::trim))).isNotDone();

            harmless.completeExceptionally(new IllegalArgumentException());
            assertThat(circuit.state()).isEqualTo(CLOSED);
            source.completeExceptionally(new IOException());

            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().opening().orElseThrow().failureClass())
                    .contains(IOException.class);
        }

        @Test
        void aWrapperReachesTheCallerAsItWas() {
            CircuitBreaker circuit = circuit("classic");
            CompletionException wrapper = new CompletionException(new IOException());
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            source.completeExceptionally(wrapper);

            assertThatThrownBy(future::join).isSameAs(wrapper);
        }

        @Test
        void aSourceThatIsCancelledElsewhereIsIgnored() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            source.cancel(true);

            assertThat(future).isCancelled();
            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        @Test
        void resultsGoThroughTheClassifier() {
            CircuitBreaker circuit = builder("trip 1 consecutive")
                    .classifier(Classifier.standard().orResult(String.class, String::isEmpty))
                    .build();
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            source.complete("");

            assertThat(future).isCompletedWithValue("");
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void aStageThatIsNoFutureWillDo() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(source::minimalCompletionStage);

            source.completeExceptionally(new Outage());

            assertThat(failureOf(future)).isInstanceOf(Outage.class);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }
    }

    /**
     * Were the permit answered by an action on the future's completion, in place of the overridden ways to complete it, actions that were
     * registered before it, and threads in {@code join}, would still see the circuit closed.
     */
    @Nested
    class TheBreakerKnowsFirst {
        @Test
        void dependentsSeeTheBreakerUpdated() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            List<CircuitState> seen = new ArrayList<>();
            CompletableFuture<String> future = circuit.callAsync(() -> source);
            CompletableFuture<Void> dependent =
                    future.handle((result, thrown) -> seen.add(circuit.state())).thenRun(() -> {});

            source.completeExceptionally(new Outage());

            assertThat(dependent).isCompleted();
            assertThat(seen).containsExactly(OPEN);
        }

        @Test
        void dependentsOfAFutureThatIsCompletedByHandDoToo() {
            CircuitBreaker circuit = circuit("trip 2 consecutive");
            List<Long> seen = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<String> future = circuit.callAsync(() -> source);
                CompletableFuture<Void> dependent = future.handle((result, thrown) ->
                                seen.add(circuit.snapshot().counts().failures()))
                        .thenRun(() -> {});
                assertThat(i == 0 ? future.complete("by hand") : future.completeExceptionally(new TimeoutException()))
                        .isTrue();
                assertThat(dependent).isCompleted();
            }
            assertThat(seen).containsExactly(1L, 2L);
        }

        @Test
        void aThreadInJoinDoesToo() throws Exception {
            for (int round = 0; round < 200; round++) {
                CircuitBreaker circuit = circuit("trip 1 consecutive");
                CompletableFuture<String> own = new CompletableFuture<>();
                CompletableFuture<String> future = circuit.callAsync(() -> own);
                CountDownLatch joining = new CountDownLatch(1);
                CompletableFuture<CircuitState> seen = CompletableFuture.supplyAsync(() -> {
                    joining.countDown();
                    assertThatThrownBy(future::join).hasCauseInstanceOf(Outage.class);
                    return circuit.state();
                });
                assertThat(joining.await(60, TimeUnit.SECONDS)).isTrue();

                own.completeExceptionally(new Outage());

                assertThat(seen.get(60, TimeUnit.SECONDS)).isEqualTo(OPEN);
            }
        }
    }

    @Nested
    class Cancelling {
        @Test
        void isIgnoredAndReachesTheSource() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            assertThat(future.cancel(true)).isTrue();

            assertThat(future).isCancelled();
            assertThat(source).isCancelled();
            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        @Test
        void afterLongerThanSlowIsAFailure() {
            CircuitBreaker circuit = circuit("trip 1 consecutive; slow 2s");
            CompletableFuture<String> future = circuit.callAsync(() -> source);
            ticker.advanceSeconds(3);

            future.cancel(false);

            assertThat(source).isCancelled();
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void reachesAStageThatIsNoFuture() {
            CircuitBreaker circuit = circuit("classic");
            CompletableFuture<String> future = circuit.callAsync(() -> stage(source, source));

            assertThat(future.cancel(true)).isTrue();

            assertThat(source).isCancelled();
        }

        @Test
        void endsTheFutureEvenIfTheStageRefusesToBeSeenAsAFuture() {
            CircuitBreaker circuit = circuit("classic");
            CompletableFuture<String> future = circuit.callAsync(() -> stage(source, null));

            assertThat(future.cancel(true)).isTrue();

            assertThat(future).isCancelled();
            assertThat(source).isNotDone();
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        /** It is a Future by its class, and throws when it is cancelled. */
        @Test
        void endsTheFutureEvenIfTheSourceIsAMinimalStage() {
            CircuitBreaker circuit = circuit("classic");
            CompletableFuture<String> future = circuit.callAsync(source::minimalCompletionStage);

            assertThat(future.cancel(true)).isTrue();

            assertThat(future).isCancelled();
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        @Test
        void aSourceThatAnswersAfterwardsCountsNowhere() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> stage(source, null));
            future.cancel(true);
            CircuitSnapshot before = circuit.snapshot();

            source.completeExceptionally(new Outage());

            assertThat(circuit.snapshot()).isEqualTo(before);
            assertThat(future).isCancelled();
        }

        @Test
        void afterTheAnswerDoesNothing() {
            CircuitBreaker circuit = circuit("classic");
            source.complete("done");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            assertThat(future.cancel(true)).isFalse();

            assertThat(circuit.snapshot().counts().ignored()).isZero();
        }

        @Test
        void aDependentLeavesTheCallAlone() {
            CircuitBreaker circuit = circuit("classic");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            future.thenApply(String::trim).cancel(true);

            assertThat(future).isNotDone();
            assertThat(source).isNotDone();
        }

        @Test
        void givesTheProbeBack() {
            CircuitBreaker circuit = probing();
            CompletableFuture<String> probe = circuit.callAsync(() -> source);

            probe.cancel(true);

            assertThat(circuit.state()).isEqualTo(HALF_OPEN);
            assertThat(circuit.tryAcquire()).isNotNull();
        }
    }

    @Nested
    class CompletedByHand {
        @Test
        void aTimeOutIsAFailureAtThatMoment() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            assertThat(future.completeExceptionally(new TimeoutException())).isTrue();

            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().opening().orElseThrow().failureClass())
                    .contains(TimeoutException.class);
        }

        @Test
        void orTimeoutIsAFailure() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future =
                    circuit.<String>callAsync(() -> source).orTimeout(1, TimeUnit.MILLISECONDS);

            assertThatThrownBy(future::join).hasCauseInstanceOf(TimeoutException.class);

            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void completeOnTimeoutIsAFailureAndGivesTheValue() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future =
                    circuit.<String>callAsync(() -> source).completeOnTimeout("default", 1, TimeUnit.MILLISECONDS);

            assertThat(future.join()).isEqualTo("default");

            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().opening().orElseThrow().failure().orElseThrow())
                    .hasMessage("The future was completed by hand before the call answered.");
        }

        @Test
        void aValueIsAFailure() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            assertThat(future.complete("by hand")).isTrue();

            assertThat(future).isCompletedWithValue("by hand");
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void aValueBySupplierIsAFailureOnceItIsThere() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);
            List<Runnable> tasks = new ArrayList<>();

            assertThat(future.completeAsync(() -> "supplied", tasks::add)).isSameAs(future);
            assertThat(circuit.state()).isEqualTo(CLOSED);
            tasks.forEach(Runnable::run);

            assertThat(future).isCompletedWithValue("supplied");
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void aSupplierThatThrowsIsAFailureToo() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            CompletableFuture<String> same = future.completeAsync(() -> {
                throw new Outage();
            });

            assertThat(failureOf(same)).isInstanceOf(Outage.class);
            assertThat(circuit.state()).isEqualTo(OPEN);
        }

        @Test
        void aCancellationIsIgnored() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);

            future.completeExceptionally(new CancellationException());

            assertThat(circuit.state()).isEqualTo(CLOSED);
            assertThat(circuit.snapshot().counts().ignored()).isEqualTo(1);
        }

        @Test
        void afterTheAnswerChangesNothing() {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            CompletableFuture<String> future = circuit.callAsync(() -> source);
            source.complete("answer");

            assertThat(future.complete("too late")).isFalse();
            assertThat(future.completeExceptionally(new TimeoutException())).isFalse();

            assertThat(future).isCompletedWithValue("answer");
            assertThat(circuit.state()).isEqualTo(CLOSED);
        }
    }

    @Nested
    class NeverCompleting {
        @Test
        void itCountsNowhereButKeepsItsPlaceUnderTheLimit() {
            CircuitBreaker circuit = circuit("limit 1");
            assertThat(circuit.callAsync(() -> source)).isNotDone();
            ticker.advance(Duration.ofDays(1));

            assertThat(circuit.tryAcquire()).isNull();
            assertThat(circuit.snapshot().callsInFlight()).isEqualTo(OptionalInt.of(1));
            assertThat(circuit.snapshot().counts().failures()).isZero();

            source.complete("at last");
            assertThat(circuit.snapshot().callsInFlight()).isEqualTo(OptionalInt.of(0));
        }

        @Test
        void itLapsesIfItIsAProbe() {
            CircuitBreaker circuit = probing();
            CompletableFuture<String> probe = circuit.callAsync(() -> source);
            assertThat(circuit.state()).isEqualTo(HALF_OPEN);

            ticker.advanceSeconds(30);
            assertThat(circuit.state()).isEqualTo(OPEN);
            source.complete("late");

            assertThat(probe).isCompletedWithValue("late");
            assertThat(circuit.state()).isEqualTo(OPEN);
            assertThat(circuit.snapshot().counts().late()).isEqualTo(1);
        }
    }

    /** A stage that is a stage and nothing else; it lets itself be seen as this future, or, if that is null, refuses. */
    @SuppressWarnings("unchecked") // a proxy of an interface with a type parameter
    private static <T> CompletionStage<T> stage(CompletionStage<T> of, CompletableFuture<T> asFuture) {
        return (CompletionStage<T>) Proxy.newProxyInstance(
                CompletionStage.class.getClassLoader(),
                new Class<?>[] {CompletionStage.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("toCompletableFuture")) {
                        return method.invoke(of, arguments);
                    }
                    if (asFuture == null) {
                        throw new UnsupportedOperationException("a stage, no future");
                    }
                    return asFuture;
                });
    }

    private CircuitBreaker.Builder builder(String settings) {
        return CircuitBreaker.builder("it")
                .settings(CircuitSettings.parse(settings))
                .countSuccesses()
                .ticker(ticker);
    }

    private CircuitBreaker circuit(String settings) {
        return builder(settings).build();
    }

    private CircuitBreaker probing() {
        CircuitBreaker circuit = circuit("trip 1 consecutive; wait 30s");
        fail(circuit);
        ticker.advanceSeconds(30);
        return circuit;
    }

    private static long successes(CircuitBreaker circuit) {
        return circuit.snapshot().counts().successes().orElseThrow();
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(() -> future.get(60, TimeUnit.SECONDS));
        return thrown instanceof ExecutionException ? thrown.getCause() : thrown;
    }
}
