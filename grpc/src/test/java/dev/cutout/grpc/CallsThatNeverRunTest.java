package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitState;
import dev.cutout.HandWoundTicker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that ask no server take no permit, or give it back: with {@code limit 1} the next call would not pass otherwise. */
class CallsThatNeverRunTest {
    private final Backend backend = new Backend();
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final CircuitBreaker circuit = Circuits.circuit("trip 1 consecutive; wait 30s; limit 1", ticker);
    private final Channel guarded = Circuits.guarded(backend.channel(), circuit);

    @AfterEach
    void close() {
        backend.close();
    }

    private void assertThatNothingCountedAndTheNextCallPasses() throws InterruptedException {
        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 0 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        backend.answer(Status.OK, "!");
        Circuits.made(guarded, Backend.UNARY);
        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void neverStarted() throws InterruptedException {
        for (MethodDescriptor<String, String> method : Backend.METHODS) {
            guarded.newCall(method, CallOptions.DEFAULT);
        }
        assertThatNothingCountedAndTheNextCallPasses();
    }

    @Test
    void cancelledInsteadOfStarted() throws InterruptedException {
        ClientCall<String, String> call = guarded.newCall(Backend.UNARY, CallOptions.DEFAULT);
        call.cancel("changed my mind", null);

        assertThatNothingCountedAndTheNextCallPasses();
    }

    @Test
    void cancelledAndThenStarted() {
        ClientCall<String, String> call = guarded.newCall(Backend.UNARY, CallOptions.DEFAULT);
        call.cancel("changed my mind", null);

        assertThatThrownBy(() -> call.start(new Heard(), new Metadata())).isInstanceOf(IllegalStateException.class);

        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    /** The second start is a mistake of the caller's; the call goes on. */
    @Test
    void startedTwice() throws InterruptedException {
        Heard heard = new Heard();
        ClientCall<String, String> call = Circuits.begin(guarded, Backend.SERVER_STREAMING, heard);

        assertThatThrownBy(() -> call.start(heard, new Metadata()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Already started");

        assertThat(circuit.snapshot().callsInFlight()).hasValue(1);
        backend.next().close(Status.OK, new Metadata());
        heard.status();
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    @Test
    void startThatThrows() {
        ClientInterceptor broken = new ClientInterceptor() {
            @Override
            public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions o, Channel next) {
                return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, o)) {
                    @Override
                    public void start(Listener<B> listener, Metadata headers) {
                        throw new UnsupportedOperationException("no token");
                    }
                };
            }
        };
        Channel channel = Circuits.guarded(ClientInterceptors.intercept(backend.channel(), broken), circuit);

        assertThatThrownBy(() -> Circuits.begin(channel, Backend.UNARY, new Heard()))
                .hasMessage("no token");

        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
        assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
    }

    @Test
    void theDeadlineWasOverBefore() throws InterruptedException {
        Heard heard = new Heard();
        Circuits.begin(guarded, Backend.UNARY, CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.SECONDS), heard);

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThatNothingCountedAndTheNextCallPasses();
    }

    @Test
    void theDeadlineOfTheContextWasOverBefore() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Context.CancellableContext late =
                Context.current().withDeadline(Deadline.after(-1, TimeUnit.SECONDS), timer)) {
            Heard heard = new Heard();
            late.run(() -> Circuits.begin(guarded, Backend.UNARY, heard));

            assertThat(heard.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        } finally {
            timer.shutdownNow();
        }
        assertThatNothingCountedAndTheNextCallPasses();
    }

    /** A context learns of its deadline by a timer, and the timer can be late. */
    @Test
    void theDeadlineOfTheContextWasOverBeforeItsTimerCame() throws Exception {
        AtomicLong now = new AtomicLong();
        Deadline.Ticker clock = new Deadline.Ticker() {
            @Override
            public long nanoTime() {
                return now.get();
            }
        };
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Context.CancellableContext context =
                Context.current().withDeadline(Deadline.after(1, TimeUnit.HOURS, clock), timer)) {
            now.set(TimeUnit.HOURS.toNanos(2));
            Heard heard = new Heard();
            context.run(() -> Circuits.begin(guarded, Backend.UNARY, heard));

            assertThat(heard.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        } finally {
            timer.shutdownNow();
        }
        assertThatNothingCountedAndTheNextCallPasses();
    }

    @Test
    void theContextWasCancelledBefore() throws InterruptedException {
        Context.CancellableContext cancelled = Context.current().withCancellation();
        cancelled.cancel(null);
        Heard heard = new Heard();
        cancelled.run(() -> Circuits.begin(guarded, Backend.UNARY, heard));

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThatNothingCountedAndTheNextCallPasses();
    }

    /** It would have failed by itself, so it must not be the one that finds out. */
    @Test
    void aCallThatIsOverBeforeItBeginsIsNoProbe() throws InterruptedException {
        circuit.acquire().failure(new IllegalStateException("down"));
        ticker.advanceSeconds(30);

        Heard heard = new Heard();
        Circuits.begin(guarded, Backend.UNARY, CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.SECONDS), heard);

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(circuit.snapshot().counts().probes()).isZero();
    }

    /** The application shuts its channel down, and calls go on: that says nothing of the server. */
    @Test
    void theChannelIsShutDown() throws InterruptedException {
        backend.channel().shutdown();

        Heard heard = Circuits.made(guarded, Backend.UNARY);

        assertThat(heard.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(counts(circuit)).isEqualTo("0 good, 0 bad, 1 ignored");
    }
}
