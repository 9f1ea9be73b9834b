package dev.cutout.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.LI_Result;

/** Two threads ask a registry for what it does not have yet. */
public final class RegistryRaces {
    private RegistryRaces() {}

    /** For the same key. Seen to fail with a breaker that is put into the map whether or not one is there. */
    @JCStressTest
    @Outcome(id = "same, 1", expect = ACCEPTABLE, desc = "one breaker for one key")
    @Outcome(
            id = "two, .*",
            expect = FORBIDDEN,
            desc = "two breakers for one key, each of which sees half of the failures")
    @Outcome(id = "same, .*", expect = FORBIDDEN, desc = "the size is not the number of breakers")
    @State
    public static class SameKey {
        private final CircuitBreakerRegistry<String> registry =
                CircuitBreakerRegistry.<String>builder().maximumSize(2).build();
        private @Nullable CircuitBreaker first;
        private @Nullable CircuitBreaker second;

        @Actor
        public void first() {
            first = registry.get("a");
        }

        @Actor
        public void second() {
            second = registry.get("a");
        }

        @Arbiter
        public void end(LI_Result r) {
            r.r1 = first == second && first == registry.get("a") ? "same" : "two";
            r.r2 = registry.size();
        }
    }

    /** For two keys, with room for one: each looks at the size after its own. Seen to fail with places that are counted, then taken. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "one of them made room for the other")
    @Outcome(id = ".*[2-9].*", expect = FORBIDDEN, desc = "more breakers are kept than the maximum")
    @Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "both breakers are gone")
    @Outcome(
            id = "0, ., 1|., 0, 1",
            expect = ACCEPTABLE,
            desc = "looked while one was gone and the other not there yet")
    @State
    public static class TwoKeysForOnePlace {
        private final CircuitBreakerRegistry<String> registry =
                CircuitBreakerRegistry.<String>builder().maximumSize(1).build();

        @Actor
        public void first(III_Result r) {
            registry.get("a");
            r.r1 = registry.size();
        }

        @Actor
        public void second(III_Result r) {
            registry.get("b");
            r.r2 = registry.size();
        }

        @Arbiter
        public void end(III_Result r) {
            int[] kept = new int[1];
            registry.forEach((key, circuit) -> kept[0]++);
            r.r3 = kept[0] == registry.size() ? kept[0] : -1;
        }
    }
}
