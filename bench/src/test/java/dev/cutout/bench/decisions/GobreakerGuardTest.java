package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GobreakerGuardTest {
    @Test
    void opensAfterMoreThanFiveFailuresInARow() {
        Calls.of("gobreaker-default").fail(5).succeed(1).fail(6).areRefused();
        Calls.of("gobreaker-classic").fail(4).succeed(1).fail(5).areRefused();
    }

    @Test
    void aMinuteLaterOneRequestDecides() {
        Calls calls = Calls.of("gobreaker-default").fail(6).afterSeconds(60).areRefused();
        calls.afterMillis(1);
        Guard.Attempt trial = calls.send();
        calls.areRefused();
        Calls.fail(trial);
        calls.areRefused()
                .afterSeconds(60)
                .areRefused()
                .afterMillis(1)
                .succeed(1)
                .fail(5)
                .succeed(1);
    }

    @Test
    void asManySuccessesCloseAsRequestsAreLetThrough() {
        Calls calls = new Calls(
                new Peer("three", (ticker, random) -> new GobreakerGuard(1, Duration.ofSeconds(1), 3, ticker)));
        calls.fail(1).afterMillis(1_001).succeed(2);
        Guard.Attempt third = calls.send();
        calls.areRefused();
        third.succeeded();
        calls.succeed(10);
    }

    @Test
    void aLateAnswerDoesNotCount() {
        Calls calls = Calls.of("gobreaker-default");
        Guard.Attempt late = calls.send();
        Guard.Attempt later = calls.send();
        calls.fail(6).afterSeconds(61).send();
        late.succeeded();
        calls.areRefused();
        Calls.fail(later);
        calls.areRefused();
    }
}
