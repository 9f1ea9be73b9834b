package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SentinelGuardTest {
    @Test
    void opensWhenMoreThanHalfOfASecondFailed() {
        Calls.of("sentinel-default").fail(5).areRefused();
        Calls.of("sentinel-default").succeed(3).fail(3).fail(1).areRefused();
        Calls.of("sentinel-default").succeed(3).fail(3).succeed(1);
    }

    @Test
    void eachSecondStartsAnew() {
        Calls.of("sentinel-default").fail(4).afterMillis(1_000).fail(4).succeed(1);
        Calls.of("sentinel-default").fail(4).afterMillis(999).fail(1).areRefused();
        Calls.of("sentinel-tuned").fail(9).afterMillis(9_999).fail(1).areRefused();
    }

    @Test
    void tenSecondsLaterOneTrialDecides() {
        Calls calls = Calls.of("sentinel-default").fail(5).afterMillis(9_999).areRefused();
        calls.afterMillis(1);
        Guard.Attempt trial = calls.send();
        calls.areRefused();
        Calls.fail(trial);
        calls.areRefused().afterMillis(9_999).areRefused().afterMillis(1).succeed(10);
    }

    @Test
    void slowCallsCountWhereAsked() {
        slowly(Calls.of("sentinel-rt"), 5, 500).succeed(1);
        slowly(Calls.of("sentinel-rt"), 5, 501).areRefused();
        slowly(Calls.of("sentinel-default"), 5, 501).succeed(1);
    }

    private static Calls slowly(Calls calls, int number, long millis) {
        List<Guard.Attempt> attempts =
                Stream.generate(calls::send).limit(number).toList();
        calls.afterMillis(millis);
        attempts.forEach(Guard.Attempt::succeeded);
        return calls;
    }

    /** Else the one that went half-open first would wait for the answer of a call that the other one refused. */
    @Test
    void aBreakerWhoseTrialTheOtherRefusesStaysOpen() {
        Calls calls = Calls.of("sentinel-rt");
        List<Guard.Attempt> slow = Stream.generate(calls::send).limit(6).toList();
        calls.fail(5).areRefused().afterMillis(501);
        slow.forEach(Guard.Attempt::succeeded);
        calls.afterMillis(9_499)
                .areRefused()
                .afterMillis(500)
                .areRefused()
                .afterMillis(1)
                .succeed(10);
    }

    @Test
    void aLateAnswerCountsAsATrial() {
        Calls calls = Calls.of("sentinel-default");
        Guard.Attempt late = calls.send();
        calls.fail(5).afterSeconds(10).send();
        calls.areRefused();
        late.succeeded();
        calls.succeed(2);
    }
}
