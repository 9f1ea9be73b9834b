package dev.cutout.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cutout.grpc.CircuitBreakerInterceptor;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A blocking unary call to a server in the same process, all of it on the caller's thread; bare, and guarded as it is by default. */
@State(Scope.Benchmark)
public class GrpcBench {
    private static final String NAME = "bench";
    private static final String SERVICE = "bench.Inventory";
    private static final String REQUEST = "how many are left?";
    private static final String RESPONSE = "seven of them";
    private static final MethodDescriptor<String, String> COUNT = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Count"))
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private final Server server = started();
    private final ManagedChannel bare =
            InProcessChannelBuilder.forName(NAME).directExecutor().build();
    private final Channel guarded = ClientInterceptors.intercept(bare, CircuitBreakerInterceptor.perAuthority());

    private static Server started() {
        try {
            return InProcessServerBuilder.forName(NAME)
                    .directExecutor()
                    .addService(ServerServiceDefinition.builder(SERVICE)
                            .addMethod(COUNT, ServerCalls.asyncUnaryCall((request, caller) -> {
                                caller.onNext(RESPONSE);
                                caller.onCompleted();
                            }))
                            .build())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TearDown
    public void close() {
        bare.shutdownNow();
        server.shutdownNow();
    }

    @Benchmark
    public String bareUnary() {
        return ClientCalls.blockingUnaryCall(bare, COUNT, CallOptions.DEFAULT, REQUEST);
    }

    @Benchmark
    public String guardedUnary() {
        return ClientCalls.blockingUnaryCall(guarded, COUNT, CallOptions.DEFAULT, REQUEST);
    }

    private static final class Text implements Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(US_ASCII));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), US_ASCII);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
