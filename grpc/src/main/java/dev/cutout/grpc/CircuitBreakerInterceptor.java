package dev.cutout.grpc;

import dev.cutout.Calls;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitBreakerRegistry;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Guards the calls of a gRPC channel with circuit breakers.
 *
 * <pre>{@code
 * Channel guarded = ClientInterceptors.intercept(channel, CircuitBreakerInterceptor.perAuthority());
 * }</pre>
 *
 * <p>A refused call ends before {@code start} returns, on the calling thread, with {@code UNAVAILABLE}, the {@link RefusalTrailers}, and a
 * {@link dev.cutout.CallNotPermittedException} as the cause of the status. Nothing is sent.
 *
 * <p>What an answer says of the server is decided here, by its status, whatever the classifier of the breaker would say:
 *
 * <table>
 *   <caption>What counts</caption>
 *   <tr><th>the call ends with</th><th>it is</th></tr>
 *   <tr><td>{@code UNAVAILABLE}, {@code DEADLINE_EXCEEDED}, {@code RESOURCE_EXHAUSTED}, {@code INTERNAL}, {@code UNKNOWN}, {@code DATA_LOSS}; {@code CANCELLED}, if it was not the caller who cancelled</td><td>a failure, see {@link FailedCallException}</td></tr>
 *   <tr><td>the same with {@link RefusalTrailers}, or because the application has shut its channel down</td><td>ignored</td></tr>
 *   <tr><td>{@code CANCELLED} by the caller</td><td>a success if a message had come; else ignored, unless it ran longer than {@code slow}: then it is a failure</td></tr>
 *   <tr><td>any other code</td><td>a success: the server answered</td></tr>
 *   <tr><td>a deadline or a context that was over before the call began</td><td>not counted and not refused: gRPC ends it without asking the server</td></tr>
 * </table>
 *
 * <p>A call answers its permit once, when it ends; one that finds out for the others whether the server is back, and from which several messages may come, when the first has come. So a
 * long stream does not outlive the lease of a probe. Retries and hedges of gRPC are below this: however many attempts gRPC makes, it is one call with one end.
 *
 * <p>Before a probe, a {@link io.grpc.ManagedChannel} that has given up connecting for a while is told to forget that, so that the probe asks the server and not the channel's memory. This
 * interceptor sees the channel itself only if it is the last to be reached: given alone, or first, to {@code ClientInterceptors.intercept}.
 *
 * <p>Immutable and thread-safe; one serves any number of channels. It takes no locks, starts no threads, and reads no clock but that of the breakers.
 */
public final class CircuitBreakerInterceptor implements ClientInterceptor {
    private final Choice choice;
    private final Predicate<? super MethodDescriptor<?, ?>> probing;

    /** Which breaker guards a call; null for none. */
    @FunctionalInterface
    private interface Choice {
        @Nullable CircuitBreaker of(MethodDescriptor<?, ?> method, CallOptions options, Channel channel);
    }

    private CircuitBreakerInterceptor(Choice choice, Predicate<? super MethodDescriptor<?, ?>> probing) {
        this.choice = choice;
        this.probing = probing;
    }

    /** One breaker for each authority, with the default settings. The usual choice: what fails is mostly the server. */
    public static CircuitBreakerInterceptor perAuthority() {
        return perAuthority(CircuitBreakerRegistry.<String>builder().build());
    }

    /** One breaker for each authority. Its key, and by default its name, is the authority: {@code inventory.example:443}. */
    public static CircuitBreakerInterceptor perAuthority(CircuitBreakerRegistry<String> circuits) {
        return of(circuits, (method, options, authority) -> authority);
    }

    /** One breaker for each service of each authority, with the default settings. */
    public static CircuitBreakerInterceptor perService() {
        return perService(CircuitBreakerRegistry.<String>builder().build());
    }

    /** One breaker for each service of each authority. The key is {@code inventory.example:443/inventory.Inventory}. */
    public static CircuitBreakerInterceptor perService(CircuitBreakerRegistry<String> circuits) {
        return of(circuits, (method, options, authority) -> authority + '/' + method.getServiceName());
    }

    /** One breaker for each method of each authority, with the default settings. For methods that depend on different things behind the server. */
    public static CircuitBreakerInterceptor perMethod() {
        return perMethod(CircuitBreakerRegistry.<String>builder().build());
    }

    /** One breaker for each method of each authority. The key is {@code inventory.example:443/inventory.Inventory/FetchStock}. */
    public static CircuitBreakerInterceptor perMethod(CircuitBreakerRegistry<String> circuits) {
        return of(circuits, (method, options, authority) -> authority + '/' + method.getFullMethodName());
    }

    /** This breaker for every call. */
    public static CircuitBreakerInterceptor of(CircuitBreaker circuit) {
        Objects.requireNonNull(circuit, "circuit");
        return new CircuitBreakerInterceptor((method, options, channel) -> circuit, method -> true);
    }

    /** The breaker that the registry has for the key of the call. */
    public static <K> CircuitBreakerInterceptor of(CircuitBreakerRegistry<K> circuits, CircuitKey<? extends K> key) {
        Objects.requireNonNull(circuits, "circuits");
        Objects.requireNonNull(key, "key");
        return new CircuitBreakerInterceptor(
                (method, options, channel) -> {
                    String own = options.getAuthority();
                    K found = key.of(method, options, own == null ? channel.authority() : own);
                    return found == null ? null : circuits.get(found);
                },
                method -> true);
    }

    /**
     * Only these methods find out at once whether the server is back; any other only when a probe has been due for as long again as it was waited for, and nobody else came. In place of what was said before.
     *
     * <p>Default: all of them, since few services mark which of their methods can safely be called twice, and a service that marks none would come back late. One that marks them says
     * {@code probingWith(MethodDescriptor::isIdempotent)}.
     *
     * @see CircuitBreaker#asLastResortProbe()
     */
    public CircuitBreakerInterceptor probingWith(Predicate<? super MethodDescriptor<?, ?>> methods) {
        return new CircuitBreakerInterceptor(choice, Objects.requireNonNull(methods, "methods"));
    }

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
            MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
        CircuitBreaker circuit = choice.of(method, options, next);
        if (circuit == null) {
            return next.newCall(method, options);
        }
        Calls calls = probing.test(method) ? circuit : circuit.asLastResortProbe();
        return new GuardedCall<>(calls, method, options, next);
    }
}
