package dev.cutout.grpc;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Says which circuit breaker guards a call. Called for each call, from many threads at once, so it should be quick; what it throws, the caller of the stub gets.
 *
 * <pre>{@code
 * CircuitKey<String> byTenant = (method, options, authority) -> options.getOption(TENANT);
 * }</pre>
 *
 * @param <K> the key of the registry
 */
@FunctionalInterface
public interface CircuitKey<K> {
    /**
     * The key of this call's breaker; null if the call is not to be guarded.
     *
     * @param authority whom the call is for: that of its options if they name one, else the channel's
     */
    @Nullable K of(MethodDescriptor<?, ?> method, CallOptions options, String authority);
}
