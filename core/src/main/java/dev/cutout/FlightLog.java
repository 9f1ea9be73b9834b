package dev.cutout;

import org.jspecify.annotations.Nullable;

/**
 * What a flight recording shows of circuits, wherever the JDK has its Flight Recorder: nothing is to be configured.
 *
 * <p>Until a recording runs, each question here is a constant {@code false} to the JIT compiler: {@link #IS_THERE} is a constant, and so is what an event
 * class answers as long as the Flight Recorder has not rewritten it. Nothing of {@code jdk.jfr} is loaded where that module is missing, because only
 * the event classes name it, and this class names them in calls alone.
 */
final class FlightLog {
    /** Where the duration of a call is not known; what the Flight Recorder shows as N/A. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final boolean IS_THERE = ModuleLayer.boot()
            .findModule("jdk.jfr")
            .filter(FlightLog.class.getModule()::canRead)
            .isPresent();

    private FlightLog() {}

    static boolean recordsTransitions() {
        return IS_THERE && TransitionRecord.isWanted();
    }

    /** The circuit has moved from one stay to the next. */
    static void moved(Generation from, Generation to) {
        TransitionRecord.write(from, to);
    }

    static boolean recordsRefusals() {
        return IS_THERE && RefusalsRecord.isWanted();
    }

    /** So many calls were refused since this was told last, and counted; the latest of them now. */
    static void refused(Refusal latest, CircuitState state, long refusals, long now) {
        RefusalsRecord.write(latest, state, refusals, now);
    }

    static boolean recordsLateAnswers() {
        return IS_THERE && LateAnswerRecord.isWanted();
    }

    /**
     * An answer came when the stay that admitted its call was over, or its probe had lapsed.
     *
     * @param took nanoseconds from permit to answer, or {@link #UNKNOWN}
     */
    static void late(Generation admittedIn, long answeredIn, Outcome outcome, @Nullable Object answer, long took) {
        LateAnswerRecord.write(admittedIn, answeredIn, outcome, answer, took);
    }
}
