package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The right to make one call by hand, for code that does not fit into a lambda.
 *
 * <p>A permit answers once: the first of {@code record}, {@code success}, {@code failure}, {@code ignore}, {@code giveBack} and
 * {@code close} counts, every further one does nothing. Closing it without an answer is a failure, so that a forgotten answer shows.
 *
 * <pre>{@code
 * try (Permit permit = payments.acquire()) {
 *     try {
 *         return permit.record(client.charge(order));
 *     } catch (IOException e) {
 *         permit.record(e);
 *         throw e;
 *     }
 * }
 * }</pre>
 *
 * Thread-safe; it may be answered on another thread than it was acquired on.
 */
public final class Permit implements AutoCloseable {
    private static final VarHandle GRANT;

    static {
        try {
            GRANT = MethodHandles.lookup().findVarHandle(Permit.class, "grant", Grant.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CircuitBreaker circuit;
    private final long start;
    private final boolean probe;
    /** Taken out, atomically, by the first answer. */
    @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // read and written through GRANT
    private @Nullable Grant grant;

    Permit(CircuitBreaker circuit, Grant grant, long start) {
        this.circuit = circuit;
        this.grant = grant;
        this.start = start;
        this.probe = grant instanceof Grant.Probe;
    }

    /**
     * Whether this call finds out for the others whether the dependency is back. It has a deadline ({@link CircuitSettings#withProbeWithin}), so a call that goes on for long,
     * such as a stream, does well to answer at its first sign of life.
     */
    public boolean isProbe() {
        return probe;
    }

    /** Answers with the result of the call, judged by the classifier, and returns it. */
    public <T extends @Nullable Object> T record(T result) {
        Grant granted = take();
        if (granted != null) {
            circuit.returned(granted, start, result);
        }
        return result;
    }

    /**
     * Answers with what the call threw, judged by the classifier. Null is taken as a result, not as an exception: it is what
     * {@code record(null)} means to a reader.
     */
    public void record(@Nullable Throwable thrown) {
        Grant granted = take();
        if (granted == null) {
            return;
        }
        if (thrown == null) {
            circuit.returned(granted, start, null);
        } else {
            circuit.threw(granted, start, thrown);
        }
    }

    /** Answers that the dependency did as it should, whatever the classifier would say. */
    public void success() {
        answer(Outcome.SUCCESS, null);
    }

    /** Answers that the dependency failed, whatever the classifier would say. */
    public void failure(Throwable failure) {
        answer(Outcome.FAILURE, failure);
    }

    /** Answers that the call says nothing about the dependency, whatever the classifier would say. */
    public void ignore() {
        answer(Outcome.IGNORED, null);
    }

    /**
     * Gives the permit back as if it had never been asked for: no call came of it, so nothing is counted. (Where it was given to find out whether the dependency is
     * back, as a probe or on the ramp, it counts as {@linkplain #ignore ignored}.)
     */
    public void giveBack() {
        Grant granted = take();
        if (granted instanceof Closed closed) {
            closed.giveBack();
        } else if (granted != null) {
            circuit.answered(granted, start, Outcome.IGNORED, null);
        }
    }

    /** A failure, unless an answer was given before. */
    @Override
    public void close() {
        Grant granted = take();
        if (granted != null) {
            circuit.answered(granted, start, Outcome.FAILURE, new ClosedWithoutAnswer());
        }
    }

    private void answer(Outcome outcome, @Nullable Throwable because) {
        Grant granted = take();
        if (granted != null) {
            circuit.answered(granted, start, outcome, because);
        }
    }

    private @Nullable Grant take() {
        return (Grant) GRANT.getAndSet(this, null);
    }

    /** Stands for the answer that never came, in the event of the opening that it helped to cause; its stack shows where. */
    static final class ClosedWithoutAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ClosedWithoutAnswer() {
            super("A permit was closed without an answer.");
        }
    }
}
