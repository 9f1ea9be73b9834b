package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import org.junit.jupiter.api.Test;

class SmallRyeGuardTest {
    @Test
    void opensWhenHalfOfTwentyCallsFailed() {
        Calls.of("smallrye-default").fail(19).succeed(1).areRefused();
        Calls.of("smallrye-default").succeed(20).fail(9).succeed(1);
        Calls.of("smallrye-default").succeed(20).fail(10).areRefused();
    }

    @Test
    void fiveSecondsLaterOneTrialDecides() {
        Calls calls = Calls.of("smallrye-default").fail(20).afterMillis(4_999).areRefused();
        calls.afterMillis(1);
        Guard.Attempt trial = calls.send();
        calls.areRefused();
        Calls.fail(trial);
        calls.areRefused()
                .afterMillis(4_999)
                .areRefused()
                .afterMillis(1)
                .succeed(1)
                .fail(19);
    }

    @Test
    void aLateAnswerDoesNotCount() {
        Calls calls = Calls.of("smallrye-default");
        Guard.Attempt late = calls.send();
        calls.fail(20).afterSeconds(5).send();
        late.succeeded();
        calls.areRefused();
    }
}
