package dev.cutout;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns the answer of a call, a result or an exception, into an {@link Outcome}. Immutable and thread-safe.
 *
 * <p>The {@linkplain #standard() default}: every result is a success and every exception a failure, except that
 *
 * <ul>
 *   <li>cancellation and interruption ({@link CancellationException}, {@link InterruptedException},
 *       {@link ClosedByInterruptException}, {@link InterruptedIOException}) are ignored, unless the call had already run longer
 *       than {@code slow}: then it is a failure, since that is how a caller's own time-out looks. An
 *       {@code InterruptedIOException} that speaks of a time-out ({@link java.net.SocketTimeoutException} and its like) is
 *       a time-out and always a failure;
 *   <li>a {@link CallNotPermittedException} is ignored: an inner circuit refused, and the dependency was not asked.
 * </ul>
 *
 * {@link CompletionException} and {@link ExecutionException} are looked through to their cause. {@link Error}s are failures.
 *
 * <pre>{@code
 * Classifier classifier = Classifier.failures(IOException.class)
 *         .ignoring(FileNotFoundException.class)
 *         .orResult(Response.class, response -> response.status() >= 500);
 * }</pre>
 *
 * A failure can carry a hint of when to come back, as HTTP's Retry-After: {@link #retryAfter} says where it is found, or it is a {@link RetryHint} itself. It never opens the
 * circuit by itself; where that failure opens the circuit, or was a probe, the next probe waits at least as long, up to five
 * minutes.
 *
 * <p>An exception is judged in this order: {@code ignoring}, then errors and time-outs as above, then cancellation and refusals as above (unless
 * {@code failures} names such a class itself), then {@code failures}. A classifier that throws makes the call a failure and
 * never replaces the caller's result or exception.
 */
public final class Classifier {
    /** A server is believed so far, and no further: a wrong hint must not close a service for hours. */
    private static final Duration LONGEST_HINT = Duration.ofMinutes(5);

    private static final Classifier STANDARD = new Classifier(null, List.of(), List.of(), List.of());

    /** How many wrappers to look through: more than anyone nests, and an end for a cause that points back at itself. */
    private static final int DEEPEST_WRAPPER = 32;

    /** Which exceptions are failures; the others are ignored. Null: all are failures. */
    private final @Nullable List<Class<? extends Throwable>> failures;

    private final List<Predicate<? super Throwable>> ignored;
    private final List<Predicate<@Nullable Object>> failedResults;
    private final List<Hint<?>> hints;
    private final boolean takesEveryResult;

    /** Where a failure of a type, an exception or a result, carries its hint. */
    private record Hint<R>(Class<R> type, Function<? super R, Optional<Duration>> reader) {
        Optional<Duration> in(Object failure) {
            return type.isInstance(failure) ? reader.apply(type.cast(failure)) : Optional.empty();
        }
    }

    private Classifier(
            @Nullable List<Class<? extends Throwable>> failures,
            List<Predicate<? super Throwable>> ignored,
            List<Predicate<@Nullable Object>> failedResults,
            List<Hint<?>> hints) {
        this.failures = failures;
        this.ignored = ignored;
        this.failedResults = failedResults;
        this.hints = hints;
        this.takesEveryResult = failedResults.isEmpty();
    }

    /** The default: every result is a success and every exception a failure, except as said above. */
    public static Classifier standard() {
        return STANDARD;
    }

    /**
     * Only these exceptions, their subclasses and {@link Error}s are failures. All others are ignored: they are never
     * successes, which would hide the failures among them.
     *
     * @throws IllegalArgumentException if no class is given
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read, and only as what it is
    public static Classifier failures(Class<? extends Throwable>... types) {
        return new Classifier(given("failures", List.of(types)), List.of(), List.of(), List.of());
    }

    /**
     * These exceptions and their subclasses are ignored as well, whatever else is said of them.
     *
     * @throws IllegalArgumentException if no class is given
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read, and only as what it is
    public final Classifier ignoring(Class<? extends Throwable>... types) {
        List<Class<? extends Throwable>> all = given("ignoring", List.of(types));
        return ignoringIf(thrown -> isAny(all, thrown));
    }

    /** Exceptions for which the test holds are ignored as well, whatever else is said of them. */
    public Classifier ignoringIf(Predicate<? super Throwable> test) {
        return new Classifier(failures, with(ignored, Objects.requireNonNull(test, "test")), failedResults, hints);
    }

    /** Results of this type for which the test holds are failures. Null is of no type: see {@link #orResult(Predicate)}. */
    public <R> Classifier orResult(Class<R> type, Predicate<? super R> test) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(test, "test");
        return orResult(result -> type.isInstance(result) && test.test(type.cast(result)));
    }

    /** Results for which the test holds are failures. The test is asked for every result, null included. */
    public Classifier orResult(Predicate<@Nullable Object> test) {
        return new Classifier(failures, ignored, with(failedResults, Objects.requireNonNull(test, "test")), hints);
    }

    /**
     * Failures of this type, exceptions or results, can carry a hint of when to come back. A hint that is negative or absent is none;
     * one beyond five minutes counts as five minutes. If several types fit, the first hint found counts.
     */
    public <R> Classifier retryAfter(Class<R> type, Function<? super R, Optional<Duration>> reader) {
        Hint<R> hint = new Hint<>(Objects.requireNonNull(type, "type"), Objects.requireNonNull(reader, "reader"));
        return new Classifier(failures, ignored, failedResults, with(hints, hint));
    }

    /** What a result says about the dependency. Throws what the user's tests throw. */
    public Outcome outcomeOf(@Nullable Object result) {
        for (int i = 0; i < failedResults.size(); i++) { // not for-each: it makes an iterator for each call
            if (failedResults.get(i).test(result)) {
                return Outcome.FAILURE;
            }
        }
        return Outcome.SUCCESS;
    }

    /**
     * What an exception says about the dependency. Throws what the user's tests throw.
     *
     * @param thrown what the call threw
     * @param overlong whether the call had already run longer than {@code slow}, so that its cancellation is a time-out
     */
    public Outcome outcomeOf(Throwable thrown, boolean overlong) {
        Throwable actual = unwrap(thrown);
        for (int i = 0; i < ignored.size(); i++) { // likewise
            if (ignored.get(i).test(actual)) {
                return Outcome.IGNORED;
            }
        }
        if (actual instanceof Error || isTimeout(actual)) {
            return Outcome.FAILURE;
        }
        if (isCancellation(actual)) {
            return overlong || isNamedFailure(actual) ? Outcome.FAILURE : Outcome.IGNORED;
        }
        if (actual instanceof CallNotPermittedException) {
            return isNamedFailure(actual) ? Outcome.FAILURE : Outcome.IGNORED;
        }
        return failures == null || isAny(failures, actual) ? Outcome.FAILURE : Outcome.IGNORED;
    }

    /** The hint that a failure carries, between 0 and five minutes, in nanoseconds. Throws what the user's readers throw. */
    long hintOf(@Nullable Object failure) {
        if (failure == null) {
            return 0;
        }
        Object actual = failure instanceof Throwable thrown ? unwrap(thrown) : failure;
        for (Hint<?> hint : hints) {
            long found = believed(hint.in(actual));
            if (found > 0) {
                return found;
            }
        }
        return actual instanceof RetryHint own ? believed(own.retryAfter()) : 0;
    }

    private static long believed(Optional<Duration> hint) {
        Duration found = hint.orElse(Duration.ZERO);
        if (found.compareTo(LONGEST_HINT) > 0) {
            return LONGEST_HINT.toNanos();
        }
        return found.isNegative() ? 0 : found.toNanos();
    }

    /** Whether every result is a success, so that none needs to be judged. */
    boolean takesEveryResult() {
        return takesEveryResult;
    }

    /** The exception inside {@link CompletionException} and {@link ExecutionException}, or the wrapper itself if it is empty. */
    static Throwable unwrap(Throwable thrown) {
        Throwable actual = thrown;
        for (int depth = 0; depth < DEEPEST_WRAPPER && isWrapper(actual); depth++) {
            Throwable cause = actual.getCause(); // locks the exception, so it is asked of wrappers only
            if (cause == null) {
                return actual;
            }
            actual = cause;
        }
        return actual;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException || thrown instanceof ExecutionException;
    }

    private static boolean isCancellation(Throwable thrown) {
        return thrown instanceof CancellationException
                || thrown instanceof InterruptedException
                || thrown instanceof ClosedByInterruptException
                || thrown instanceof InterruptedIOException;
    }

    /**
     * Whether an InterruptedIOException is no interruption at all. HTTP clients report their time-outs as InterruptedIOException: the JDK's and Apache's subclasses carry the word in
     * their name, OkHttp throws the plain class and says it in the message.
     */
    private static boolean isTimeout(Throwable thrown) {
        if (!(thrown instanceof InterruptedIOException)) {
            return false;
        }
        String message = thrown.getMessage();
        String words = (thrown.getClass().getName() + ' ' + (message == null ? "" : message)).toLowerCase(Locale.ROOT);
        return words.contains("timeout") || words.contains("timed out") || words.contains("time-out");
    }

    /**
     * Whether {@code failures} names a cancellation or refusal as such. {@code failures(Exception.class)} does not mean
     * cancellations; {@code failures(CancellationException.class)} does.
     */
    private boolean isNamedFailure(Throwable thrown) {
        if (failures == null) {
            return false;
        }
        for (int i = 0; i < failures.size(); i++) { // likewise
            Class<? extends Throwable> type = failures.get(i);
            if (type.isInstance(thrown)
                    && (CancellationException.class.isAssignableFrom(type)
                            || InterruptedException.class.isAssignableFrom(type)
                            || InterruptedIOException.class.isAssignableFrom(type)
                            || ClosedByInterruptException.class.isAssignableFrom(type)
                            || CallNotPermittedException.class.isAssignableFrom(type))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAny(List<Class<? extends Throwable>> types, Throwable thrown) {
        for (int i = 0; i < types.size(); i++) { // likewise
            if (types.get(i).isInstance(thrown)) {
                return true;
            }
        }
        return false;
    }

    private static List<Class<? extends Throwable>> given(String method, List<Class<? extends Throwable>> types) {
        if (types.isEmpty()) {
            throw new IllegalArgumentException(method + "() was given no exception class; name at least one.");
        }
        return types;
    }

    private static <E> List<E> with(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
