package dev.cutout;

import static dev.cutout.Outcome.FAILURE;
import static dev.cutout.Outcome.IGNORED;
import static dev.cutout.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the Javadoc of {@link Classifier} says, sentence by sentence. */
class ClassifierTest {
    private static final Classifier STANDARD = Classifier.standard();

    // ---- the default

    @Test
    void everyResultIsASuccessByDefault() {
        assertThat(STANDARD.outcomeOf("stock")).isEqualTo(SUCCESS);
        assertThat(STANDARD.outcomeOf(false)).isEqualTo(SUCCESS);
        assertThat(STANDARD.outcomeOf((Object) null)).isEqualTo(SUCCESS);
    }

    @ParameterizedTest
    @MethodSource
    void everyExceptionIsAFailureByDefaultHoweverLongTheCallRan(Throwable thrown) {
        assertThat(judge(STANDARD, thrown)).isEqualTo(FAILURE);
        assertThat(judgeOverlong(STANDARD, thrown)).isEqualTo(FAILURE);
    }

    static List<Throwable> everyExceptionIsAFailureByDefaultHoweverLongTheCallRan() {
        return List.of(
                new IllegalStateException(),
                new IOException("reset"),
                new ConnectException("refused"),
                new TimeoutException(),
                new HttpTimeoutException("request timed out"),
                new OutOfMemoryError(),
                new AssertionError(),
                new StackOverflowError(),
                new Throwable("neither exception nor error"));
    }

    // ---- cancellation

    @ParameterizedTest
    @MethodSource("cancellations")
    void cancellationAndInterruptionAreIgnoredUnlessTheCallWasOverlong(Throwable thrown) {
        assertThat(judge(STANDARD, thrown)).isEqualTo(IGNORED);
        assertThat(judgeOverlong(STANDARD, thrown)).isEqualTo(FAILURE);
    }

    @ParameterizedTest
    @MethodSource("cancellations")
    void failuresDoesNotMeanCancellationsWhereItNamesTheirSuperclass(Throwable thrown) {
        for (Classifier wide : List.of(
                Classifier.failures(Throwable.class),
                Classifier.failures(Exception.class),
                Classifier.failures(RuntimeException.class, IOException.class, IllegalStateException.class))) {
            assertThat(judge(wide, thrown)).isEqualTo(IGNORED);
            assertThat(judgeOverlong(wide, thrown)).isEqualTo(FAILURE);
        }
    }

