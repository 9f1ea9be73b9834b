package dev.cutout;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A late answer in a flight recording. There are at most as many as there were calls in flight, so each is shown. */
@Name("dev.cutout.LateAnswer")
@Label("Late Answer")
@Description("A call answered when the circuit breaker had moved on, so that its answer counts nowhere")
@Category("Circuit Breaker")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the Flight Recorder reads the fields
final class LateAnswerRecord extends Event {
    /** Only asked whether records of its kind are wanted, so that asking makes no object. */
    private static final LateAnswerRecord ANY = new LateAnswerRecord();

    @Label("Circuit")
    @Nullable String circuit;

    @Label("Outcome")
    @Nullable String outcome;

    @Label("Failure")
    @Description("The class of the exception or the result, if the outcome is a failure")
    @Nullable Class<?> failure;

    @Label("Admitted in Generation")
    @Description("The number of the stay that let the call through")
    long admittedIn;

    @Label("Answered in Generation")
    @Description("The number of the stay in which it answered; the same one, if its probe had lapsed in it")
    long answeredIn;

    @Label("Call Duration")
    @Description("From the permit to the answer, where the circuit times its calls")
    @Timespan(Timespan.NANOSECONDS)
    long callDuration;

    private LateAnswerRecord() {}

    static boolean isWanted() {
        return ANY.isEnabled();
    }

    static void write(Generation admittedIn, long answeredIn, Outcome outcome, @Nullable Object answer, long took) {
        LateAnswerRecord written = new LateAnswerRecord();
        written.circuit = admittedIn.name();
        written.outcome = outcome.name();
        written.failure = outcome == Outcome.FAILURE && answer != null ? Generation.classOf(answer) : null;
        written.admittedIn = admittedIn.number;
        written.answeredIn = answeredIn;
        written.callDuration = took;
        written.commit();
    }
}
