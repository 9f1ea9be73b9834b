package dev.cutout;

/** What an answer says about the dependency. A call can also be <em>slow</em>, whatever its outcome. */
public enum Outcome {
    /** The dependency answered as it should. */
    SUCCESS,
    /** The dependency failed. */
    FAILURE,
    /**
     * Says nothing about the dependency: the call was cancelled or interrupted, was refused by another circuit, or was at
     * fault itself. Ignored answers neither add to nor break a streak, count toward no minimum, and give a probe back.
     */
    IGNORED
}
