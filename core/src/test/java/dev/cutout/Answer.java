package dev.cutout;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** What the dependency has ready for one call: a result or an exception, after a while. Remembers whether it was asked. */
final class Answer {
    /** Judges the answers below: the standard, some exceptions ignored, and a result that is a failure. */
    static final Classifier CLASSIFIER =
            Classifier.standard().ignoring(IllegalArgumentException.class).orResult(String.class, "bad"::equals);

    private final Object content;
    private final Outcome outcome;
    private final Runnable wait;
    private boolean given;

    private Answer(Object content, Outcome outcome, Runnable wait) {
        this.content = content;
        this.outcome = outcome;
        this.wait = wait;
    }

    /**
     * The answer of a letter, always a new object, so that what the caller gets can be compared by identity.
     *
     * @param letter as {@link Tape} lists them
     * @param meanwhile what happens before a capital letter answers: more time passes than the settings call slow, for one
     */
    static Answer of(char letter, Runnable meanwhile) {
        boolean slow = Character.isUpperCase(letter);
        Runnable wait = slow ? meanwhile : () -> {};
        Outcome ifCancelled = slow ? Outcome.FAILURE : Outcome.IGNORED;
        return switch (Character.toLowerCase(letter)) {
            case 's' -> new Answer(List.of("good"), Outcome.SUCCESS, wait);
            case 'b' -> new Answer("bad", Outcome.FAILURE, wait);
            case 'f' -> new Answer(new IOException("down"), Outcome.FAILURE, wait);
            case 'u' -> new Answer(new IllegalStateException("bug"), Outcome.FAILURE, wait);
            case 'e' -> new Answer(new StackOverflowError("deep"), Outcome.FAILURE, wait);
            case 'w' -> new Answer(new ExecutionException(new IOException("down")), Outcome.FAILURE, wait);
            case 'i' -> new Answer(new IllegalArgumentException("the caller's fault"), Outcome.IGNORED, wait);
            case 'c' -> new Answer(new CancellationException(), ifCancelled, wait);
            case 'n' -> new Answer(new InterruptedException(), ifCancelled, wait);
            case 'r' -> new Answer(refusalOfAnInnerCircuit(), Outcome.IGNORED, wait);
            default -> throw new IllegalArgumentException("No answer is called '" + letter + "'.");
        };
    }

    private static CallNotPermittedException refusalOfAnInnerCircuit() {
        return new CallNotPermittedException(Refusal.indefinite("inner", Refusal.Reason.LIMIT, null, 0));
    }

    /** The body of a call: takes its time, then returns or throws. */
    Object give() throws Exception {
        given = true;
        wait.run();
        if (content instanceof Error error) {
            throw error;
        }
        if (content instanceof Exception exception) {
            throw exception;
        }
        return content;
    }

    /** Whether the dependency was asked. */
    boolean isGiven() {
        return given;
    }

    /** What is returned or thrown. */
    Object content() {
        return content;
    }

    /** What it says about the dependency, for callers who judge themselves. */
    Outcome outcome() {
        return outcome;
    }
}
