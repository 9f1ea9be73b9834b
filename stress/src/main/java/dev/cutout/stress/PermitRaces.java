package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.Permit;
import dev.cutout.Subject;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * One permit, answered from two threads: the first answer counts, and the other does nothing. All were seen to fail with a permit that reads its
 * grant and then clears it.
 */
public final class PermitRaces {
    private PermitRaces() {}

    /** Counted twice, the failure would open. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 1 told nothing, 0 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "one answer, one failure")
    @Outcome(id = "OPEN.*", expect = FORBIDDEN, desc = "one failed call, counted twice, opened the circuit")
    @Outcome(id = ".*, 0 good 2 bad.*", expect = FORBIDDEN, desc = "one failed call is counted twice")
    @Outcome(id = ".*, 0 good 0 bad.*", expect = FORBIDDEN, desc = "the answer is lost")
    @State
    public static class FailureTwice {
        private final Subject subject = Subject.closed(TripRaces.TWO);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void close() {
            permit.close();
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** Two threads do not agree on how the call went. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the failure came first")
    @Outcome(
            id = "CLOSED 1 told nothing, 1 good 0 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the success came first")
    @Outcome(id = ".*, 1 good 1 bad.*", expect = FORBIDDEN, desc = "one call is counted as a success and as a failure")
    @Outcome(id = ".*, 0 good 0 bad.*", expect = FORBIDDEN, desc = "the answer is lost")
    @State
    public static class SuccessAndFailure {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final Permit permit = subject.circuit.acquire();

        @Actor
        public void success() {
            permit.success();
        }

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** The permit is a probe. */
    @JCStressTest
    @Outcome(
            id = "CLOSED 4 told Closed:4, 1 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the success came first")
    @Outcome(
            id = "OPEN 4 told Opened:4, 0 good 2 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the failure came first")
    @Outcome(id = ".* 1 late", expect = FORBIDDEN, desc = "the second answer is counted, though as late")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the probe's answer is lost")
    @Outcome(id = "(CLOSED|OPEN) [56].*", expect = FORBIDDEN, desc = "two verdicts on one probe")
    @State
    public static class ProbeSuccessAndFailure {
        private final Subject subject = Subject.dueForProbe(TripRaces.ONE);
        private final Permit probe = subject.probe();

        @Actor
        public void success() {
            probe.success();
        }

        @Actor
        public void failure() {
            probe.failure(Subject.outage());
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.answers();
        }
    }

    /** The future is cancelled while its source fails. Which of the two the future shows is its own race, and none of the breaker's. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the source answered the permit first")
    @Outcome(
            id = "CLOSED 1 told nothing, 0 good 0 bad 1 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the cancelling answered the permit first")
    @Outcome(
            id = ".*, 0 good 1 bad 1 ignored.*",
            expect = FORBIDDEN,
            desc = "one call is counted as a failure and as ignored")
    @Outcome(
            id = ".*, 0 good 0 bad 0 ignored.*",
            expect = FORBIDDEN,
            desc = "the future is done, and the permit has no answer")
    @Outcome(id = "pending.*", expect = FORBIDDEN, desc = "cancelled and answered, and the future is not done")
    @State
    public static class CancelAgainstSourceFailure {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final CompletableFuture<String> source = new CompletableFuture<>();
        private final CompletableFuture<String> future = subject.circuit.callAsync(() -> source);

        @Actor
        public void answer() {
            source.completeExceptionally(Subject.outage());
        }

        @Actor
        public void cancel() {
            future.cancel(false);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = future.isDone() ? subject.seen() : "pending";
            r.r2 = subject.answers();
        }
    }

    /** The future is completed by hand, as a time-out does, while its source succeeds. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2, 0 good 1 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the time was over first")
    @Outcome(
            id = "CLOSED 1 told nothing, 1 good 0 bad 0 ignored 0 late",
            expect = ACCEPTABLE,
            desc = "the source answered first")
    @Outcome(id = ".*, 1 good 1 bad.*", expect = FORBIDDEN, desc = "one call is counted as a success and as a failure")
    @Outcome(id = ".*, 0 good 0 bad.*", expect = FORBIDDEN, desc = "the future is done, and the permit has no answer")
    @Outcome(id = "pending.*", expect = FORBIDDEN, desc = "completed and answered, and the future is not done")
    @State
    public static class TimeOutAgainstSourceSuccess {
        private final Subject subject = Subject.closed(TripRaces.ONE);
        private final CompletableFuture<String> source = new CompletableFuture<>();
        private final CompletableFuture<String> future = subject.circuit.callAsync(() -> source);

        @Actor
        public void answer() {
            source.complete("stock");
        }

        @Actor
        public void giveUp() {
            future.complete("unknown");
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = future.isDone() ? subject.seen() : "pending";
            r.r2 = subject.answers();
        }
    }
}
