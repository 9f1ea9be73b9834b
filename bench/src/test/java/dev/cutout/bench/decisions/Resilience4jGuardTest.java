package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.simulate.Guard;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Resilience4jGuardTest {
    @Test
    void opensWhenHalfOfAHundredCallsFailed() {
        Calls.of("r4j-default").fail(99).succeed(1).areRefused();
        Calls.of("r4j-default").succeed(51).fail(49).succeed(1).fail(1).areRefused();
        Calls.of("r4j-default").succeed(51).fail(49).succeed(1);
    }

    @Test
    void aMinuteLaterTenTrialsMustAllAnswer() {
        Calls calls = Calls.of("r4j-default").fail(100).afterSeconds(60).areRefused();
        calls.afterMillis(1);
        Guard.Attempt last = calls.send();
        calls.fail(4).succeed(5).areRefused();
        last.succeeded();
        calls.succeed(100);

        calls.fail(50).areRefused().afterSeconds(61).succeed(5).fail(5).areRefused();
    }

    @Test
    void aWindowOfTimeForgets() {
        Calls.of("r4j-tuned").succeed(20).afterSeconds(9).fail(10).succeed(1);
        Calls.of("r4j-tuned").succeed(20).afterSeconds(10).fail(10).areRefused();
    }

    @Test
    void slowCallsCountWhereAsked() {
        slowly(Calls.of("r4j-slow"), 500).succeed(1);
        slowly(Calls.of("r4j-slow"), 501).areRefused();
        slowly(Calls.of("r4j-tuned"), 501).succeed(1);
    }

    private static Calls slowly(Calls calls, long millis) {
        Guard.Attempt[] attempts = Stream.generate(calls::send).limit(10).toArray(Guard.Attempt[]::new);
        calls.after(Duration.ofMillis(millis));
        for (Guard.Attempt attempt : attempts) {
            attempt.succeeded();
        }
        return calls;
    }

    @Test
    void aLateAnswerCountsAsATrial() {
        Calls calls = Calls.of("r4j-best");
        Guard.Attempt late = calls.send();
        calls.fail(20).areRefused().afterMillis(1_001);
        assertThat(calls.send()).isNotNull();
        calls.areRefused();
        late.succeeded();
        calls.succeed(1);
    }
}
