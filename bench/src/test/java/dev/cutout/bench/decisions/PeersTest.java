package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.lab.simulate.Guard;
import java.net.ConnectException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeersTest {
    static Stream<Guard.Kind> everyKind() {
        return Stream.concat(Peers.all().stream(), Peers.resilience4jGrid().stream())
                .distinct();
    }

    @Test
    void namesAreUnique() {
        assertThat(everyKind().map(Guard.Kind::name)).hasSize(19 + 36).doesNotHaveDuplicates();
    }

    @Test
    void everyPeerHasItsDefaults() {
        assertThat(Peers.defaults().stream().map(Guard.Kind::name))
                .containsExactly(
                        "r4j-default",
                        "failsafe-default",
                        "sentinel-default",
                        "smallrye-default",
                        "hystrix-default",
                        "gobreaker-default",
                        "sre-default",
                        "envoy-default");
    }

    @Test
    void theGridHasThirtyNineSettings() {
        assertThat(Peers.resilience4jGrid())
                .hasSize(39)
                .extracting(Guard.Kind::name)
                .contains("r4j-default", "r4j 70% of 20 calls, wait 1s, trials 1");
    }

    @Test
    void anUnknownNameIsToldTheKnownOnes() {
        assertThatThrownBy(() -> Peers.named("polly"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"polly\"")
                .hasMessageContaining("r4j-default, r4j-tuned");
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void refusesNothingWhenAllIsWell(Guard.Kind kind) {
        assertThat(new Outage(kind, 1, Duration.ZERO).run().cardinality()).isEqualTo(Outage.CALLS);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void refusesInAnOutageAndComesBack(Guard.Kind kind) {
        BitSet admitted = new Outage(kind, 1, Duration.ofMinutes(10)).run();
        assertThat(admitted.get(0, Outage.CALLS / 2).cardinality()).isLessThan(Outage.CALLS / 2);
        assertThat(admitted.nextClearBit(Outage.CALLS - 1_000)).isEqualTo(Outage.CALLS);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void theSameSeedGivesTheSameDecisions(Guard.Kind kind) {
        List<BitSet> runs = Stream.of(1, 1)
                .map(seed -> new Outage(kind, seed, Duration.ofMinutes(10)).run())
                .toList();
        assertThat(runs.get(1)).isEqualTo(runs.get(0));
    }

    /** Half an hour of ten calls a second, answered after 30 ms, of which some fail at first. */
    private record Outage(Guard.Kind kind, long seed, Duration length) {
        private static final int CALLS = 18_000;
        private static final long GAP = Duration.ofMillis(70).toNanos();
        private static final long ANSWER = Duration.ofMillis(30).toNanos();

        BitSet run() {
            long[] nanos = {0};
            Guard guard = kind.guard("one", () -> nanos[0], new SplittableRandom(seed));
            BitSet admitted = new BitSet(CALLS);
            for (int call = 0; call < CALLS; call++) {
                nanos[0] += GAP;
                boolean fails = nanos[0] < length.toNanos();
                Guard.Attempt attempt = guard.ask();
                nanos[0] += ANSWER;
                if (attempt != null) {
                    admitted.set(call);
                    if (fails) {
                        attempt.failed(new ConnectException("refused"));
                    } else {
                        attempt.succeeded();
                    }
                }
            }
            return admitted;
        }
    }
}
