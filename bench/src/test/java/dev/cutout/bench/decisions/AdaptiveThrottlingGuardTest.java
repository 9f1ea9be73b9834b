package dev.cutout.bench.decisions;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AdaptiveThrottlingGuardTest {
    /** Chance is zero, so any probability above that refuses. */
    @Test
    void refusesOnceLessThanOneInKIsAccepted() {
        Calls.of("sre-default").succeed(50).fail(50).fail(1).areRefused();
        Calls.of("sre-tuned").succeed(60).fail(30).fail(1).areRefused();
    }

    @Test
    void theWindowForgets() {
        Calls.of("sre-default").fail(1).areRefused().afterMillis(119_999).areRefused();
        Calls.of("sre-default").fail(1).areRefused().afterSeconds(120).succeed(1);
        Calls.of("sre-tuned").fail(1).areRefused().afterSeconds(10).succeed(1);
    }

    /** After 1,000 requests and 100 accepts, K = 2: 800 in 1,001. The refused one is a request too: then 801 in 1,002. */
    @Test
    void refusesWithTheProbabilityOfTheBook() {
        Chance chance = new Chance();
        Calls calls = new Calls(Peers.named("sre-default"), chance).succeed(100).fail(900);
        chance.drawn = 0.799;
        calls.areRefused();
        chance.drawn = 0.7995;
        calls.succeed(1);
    }

    private static final class Chance implements RandomGenerator {
        private double drawn = 1;

        @Override
        public double nextDouble() {
            return drawn;
        }

        @Override
        public long nextLong() {
            return 0;
        }
    }
}
