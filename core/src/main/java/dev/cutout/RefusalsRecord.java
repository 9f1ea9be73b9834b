package dev.cutout;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** Refusals in a flight recording: one record stands for all since the one before. */
@Name("dev.cutout.CircuitRefusals")
@Label("Circuit Refusals")
@Description("A circuit breaker refuses calls; at most one event a second for each circuit")
@Category("Circuit Breaker")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the Flight Recorder reads the fields
final class RefusalsRecord extends Event {
    /** Only asked whether records of its kind are wanted, so that asking makes no object. */
    private static final RefusalsRecord ANY = new RefusalsRecord();

    @Label("Circuit")
    @Nullable String circuit;

    @Label("State")
    @Nullable String state;

    @Label("Reason")
    @Description("Why the latest of these calls was refused")
    @Nullable String reason;

    @Label("Refusals")
    @Description("Calls refused since the event before, for whatever reason; in the first event of a circuit, ever")
    long refusals;

    @Label("Retry After")
    @Description("How long until another call may be let through, if that is known")
    @Timespan(Timespan.NANOSECONDS)
    long retryAfter;

    private RefusalsRecord() {}

    static boolean isWanted() {
        return ANY.isEnabled();
    }

    static void write(Refusal refusal, CircuitState state, long refusals, long now) {
        RefusalsRecord written = new RefusalsRecord();
        written.circuit = refusal.circuit();
        written.state = state.name();
        written.reason = refusal.reason().name();
        written.refusals = refusals;
        written.retryAfter = refusal.retryAfter(now).map(Duration::toNanos).orElse(FlightLog.UNKNOWN);
        written.commit();
    }
}