    @ParameterizedTest
    @MethodSource("cancellations")
    void failuresMeansACancellationThatItNamesItself(Throwable thrown) {
        assertThat(judge(Classifier.failures(thrown.getClass()), thrown)).isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IllegalStateException.class, thrown.getClass()), thrown))
                .isEqualTo(FAILURE);
    }

    @Test
    void namingOneKindOfCancellationNamesNoOther() {
        assertThat(judge(Classifier.failures(CancellationException.class), new InterruptedException()))
                .isEqualTo(IGNORED);
        assertThat(judge(Classifier.failures(CancellationException.class), new GivenUp()))
                .isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(GivenUp.class), new CancellationException()))
                .isEqualTo(IGNORED);
    }

    static List<Throwable> cancellations() {
        return List.of(
                new CancellationException(),
                new GivenUp(),
                new InterruptedException(),
                new ClosedByInterruptException(),
                new InterruptedIOException(),
                new InterruptedIOException("operation interrupted"));
    }

    private static final class GivenUp extends CancellationException {
        private static final long serialVersionUID = 1L;
    }

    // ---- time-outs that look like interruptions

    @ParameterizedTest
    @MethodSource
    void anInterruptedIoExceptionThatSpeaksOfATimeOutIsAFailure(InterruptedIOException thrown) {
        assertThat(judge(STANDARD, thrown)).isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), thrown)).isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IllegalStateException.class), thrown))
                .isEqualTo(FAILURE);
        assertThat(judge(STANDARD.ignoring(InterruptedIOException.class), thrown))
                .isEqualTo(IGNORED);
    }

    static List<InterruptedIOException> anInterruptedIoExceptionThatSpeaksOfATimeOutIsAFailure() {
        return List.of(
                new SocketTimeoutException(),
                new SocketTimeoutException("Read timed out"),
                new ConnectTimeoutException(),
                new InterruptedIOException("timeout"),
                new InterruptedIOException("Timeout while waiting for the response"),
                new InterruptedIOException("READ TIMED OUT"),
                new InterruptedIOException("time-out"));
    }

    /** As HTTP clients name theirs. */
    private static final class ConnectTimeoutException extends InterruptedIOException {
        private static final long serialVersionUID = 1L;
    }

    // ---- refusals

    @Test
    void aRefusalOfAnInnerCircuitIsIgnoredHoweverLongTheCallRan() {
        CallNotPermittedException refusal = refusal();

        assertThat(judge(STANDARD, refusal)).isEqualTo(IGNORED);
        assertThat(judgeOverlong(STANDARD, refusal)).isEqualTo(IGNORED);
        assertThat(judge(STANDARD, new CompletionException(refusal))).isEqualTo(IGNORED);
        assertThat(judge(Classifier.failures(RuntimeException.class), refusal)).isEqualTo(IGNORED);
        assertThat(judge(Classifier.failures(CallNotPermittedException.class), refusal))
                .isEqualTo(FAILURE);
    }

    private static CallNotPermittedException refusal() {
        CircuitBreaker inner = CircuitBreaker.of("classifier-inner");
        inner.hold(Hold.open());
        try {
            inner.acquire();
            throw new AssertionError("held open, and yet it let a call pass");
        } catch (CallNotPermittedException refusal) {
            return refusal;
        }
    }

    // ---- wrappers

    @Test
    void wrappersAreLookedThroughToTheirCause() {
        assertThat(judge(STANDARD, new CompletionException(new InterruptedException())))
                .isEqualTo(IGNORED);
        assertThat(judge(STANDARD, new ExecutionException(new CompletionException(new CancellationException()))))
                .isEqualTo(IGNORED);
        assertThat(judge(STANDARD, new CompletionException(new SocketTimeoutException())))
                .isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), new ExecutionException(new ConnectException())))
                .isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), new ExecutionException(new OutOfMemoryError())))
                .isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), new ExecutionException(new IllegalStateException())))
                .isEqualTo(IGNORED);
    }

    @Test
    void otherExceptionsAreNotLookedThrough() {
        assertThat(judge(STANDARD, new IllegalStateException(new InterruptedException())))
                .isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), new RuntimeException(new IOException())))
                .isEqualTo(IGNORED);
    }

    @Test
    void anEmptyWrapperIsJudgedAsItself() {
        Throwable empty = new CompletionException("nothing inside", null);

        assertThat(Classifier.unwrap(empty)).isSameAs(empty);
        assertThat(judge(STANDARD, empty)).isEqualTo(FAILURE);
        assertThat(judge(STANDARD, new ExecutionException(null, null))).isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), empty)).isEqualTo(IGNORED);
        assertThat(judge(Classifier.failures(CompletionException.class), empty)).isEqualTo(FAILURE);
    }

    @Test
    void manyWrappersAreLookedThrough() {
        Throwable thrown = new InterruptedException();
        for (int i = 0; i < 30; i++) {
            thrown = i % 2 == 0 ? new CompletionException(thrown) : new ExecutionException(thrown);
        }
        assertThat(judge(STANDARD, thrown)).isEqualTo(IGNORED);
    }

    /** Without the bound on the depth this test never ends. */
    @Test
    void causesThatGoRoundInACircleComeToAnEnd() {
        Throwable first = new Circular();
        Throwable second = new Circular();
        first.initCause(second);
        second.initCause(first);

        assertThat(judge(STANDARD, first)).isEqualTo(FAILURE);
        assertThat(judge(Classifier.failures(IOException.class), first)).isEqualTo(IGNORED);
    }

    private static final class Circular extends CompletionException {
        private static final long serialVersionUID = 1L;
    }

    // ---- failures and ignoring

    @Test
    void withFailuresTheOthersAreIgnoredAndErrorsStayFailures() {
        Classifier classifier = Classifier.failures(IOException.class, IllegalStateException.class);

        assertThat(judge(classifier, new IOException())).isEqualTo(FAILURE);
        assertThat(judge(classifier, new FileNotFoundException())).isEqualTo(FAILURE);
        assertThat(judge(classifier, new IllegalStateException())).isEqualTo(FAILURE);
        assertThat(judge(classifier, new IllegalArgumentException())).isEqualTo(IGNORED);
        assertThat(judge(classifier, new Exception())).isEqualTo(IGNORED);
        assertThat(judge(classifier, new AssertionError())).isEqualTo(FAILURE);
        assertThat(classifier.outcomeOf("any result")).isEqualTo(SUCCESS);
    }

    @Test
    void ignoringWinsOverEverythingElseSaid() {
        Classifier classifier = Classifier.failures(IOException.class, CancellationException.class)
                .ignoring(FileNotFoundException.class, AssertionError.class)
                .ignoring(GivenUp.class);

        assertThat(judge(classifier, new IOException())).isEqualTo(FAILURE);
        assertThat(judge(classifier, new FileNotFoundException())).isEqualTo(IGNORED);
        assertThat(judge(classifier, new ExecutionException(new FileNotFoundException())))
                .isEqualTo(IGNORED);
        assertThat(judge(classifier, new AssertionError())).isEqualTo(IGNORED);
        assertThat(judge(classifier, new OutOfMemoryError())).isEqualTo(FAILURE);
        assertThat(judge(classifier, new CancellationException())).isEqualTo(FAILURE);
        assertThat(judgeOverlong(classifier, new GivenUp())).isEqualTo(IGNORED);
    }

    @Test
    void aTestForExceptionsSeesWhatIsInsideWrappers() {
        List<Throwable> asked = new ArrayList<>();
        Classifier classifier = Classifier.standard().ignoringIf(thrown -> {
            asked.add(thrown);
            return "not my fault".equals(thrown.getMessage());
        });
        Throwable mine = new IOException("mine");
        Throwable other = new IOException("not my fault");

        assertThat(judge(classifier, new CompletionException(mine))).isEqualTo(FAILURE);
        assertThat(judge(classifier, new CompletionException(other))).isEqualTo(IGNORED);
        assertThat(asked).containsExactly(mine, other);
    }

    @Test
    void eachAdditionMakesAnotherClassifier() {
        Classifier all = Classifier.standard();
        Classifier some = all.ignoring(IOException.class);
        Classifier fewer = some.ignoring(IllegalStateException.class).orResult("bad"::equals);

        assertThat(judge(all, new IOException())).isEqualTo(FAILURE);
        assertThat(judge(some, new IOException())).isEqualTo(IGNORED);
        assertThat(judge(some, new IllegalStateException())).isEqualTo(FAILURE);
        assertThat(some.outcomeOf("bad")).isEqualTo(SUCCESS);
        assertThat(judge(fewer, new IOException())).isEqualTo(IGNORED);
        assertThat(fewer.outcomeOf("bad")).isEqualTo(FAILURE);
    }

    // ---- results

    @Test
    void resultsOfATypeAreTestedAndNullIsOfNoType() {
        List<Object> asked = new ArrayList<>();
        Classifier classifier = Classifier.standard().orResult(Integer.class, status -> {
            asked.add(status);
            return status >= 500;
        });

        assertThat(classifier.outcomeOf(503)).isEqualTo(FAILURE);
        assertThat(classifier.outcomeOf(404)).isEqualTo(SUCCESS);
        assertThat(classifier.outcomeOf("503")).isEqualTo(SUCCESS);
        assertThat(classifier.outcomeOf((Object) null)).isEqualTo(SUCCESS);
        assertThat(asked).containsExactly(503, 404);
    }

    @Test
    void aTestForAllResultsIsAskedForNullToo() {
        Classifier classifier = Classifier.standard().orResult(result -> result == null);

        assertThat(classifier.outcomeOf((Object) null)).isEqualTo(FAILURE);
        assertThat(classifier.outcomeOf("something")).isEqualTo(SUCCESS);
    }

    @Test
    void oneTestOfSeveralIsEnoughToFailAResult() {
        Classifier classifier = Classifier.failures(IOException.class)
                .orResult(Integer.class, status -> status >= 500)
                .orResult("bad"::equals);

        assertThat(classifier.outcomeOf(500)).isEqualTo(FAILURE);
        assertThat(classifier.outcomeOf("bad")).isEqualTo(FAILURE);
        assertThat(classifier.outcomeOf("good")).isEqualTo(SUCCESS);
        assertThat(judge(classifier, new IOException())).isEqualTo(FAILURE);
    }

    // ---- a user's test that throws

    @Test
    void whatAUsersTestThrowsIsThrown() {
        IllegalStateException broken = new IllegalStateException("broken test");
        Classifier classifier = Classifier.standard()
                .ignoringIf(thrown -> {
                    throw broken;
                })
                .orResult(result -> {
                    throw broken;
                });

        assertThatThrownBy(() -> classifier.outcomeOf("result")).isSameAs(broken);
        assertThatThrownBy(() -> judge(classifier, new IOException())).isSameAs(broken);
    }

    @Test
    void inABreakerATestThatThrowsMakesAFailureAndReplacesNothing() {
        Classifier broken = Classifier.standard()
                .ignoringIf(thrown -> {
                    throw new IllegalStateException("broken test");
                })
                .orResult(result -> {
                    throw new AssertionError("broken test");
                });
        CircuitBreaker breaker = CircuitBreaker.builder("classifier-broken")
                .classifier(broken)
                .settings(CircuitSettings.parse("trip 2 consecutive"))
                .build();
        IOException own = new IOException("the caller's own");

        assertThat(breaker.call(() -> "result")).isEqualTo("result");
        assertThatThrownBy(() -> breaker.call(() -> {
                    throw own;
                }))
                .isSameAs(own)
                .hasNoSuppressedExceptions();
        assertThat(breaker.snapshot().counts().failures()).isEqualTo(2);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    // ---- arguments

    @Test
    @SuppressWarnings("unchecked") // no class is given at all, that is the point
    void atLeastOneClassIsToBeNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.failures())
                .withMessage("failures() was given no exception class; name at least one.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STANDARD.ignoring())
                .withMessage("ignoring() was given no exception class; name at least one.");
    }

    private static Outcome judge(Classifier classifier, Throwable thrown) {
        return classifier.outcomeOf(thrown, false);
    }

    private static Outcome judgeOverlong(Classifier classifier, Throwable thrown) {
        return classifier.outcomeOf(thrown, true);
    }
}
