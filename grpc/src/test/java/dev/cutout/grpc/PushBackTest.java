package dev.cutout.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.cutout.CircuitBreaker;
import dev.cutout.HandWoundTicker;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that says when to come back is not asked before. */
class PushBackTest {
    private static Metadata saying(String millis) {
        Metadata trailers = new Metadata();
        trailers.put(PushBack.MILLIS, millis);
        return trailers;
    }

    private static Metadata withRetryInfo(long seconds, Metadata trailers) {
        com.google.protobuf.Duration delay =
                com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
        trailers.put(
                PushBack.DETAILS,
                com.google.rpc.Status.newBuilder()
                        .addDetails(Any.pack(
                                RetryInfo.newBuilder().setRetryDelay(delay).build()))
                        .build()
                        .toByteArray());
        return trailers;
    }

    @ParameterizedTest
    @CsvSource({
        "1500, 1500",
        "2147483647, 2147483647",
        "0, 0",
        "-1, 0",
        "-2147483648, 0",
        "2147483648, 0",
        "soon, 0",
        "'', 0",
        "' 7', 0",
        "1.5, 0"
    })
    void onlyANumberIsATime(String said, long millis) {
        assertThat(PushBack.in(saying(said)))
                .isEqualTo(millis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis)));
    }

    @Test
    void theLongerOfBothCounts() {
        assertThat(PushBack.in(new Metadata())).isEmpty();
        assertThat(PushBack.in(withRetryInfo(3, new Metadata()))).contains(Duration.ofSeconds(3));
        assertThat(PushBack.in(withRetryInfo(3, saying("4000")))).contains(Duration.ofSeconds(4));
        assertThat(PushBack.in(withRetryInfo(3, saying("2000")))).contains(Duration.ofSeconds(3));
        assertThat(PushBack.in(withRetryInfo(3, saying("-1")))).contains(Duration.ofSeconds(3));
    }

    /** From the trailers on the wire to the next probe. */
    @ParameterizedTest
    @CsvSource({"45000, 45", "10000, 30", "-1, 30", "soon, 30", "600000, 300"})
    void theNextProbeWaitsAtLeastAsLong(String said, long seconds) throws InterruptedException {
        CircuitBreaker circuit = Circuits.circuit("trip 1 consecutive; wait 30s", new HandWoundTicker());
        try (Backend backend = new Backend()) {
            backend.answer(Status.RESOURCE_EXHAUSTED, saying(said));
            Circuits.made(Circuits.guarded(backend.channel(), circuit), Backend.UNARY);
        }
        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void soItDoesAfterRetryInfo() throws InterruptedException {
        CircuitBreaker circuit = Circuits.circuit("trip 1 consecutive; wait 30s", new HandWoundTicker());
        try (Backend backend = new Backend()) {
            backend.answer(Status.UNAVAILABLE, withRetryInfo(50, new Metadata()));
            Circuits.made(Circuits.guarded(backend.channel(), circuit), Backend.UNARY);
        }
        assertThat(circuit.snapshot().probeDue()).contains(Duration.ofSeconds(50));
    }
}
