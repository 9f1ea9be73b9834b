package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.counts;
import static dev.cutout.grpc.Circuits.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.HandWoundTicker;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** gRPC's own retries are below: one call, however many attempts. */
class RetriesTest {
    private final Backend backend = new Backend();
    private final AtomicInteger attempts = new AtomicInteger();
    private final ManagedChannel retrying = NettyChannelBuilder.forAddress("127.0.0.1", backend.port())
            .usePlaintext()
            .enableRetry()
            .defaultServiceConfig(Map.of(
                    "methodConfig",
                    List.of(Map.of(
                            "name",
                            List.of(Map.of("service", Backend.SERVICE)),
                            "retryPolicy",
                            Map.of(
                                    "maxAttempts",
                                    3.0,
                                    "initialBackoff",
                                    "0.001s",
                                    "maxBackoff",
                                    "0.001s",
                                    "backoffMultiplier",
                                    1.0,
                                    "retryableStatusCodes",
                                    List.of("UNAVAILABLE"))))))
            .build();
    private final CircuitBreaker circuit = Circuits.circuit("classic", new HandWoundTicker());
    private final Channel guarded = Circuits.guarded(retrying, circuit);

    @AfterEach
    void close() {
        retrying.shutdownNow();
        backend.close();
    }

    private void failAtFirst(int failures, Metadata trailers) {
        backend.answer((call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    if (attempts.incrementAndGet() <= failures) {
                        call.close(Status.UNAVAILABLE, trailers);
                    } else {
                        call.sendHeaders(new Metadata());
                        call.sendMessage("!");
                        call.close(Status.OK, new Metadata());
                    }
                }
            };
        });
    }

    @Test
    void aRetryThatHelpsIsOneSuccess() throws InterruptedException {
        failAtFirst(2, new Metadata());

        made(guarded, Backend.UNARY);

        assertThat(attempts).hasValue(3);
        assertThat(counts(circuit)).isEqualTo("1 good, 0 bad, 0 ignored");
    }

    @Test
    void retriesInVainAreOneFailure() throws InterruptedException {
        failAtFirst(3, new Metadata());

        made(guarded, Backend.UNARY);

        assertThat(attempts).hasValue(3);
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }

    /** As {@link RefusalServerInterceptor} sends it. */
    @Test
    void aPushBackBelowZeroForbidsThem() throws InterruptedException {
        Metadata never = new Metadata();
        never.put(PushBack.MILLIS, "-1");
        failAtFirst(3, never);

        made(guarded, Backend.UNARY);

        assertThat(attempts).hasValue(1);
        assertThat(counts(circuit)).isEqualTo("0 good, 1 bad, 0 ignored");
    }
}
