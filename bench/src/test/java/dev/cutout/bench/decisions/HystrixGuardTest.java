package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import org.junit.jupiter.api.Test;

class HystrixGuardTest {
    @Test
    void opensAtASnapshotWhenHalfOfTwentyCallsFailed() {
        Calls.of("hystrix-default")
                .succeed(10)
                .fail(10)
                .afterMillis(499)
                .fail(1)
                .afterMillis(1)
                .areRefused();
        Calls.of("hystrix-default").fail(19).afterMillis(500).succeed(1);
        Calls.of("hystrix-default").succeed(11).fail(9).afterMillis(500).succeed(1);
    }

    @Test
    void theWindowForgets() {
        Calls.of("hystrix-default")
                .succeed(100)
                .afterMillis(9_500)
                .fail(20)
                .afterMillis(500)
                .succeed(1);
        Calls.of("hystrix-default")
                .succeed(100)
                .afterMillis(10_000)
                .fail(20)
                .afterMillis(500)
                .areRefused();
    }

    @Test
    void fiveSecondsLaterOneTrialDecides() {
        Calls calls = Calls.of("hystrix-default").fail(20).afterMillis(5_500).areRefused();
        calls.afterMillis(1);
        Guard.Attempt trial = calls.send();
        calls.areRefused();
        Calls.fail(trial);
        calls.areRefused().afterMillis(5_000).areRefused().afterMillis(1).succeed(1);
    }

    @Test
    void closingStartsTheWindowAnew() {
        Calls.of("hystrix-default")
                .fail(20)
                .afterMillis(5_501)
                .succeed(1)
                .fail(19)
                .afterMillis(500)
                .fail(1)
                .afterMillis(500)
                .areRefused();
    }

    @Test
    void closingStartsTheTimeToTheNextSnapshotAnew() {
        Calls.of("hystrix-default")
                .fail(20)
                .afterMillis(5_501)
                .succeed(1)
                .fail(20)
                .afterMillis(499)
                .fail(1)
                .afterMillis(1)
                .areRefused();
    }

    @Test
    void aLateAnswerCountsAsATrial() {
        Calls calls = Calls.of("hystrix-default");
        Guard.Attempt late = calls.send();
        calls.fail(20).afterMillis(5_501).send();
        calls.areRefused();
        late.succeeded();
        calls.succeed(2);
    }
}
