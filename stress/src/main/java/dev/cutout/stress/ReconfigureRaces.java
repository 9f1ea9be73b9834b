package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import dev.cutout.Subject;
import dev.cutout.TripRule;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** New settings while answers come. */
public final class ReconfigureRaces {
    private static final CircuitSettings THREE = TripRaces.TWO.withTrip(TripRule.consecutive(3));

    private ReconfigureRaces() {}

    /** One failure is counted; the second opens by the old rule, and does not by the new one. */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Opened:2 Reconfigured:2, ",
            expect = ACCEPTABLE,
            desc = "opened by the old rule, then changed")
    @Outcome(
            id = "CLOSED 1 told Reconfigured:1, 2 failures in a row",
            expect = ACCEPTABLE,
            desc = "changed, and the new rule wants one more")
    @Outcome(
            id = ".*, 1 failure in a row",
            expect = FORBIDDEN,
            desc = "the failure that came while settings changed is lost")
    @Outcome(
            id = ".*, 0 failures in a row",
            expect = FORBIDDEN,
            desc = "what was counted is lost, although the rule counts the same")
    @Outcome(
            id = ".*Reconfigured:1 Opened:2.*",
            expect = FORBIDDEN,
            desc = "opened by a rule that was in force no more")
    @Outcome(id = "(?!.*Reconfigured).*", expect = FORBIDDEN, desc = "the new settings are lost")
    @State
    public static class StricterRuleGoes {
        private final Subject subject = Subject.closed(TripRaces.TWO);
        private final Permit permit = subject.circuit.acquire();

        public StricterRuleGoes() {
            subject.fail();
        }

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void reconfigure() {
            subject.circuit.reconfigure(THREE);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }

    /**
     * One failure is counted; the second opens by the new rule, and does not by the old one. Seen to fail with settings that always begin an empty
     * window.
     */
    @JCStressTest
    @Outcome(
            id = "OPEN 2 told Reconfigured:1 Opened:2, ",
            expect = ACCEPTABLE,
            desc = "changed, and the new rule opened")
    @Outcome(
            id = "CLOSED 1 told Reconfigured:1, 2 failures in a row",
            expect = ACCEPTABLE,
            desc = "judged by the old rule: settings open nothing before the next answer")
    @Outcome(
            id = ".*, 1 failure in a row",
            expect = FORBIDDEN,
            desc = "the failure that came while settings changed is lost")
    @Outcome(
            id = ".*, 0 failures in a row",
            expect = FORBIDDEN,
            desc = "what was counted is lost, although the rule counts the same")
    @Outcome(id = ".*Opened:2 Reconfigured.*", expect = FORBIDDEN, desc = "opened by a rule that was not in force yet")
    @State
    public static class StricterRuleComes {
        private final Subject subject = Subject.closed(THREE);
        private final Permit permit = subject.circuit.acquire();

        public StricterRuleComes() {
            subject.fail();
        }

        @Actor
        public void failure() {
            permit.failure(Subject.outage());
        }

        @Actor
        public void reconfigure() {
            subject.circuit.reconfigure(TripRaces.TWO);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.evidence();
        }
    }

    /** The probe succeeds meanwhile. */
    @JCStressTest
    @Outcome(id = "CLOSED 4 told Reconfigured:3 Closed:4, true", expect = ACCEPTABLE, desc = "changed, then closed")
    @Outcome(id = "CLOSED 4 told Closed:4 Reconfigured:4, true", expect = ACCEPTABLE, desc = "closed, then changed")
    @Outcome(id = ".*, false", expect = FORBIDDEN, desc = "the new settings are lost")
    @Outcome(id = "HALF_OPEN.*", expect = FORBIDDEN, desc = "the probe's answer is lost")
    @State
    public static class ProbeSuccess {
        private final Subject subject = Subject.dueForProbe(TripRaces.ONE);
        private final Permit probe = subject.probe();

        @Actor
        public void success() {
            probe.success();
        }

        @Actor
        public void reconfigure() {
            subject.circuit.reconfigure(THREE);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r1 = subject.seen();
            r.r2 = subject.circuit.settings().equals(THREE);
        }
    }
}
