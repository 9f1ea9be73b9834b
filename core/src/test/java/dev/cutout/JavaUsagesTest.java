package dev.cutout;

import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.PlayedCalls.Outage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What users write, as the compiler sees it. That these methods declare what they declare and no more is the first half of each test:
 * it fails by not compiling.
 */
class JavaUsagesTest {
    private final CircuitBreaker circuit = CircuitBreaker.builder("it").buildUnannounced();

    @Test
    void aLambdaThatThrowsNothingCheckedNeedsNoCatch() {
        String result = circuit.call(() -> "result");

        assertThat(result).isEqualTo("result");
    }

    @Test
    void aMethodReferenceThrowsWhatTheMethodThrows() throws IOException {
        String result = circuit.call(this::fetch);

        assertThat(result).isEqualTo("fetched");
    }

    @Test
    void aLambdaThrowsWhatItsBodyThrows() {
        try {
            String never = circuit.call(() -> missing("file"));
            assertThat(never).isNull();
        } catch (FileNotFoundException e) {
            assertThat(e).hasMessage("file");
        }
    }

    @Test
    void suppliersAndCallablesFit() throws Exception {
        Supplier<String> supplier = () -> "supplied";
        Callable<String> callable = () -> "called";

        assertThat(fromSupplier(supplier)).isEqualTo("supplied");
        assertThat(circuit.call(callable::call)).isEqualTo("called");
    }

    /** Declares nothing: a supplier throws nothing checked. */
    private String fromSupplier(Supplier<String> supplier) {
        return circuit.call(supplier::get);
    }

    @Test
    void aCallInAVariableKeepsItsTypes() throws IOException {
        Call<String, IOException> body = this::fetch;
        Fallback<String, IOException> fallback = refusal -> "known";

        assertThat(circuit.call(body)).isEqualTo("fetched");
        assertThat(circuit.call(body, fallback)).isEqualTo("fetched");
    }

    @Test
    void aMethodOfOnesOwnCanPassTheTypesOn() throws IOException {
        assertThat(guarded(this::fetch)).isEqualTo("fetched");
        assertThat(guarded(() -> 1)).isEqualTo(1);
    }

    private <T, X extends Exception> T guarded(Call<T, X> body) throws X {
        return circuit.call(body);
    }

    @Test
    void wildcardsAreNoObstacle() {
        List<? extends Number> numbers = List.of(1, 2.0);

        List<? extends Number> same = circuit.call(() -> numbers);
        Number first = circuit.call(() -> numbers.get(0));

        assertThat(same).isEqualTo(numbers);
        assertThat(first).isEqualTo(1);
    }

    @Test
    void primitivesAreBoxedAndUnboxed() {
        int sum = circuit.call(() -> 1 + 1);
        boolean yes = circuit.call(() -> true, refusal -> false);

        assertThat(sum).isEqualTo(2);
        assertThat(yes).isTrue();
    }

    @Test
    void aBodyWithoutResultRuns() throws IOException {
        List<String> list = new ArrayList<>();

        circuit.run(() -> list.add("expression"));
        circuit.run(() -> {
            list.add("block");
        });
        circuit.run(this::close);
        circuit.run(Thread::onSpinWait);

        assertThat(list).containsExactly("expression", "block");
    }

    @Test
    void nullIsAResult() {
        String nothing = circuit.call(() -> null);

        assertThat(nothing).isNull();
        assertThat(circuit.snapshot().counts().failures()).isZero();
    }

    @Test
    void aBodyThatOnlyThrowsIsACallAndAnAction() {
        assertThatThrownBy(() -> circuit.call(() -> {
                    throw new IOException("call");
                }))
                .hasMessage("call");
        assertThatThrownBy(() -> circuit.run(() -> {
                    throw new IOException("run");
                }))
                .hasMessage("run");
    }

    /** Java keeps one checked type: with two unrelated ones the compiler asks for Exception to be caught or declared. */
    @Test
    void twoUnrelatedCheckedExceptionsWidenToException() throws Exception {
        String result = circuit.call(() -> slowFetch());

        assertThat(result).isEqualTo("fetched");
    }

    @Test
    void aPermitKeepsTwoUnrelatedCheckedExceptionsApart() throws IOException, TimeoutException {
        assertThat(byHand()).isEqualTo("fetched");
    }

    private String byHand() throws IOException, TimeoutException {
        try (Permit permit = circuit.acquire()) {
            try {
                return permit.record(slowFetch());
            } catch (IOException | TimeoutException e) {
                permit.record(e);
                throw e;
            }
        }
    }

    @Test
    void recordReturnsTheTypeItWasGiven() {
        Permit permit = circuit.acquire();

        int length = permit.record("four").length();

        assertThat(length).isEqualTo(4);
    }

