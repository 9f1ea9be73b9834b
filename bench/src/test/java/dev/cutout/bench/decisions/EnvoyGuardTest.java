package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import org.junit.jupiter.api.Test;

/** The sweeps are at 10 s, 20 s, 30 s and so on of each test. */
class EnvoyGuardTest {
    @Test
    void fiveFailuresInARowEject() {
        Calls.of("envoy-default").fail(4).succeed(1).fail(5).areRefused();
        Calls.of("envoy-tuned").fail(6).succeed(1).fail(7).areRefused();
    }

    @Test
    void returnsAtTheFirstSweepAfterHalfAMinute() {
        Calls.of("envoy-default")
                .fail(5)
                .afterMillis(29_999)
                .areRefused()
                .afterMillis(1)
                .succeed(100);
        Calls.of("envoy-default")
                .afterMillis(1)
                .fail(5)
                .afterMillis(39_998)
                .areRefused()
                .afterMillis(1)
                .succeed(100);
    }

    @Test
    void eachEjectionIsLongerUpToFiveMinutes() {
        Calls calls = Calls.of("envoy-default");
        for (int ejection = 1; ejection <= 12; ejection++) {
            long seconds = Math.min(30 * ejection, 300);
            calls.fail(5).afterMillis(seconds * 1_000 - 1).areRefused().afterMillis(1);
        }
    }

    @Test
    void theMultiplierGoesDownWhileTheHostStaysIn() {
        Calls calls = Calls.of("envoy-default").fail(5).afterSeconds(30).fail(5).afterSeconds(60);
        // Ejected twice, and back at 90 s; forgiven at 100 s and 110 s.
        calls.succeed(1)
                .afterSeconds(20)
                .fail(5)
                .afterMillis(29_999)
                .areRefused()
                .afterMillis(1)
                .succeed(1);
    }

    @Test
    void answersFromBeforeTheReturnAreForgotten() {
        Calls calls = Calls.of("envoy-default");
        Guard.Attempt late = calls.send();
        calls.fail(5);
        Calls.fail(late);
        calls.afterSeconds(30).fail(4).succeed(1);
    }
}
