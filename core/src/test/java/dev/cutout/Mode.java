package dev.cutout;

/** A way to make one call through a breaker. All must count, decide and tell the caller the same. */
@FunctionalInterface
public interface Mode {
    /** What the caller gets who is refused and not told why. */
    Object NO_PERMIT = "no permit";

    /**
     * Makes one call, and the dependency {@linkplain Answer#give gives} this answer if it is asked.
     *
     * @return what the caller gets, returned or thrown: {@link Answer#content} of the answer; when refused, the exception, its reason or {@link #NO_PERMIT}
     */
    Object got(CircuitBreaker circuit, Answer answer);
}
