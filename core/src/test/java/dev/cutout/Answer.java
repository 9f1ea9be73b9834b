package dev.cutout;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** What the dependency has ready for one call: a result or an exception, after a while. Remembers whether it was asked. */
public final class Answer {
    /** Judges the answers below: the standard, some exceptions ignored, and a result that is a failure. */
    static final Classifier CLASSIFIER =
            Classifier.standard().ignoring(IllegalArgumentException.class).orResult(String.class, "bad"::equals);

    private final char letter;
    private final Object content;
    private final Outcome outcome;
    private final Runnable wait;
    /** Written by the thread of the dependency. */
    private volatile boolean given;

    private Answer(char letter, Object content, Outcome outcome, Runnable wait) {
        this.letter = letter;
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
            case 's' -> new Answer(letter, List.of("good"), Outcome.SUCCESS, wait);
            case 'b' -> new Answer(letter, "bad", Outcome.FAILURE, wait);
            case 'f' -> new Answer(letter, new IOException("down"), Outcome.FAILURE, wait);
            case 'u' -> new Answer(letter, new IllegalStateException("bug"), Outcome.FAILURE, wait);
            case 'e' -> new Answer(letter, new StackOverflowError("deep"), Outcome.FAILURE, wait);
            case 'w' -> new Answer(letter, new ExecutionException(new IOException("down")), Outcome.FAILURE, wait);
            case 'i' -> new Answer(letter, new IllegalArgumentException("the caller's fault"), Outcome.IGNORED, wait);
            case 'c' -> new Answer(letter, new CancellationException(), ifCancelled, wait);
            case 'n' -> new Answer(letter, new InterruptedException(), ifCancelled, wait);
            case 'r' -> new Answer(letter, refusalOfAnInnerCircuit(), Outcome.IGNORED, wait);
            default -> throw new IllegalArgumentException("No answer is called '" + letter + "'.");
        };
    }

    private static CallNotPermittedException refusalOfAnInnerCircuit() {
        return new CallNotPermittedException(Refusal.indefinite("inner", Refusal.Reason.LIMIT, null, 0));
    }

    /** Which one it is, as {@link Tape} lists them. */
    public char letter() {
        return letter;
    }

    /** The body of a call: takes its time, then returns or throws. */
    public Object give() throws Exception {
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
    public boolean isGiven() {
        return given;
    }

    /** What is returned or thrown. */
    public Object content() {
        return content;
    }

    /** What it says about the dependency, for callers who judge themselves. */
    public Outcome outcome() {
        return outcome;
    }
}