    /** The compiler takes null for a Throwable; to a reader it is a result. */
    @Test
    void recordingNullRecordsAResult() {
        CircuitBreaker sensitive = CircuitBreaker.builder("it")
                .settings(CircuitSettings.parse("trip 1 consecutive"))
                .buildUnannounced();
        String nothing = null;

        sensitive.acquire().record(null);
        assertThat(sensitive.acquire().record(nothing)).isNull();

        assertThat(sensitive.snapshot().counts().failures()).isZero();
    }

    @Test
    void recordingNullAsksTheClassifierForResults() {
        CircuitBreaker sensitive = CircuitBreaker.builder("it")
                .classifier(Classifier.standard().orResult(result -> result == null))
                .buildUnannounced();

        sensitive.acquire().record(null);

        assertThat(sensitive.snapshot().counts().failures()).isEqualTo(1);
    }

    @Test
    void theFallbackMayThrowWhatTheBodyMay() throws IOException {
        assertThat(circuit.call(this::fetch, refusal -> missing("never asked"))).isEqualTo("fetched");
        circuit.hold(Hold.open());

        assertThatThrownBy(() -> circuit.call(this::fetch, refusal -> missing("known")))
                .isInstanceOf(FileNotFoundException.class);
        assertThat(circuit.snapshot().counts().failures()).isZero();
    }

    @Test
    void theFallbackMayGiveAnotherSubtype() {
        circuit.hold(Hold.open());

        Number number = circuit.<Number, RuntimeException>call(() -> 1, refusal -> 2.0);

        assertThat(number).isEqualTo(2.0);
    }

    @Test
    void theFallbackIsForRefusalsOnly() {
        assertThatThrownBy(() -> circuit.call(
                        () -> {
                            throw new Outage();
                        },
                        refusal -> "known"))
                .isInstanceOf(Outage.class);
    }

    @Test
    void aBreakerCanGuardACallInsideItsOwn() {
        String result = circuit.call(() -> circuit.call(() -> "inner"));

        assertThat(result).isEqualTo("inner");
    }

    /** The inner call of a probe is refused, since the probe is taken; that says nothing of the dependency, and gives the probe back. */
    @Test
    void aProbeInsideItsOwnProbeIsRefusedAndIgnored() {
        HandWoundTicker ticker = new HandWoundTicker();
        CircuitBreaker nested = CircuitBreaker.builder("it").ticker(ticker).buildUnannounced();
        fail(nested, 5);
        ticker.advanceSeconds(30);

        assertThatThrownBy(() -> nested.run(() -> succeed(nested))).isInstanceOf(CallNotPermittedException.class);

        assertThat(nested.state()).isEqualTo(CircuitState.HALF_OPEN);
        succeed(nested);
        assertThat(nested.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void callAsyncTakesAnyStage() {
        CompletableFuture<Integer> source = CompletableFuture.completedFuture(1);
        CompletableFuture<? extends Number> wild = source;
        CompletionStage<Integer> stage = source;

        CompletableFuture<Integer> exact = circuit.callAsync(() -> source);
        CompletableFuture<Number> wider = circuit.callAsync(() -> source);
        CompletableFuture<Number> captured = circuit.callAsync(() -> wild);
        CompletableFuture<Integer> staged = circuit.callAsync(() -> stage);
        CompletableFuture<Integer> referenced = circuit.callAsync(this::fetchAsync);
        var inferred = circuit.callAsync(() -> CompletableFuture.completedFuture("text"));
        String text = inferred.join();

        assertThat(List.of(exact.join(), wider.join(), captured.join(), staged.join(), referenced.join()))
                .containsExactly(1, 1, 1, 1, 2);
        assertThat(text).isEqualTo("text");
    }

    @Test
    void callAsyncMayThrowAnythingInItsBody() {
        CompletableFuture<Integer> failed = circuit.callAsync(() -> {
            throw new IOException("connecting");
        });
        CompletableFuture<String> alsoFailed =
                circuit.callAsync(() -> CompletableFuture.completedFuture(missing("file")));

        assertThatThrownBy(failed::join).hasRootCauseMessage("connecting");
        assertThatThrownBy(alsoFailed::join).hasRootCauseMessage("file");
    }

    @Test
    void aRefusalNeedsNoCatch() {
        circuit.hold(Hold.open());

        assertThat(refusal(circuit)).isInstanceOf(RuntimeException.class);
        assertThat(circuit.tryAcquire()).isNull();
    }

    private String fetch() throws IOException {
        return "fetched";
    }

    private CompletableFuture<Integer> fetchAsync() throws TimeoutException {
        return CompletableFuture.completedFuture(2);
    }

    private String slowFetch() throws IOException, TimeoutException {
        return "fetched";
    }

    private static String missing(String file) throws FileNotFoundException {
        throw new FileNotFoundException(file);
    }

    private void close() throws IOException {}
}
