package dev.cutout.grpc;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import dev.cutout.Ticker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Breakers for tests, what they have counted, and calls through them. */
final class Circuits {
    private static final AtomicInteger MADE = new AtomicInteger();

    private Circuits() {}

    /** A breaker that counts successes too, with a name that no other has. */
    static CircuitBreaker circuit(String settings, Ticker ticker) {
        return CircuitBreaker.builder("circuit " + MADE.incrementAndGet())
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .countSuccesses()
                .build();
    }

    static Channel guarded(Channel channel, CircuitBreaker circuit) {
        return ClientInterceptors.intercept(channel, CircuitBreakerInterceptor.of(circuit));
    }

    /** What came of all calls that are over. */
    static String counts(CircuitBreaker circuit) {
        CircuitSnapshot.Counts counts = circuit.snapshot().counts();
        String refused = counts.refused().isEmpty() ? "" : ", refused " + new TreeMap<>(counts.refused());
        String late = counts.late() == 0 ? "" : ", " + counts.late() + " late";
        return counts.successes().orElseThrow() + " good, " + counts.failures() + " bad, " + counts.ignored()
                + " ignored" + late + refused;
    }

    /** Starts a call, sends one request and says that it was the last, and takes whatever messages come. */
    static ClientCall<String, String> begin(
            Channel channel, MethodDescriptor<String, String> method, CallOptions options, Heard heard) {
        ClientCall<String, String> call = channel.newCall(method, options);
        call.start(heard, new Metadata());
        call.request(Integer.MAX_VALUE);
        call.sendMessage("?");
        call.halfClose();
        return call;
    }

    static ClientCall<String, String> begin(Channel channel, MethodDescriptor<String, String> method, Heard heard) {
        return begin(channel, method, CallOptions.DEFAULT, heard);
    }

    /** One such call, to its end. */
    static Heard made(Channel channel, MethodDescriptor<String, String> method) throws InterruptedException {
        Heard heard = new Heard();
        begin(channel, method, heard);
        heard.status();
        return heard;
    }
}
