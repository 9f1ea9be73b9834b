package dev.cutout.grpc;

import static dev.cutout.grpc.Circuits.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CircuitBreakerRegistry;
import dev.cutout.CircuitSettings;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which breaker guards which call. */
class KeysTest {
    private static final CallOptions.Key<Integer> SHARD = CallOptions.Key.create("shard");

    private final Backend backend = new Backend();
    private final String authority = backend.channel().authority();
    private final CircuitBreakerRegistry<String> circuits = CircuitBreakerRegistry.<String>builder()
            .settings(CircuitSettings.parse("trip 1 consecutive"))
            .build();

    @BeforeEach
    void succeed() {
        backend.answer(Status.OK, "!");
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private Channel by(CircuitBreakerInterceptor interceptor) {
        return ClientInterceptors.intercept(backend.channel(), interceptor);
    }

    private static <K> Set<K> keys(CircuitBreakerRegistry<K> circuits) {
        Set<K> keys = new TreeSet<>();
        circuits.forEach((key, circuit) -> keys.add(key));
        return keys;
    }

    @Test
    void perAuthority() throws InterruptedException {
        Channel channel = by(CircuitBreakerInterceptor.perAuthority(circuits));
        made(channel, Backend.UNARY);
        made(channel, Backend.SERVER_STREAMING);
        Heard heard = new Heard();
        Circuits.begin(channel, Backend.UNARY, CallOptions.DEFAULT.withAuthority("other.example:443"), heard);
        heard.status();

        assertThat(keys(circuits)).containsExactlyInAnyOrder(authority, "other.example:443");
    }

    @Test
    void perService() throws InterruptedException {
        Channel channel = by(CircuitBreakerInterceptor.perService(circuits));
        made(channel, Backend.UNARY);
        made(channel, Backend.SERVER_STREAMING);

        assertThat(keys(circuits)).containsExactly(authority + "/test.Backend");
    }

    @Test
    void perMethod() throws InterruptedException {
        Channel channel = by(CircuitBreakerInterceptor.perMethod(circuits));
        made(channel, Backend.UNARY);
        made(channel, Backend.SERVER_STREAMING);

        assertThat(keys(circuits))
                .containsExactly(authority + "/test.Backend/SERVER_STREAMING", authority + "/test.Backend/UNARY");
    }

    @Test
    void theFailuresOfOneKeyDoNotRefuseTheCallsOfAnother() throws InterruptedException {
        Channel channel = by(CircuitBreakerInterceptor.perMethod(circuits));
        backend.answer(Status.UNAVAILABLE);
        made(channel, Backend.UNARY);
        backend.answer(Status.OK, "!");

        assertThat(RefusalTrailers.areIn(made(channel, Backend.UNARY).trailers()))
                .isTrue();
        assertThat(made(channel, Backend.SERVER_STREAMING).status().isOk()).isTrue();
    }

    /** With registries of their own, and so with breakers of their own. */
    @Test
    void theOneLinersOpenAtTheFifthFailure() throws InterruptedException {
        backend.answer(Status.UNAVAILABLE);
        for (CircuitBreakerInterceptor interceptor : new CircuitBreakerInterceptor[] {
            CircuitBreakerInterceptor.perAuthority(),
            CircuitBreakerInterceptor.perService(),
            CircuitBreakerInterceptor.perMethod()
        }) {
            Channel channel = by(interceptor);
            for (int i = 0; i < 5; i++) {
                assertThat(RefusalTrailers.areIn(made(channel, Backend.UNARY).trailers()))
                        .isFalse();
            }
            assertThat(RefusalTrailers.areIn(made(channel, Backend.UNARY).trailers()))
                    .isTrue();
        }
    }

    @Test
    void byAKeyOfTheUsers() throws InterruptedException {
        CircuitBreakerRegistry<Integer> shards =
                CircuitBreakerRegistry.<Integer>builder().build();
        Channel channel =
                by(CircuitBreakerInterceptor.of(shards, (method, options, target) -> options.getOption(SHARD)));
        for (int shard : new int[] {1, 2, 2}) {
            Heard heard = new Heard();
            Circuits.begin(channel, Backend.UNARY, CallOptions.DEFAULT.withOption(SHARD, shard), heard);
            heard.status();
        }
        assertThat(keys(shards)).containsExactly(1, 2);

        assertThat(made(channel, Backend.UNARY).status().isOk())
                .as("no shard, no circuit")
                .isTrue();
        assertThat(keys(shards)).containsExactly(1, 2);
    }

    @Test
    void whatAKeyThrowsReachesTheCaller() {
        Channel channel = by(CircuitBreakerInterceptor.of(circuits, (method, options, target) -> {
            throw new IllegalArgumentException("no tenant");
        }));

        assertThatThrownBy(() -> channel.newCall(Backend.UNARY, CallOptions.DEFAULT))
                .hasMessage("no tenant");
    }

    /** Two interceptors of this kind on one channel: what the inner one refuses, the outer one ignores. */
    @Test
    void aRefusalOfTheInnerOfTwoIsIgnoredByTheOuter() throws InterruptedException {
        var inner = Circuits.circuit("trip 1 consecutive", System::nanoTime);
        var outer = Circuits.circuit("trip 1 consecutive", System::nanoTime);
        inner.acquire().failure(new StatusRuntimeException(Status.UNAVAILABLE));
        Channel both = Circuits.guarded(Circuits.guarded(backend.channel(), inner), outer);

        made(both, Backend.UNARY);

        assertThat(Circuits.counts(outer)).isEqualTo("0 good, 0 bad, 1 ignored");
    }
}
