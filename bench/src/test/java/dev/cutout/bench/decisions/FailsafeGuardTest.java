package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import org.junit.jupiter.api.Test;

class FailsafeGuardTest {
    @Test
    void oneFailureOpensForAMinuteByDefault() {
        Calls calls = Calls.of("failsafe-default").succeed(1).fail(1).areRefused();
        calls.afterMillis(59_999).areRefused().afterMillis(1);
        Guard.Attempt trial = calls.send();
        calls.areRefused();
        trial.succeeded();
        calls.succeed(1);
    }

    @Test
    void aFailedTrialOpensForAnotherMinute() {
        Calls.of("failsafe-default")
                .fail(1)
                .afterSeconds(60)
                .fail(1)
                .areRefused()
                .afterMillis(59_999)
                .areRefused()
                .afterMillis(1)
                .succeed(2);
    }

    @Test
    void opensAfterFiveFailuresInARow() {
        Calls.of("failsafe-classic")
                .fail(4)
                .succeed(1)
                .fail(5)
                .areRefused()
                .afterMillis(29_999)
                .areRefused()
                .afterMillis(1)
                .succeed(1)
                .fail(4)
                .succeed(1);
    }

    @Test
    void aWindowOfTimeForgetsBeforeAndAfterItWasOpen() {
        Calls.of("failsafe-tuned").succeed(20).afterSeconds(8).fail(10).succeed(1);
        Calls.of("failsafe-tuned")
                .succeed(20)
                .afterSeconds(10)
                .fail(10)
                .areRefused()
                .afterSeconds(30)
                .succeed(3)
                .succeed(20)
                .afterSeconds(10)
                .fail(9)
                .succeed(1)
                .areRefused();
    }

    @Test
    void threeOfFiveTrialsDecide() {
        Calls.of("failsafe-tuned").fail(10).afterSeconds(30).fail(2).succeed(3).succeed(10);
        Calls.of("failsafe-tuned").fail(10).afterSeconds(30).succeed(2).fail(3).areRefused();

        Calls calls = Calls.of("failsafe-tuned").fail(10).afterSeconds(30);
        for (int i = 0; i < 5; i++) {
            calls.send();
        }
        calls.areRefused();
    }

    @Test
    void aLateAnswerCountsAsATrial() {
        Calls calls = Calls.of("failsafe-default");
        Guard.Attempt late = calls.send();
        calls.fail(1).afterSeconds(60).send();
        calls.areRefused();
        late.succeeded();
        calls.succeed(2);
    }
}
