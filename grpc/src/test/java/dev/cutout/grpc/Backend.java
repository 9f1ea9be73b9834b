package dev.cutout.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A service on a real socket, whose answers the test decides, and channels to it. Its four methods take and give text. */
final class Backend implements AutoCloseable {
    static final String SERVICE = "test.Backend";
    static final MethodDescriptor<String, String> UNARY = method(MethodType.UNARY);
    static final MethodDescriptor<String, String> CLIENT_STREAMING = method(MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<String, String> SERVER_STREAMING = method(MethodType.SERVER_STREAMING);
    static final MethodDescriptor<String, String> BIDI_STREAMING = method(MethodType.BIDI_STREAMING);
    static final List<MethodDescriptor<String, String>> METHODS =
            List.of(UNARY, CLIENT_STREAMING, SERVER_STREAMING, BIDI_STREAMING);

    /** Long enough for the slowest machine; nobody waits for it who is not lost anyway. */
    static final long PATIENCE_SECONDS = 60;

    /** Calls whose answers the test gives by hand, in the order of their arrival. */
    private final BlockingQueue<ServerCall<String, String>> arrived = new LinkedBlockingQueue<>();

    private final ServerInterceptor[] interceptors;
    private volatile ServerCallHandler<String, String> handler = this::leaveToTheTest;
    private Server server;
    private final int port;
    private final ManagedChannel channel;

    Backend(ServerInterceptor... interceptors) {
        this.interceptors = interceptors.clone();
        server = start(0);
        port = server.getPort();
        channel = newChannel(port);
    }

    private Server start(int onPort) {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SERVICE);
        METHODS.forEach(method -> service.addMethod(method, (call, headers) -> handler.startCall(call, headers)));
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort))
                .addService(service.build());
        Arrays.stream(interceptors).forEach(builder::intercept);
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MethodDescriptor<String, String> method(MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, type.name()))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    /** A channel of the test's own to some port, as through a {@link Wire}. */
    static ManagedChannel newChannel(int toPort) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), toPort))
                .usePlaintext()
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    int port() {
        return port;
    }

    /** From now on calls are answered so. */
    void answer(ServerCallHandler<String, String> how) {
        handler = how;
    }

    /** From now on every call gets these messages and this end as soon as its request is complete. */
    void answer(Status status, Metadata trailers, String... messages) {
        answer((call, headers) -> {
            call.request(Integer.MAX_VALUE);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    if (messages.length > 0) {
                        call.sendHeaders(new Metadata());
                    }
                    Arrays.stream(messages).forEach(call::sendMessage);
                    call.close(status, trailers);
                }
            };
        });
    }

    void answer(Status status, String... messages) {
        answer(status, new Metadata(), messages);
    }

    /** From now on the test answers by itself. */
    void answerByHand() {
        handler = this::leaveToTheTest;
    }

    private ServerCall.Listener<String> leaveToTheTest(ServerCall<String, String> call, Metadata headers) {
        call.request(Integer.MAX_VALUE);
        arrived.add(call);
        return new ServerCall.Listener<>() {};
    }

    /** The next call to be answered by hand, headers sent. */
    ServerCall<String, String> next() throws InterruptedException {
        ServerCall<String, String> call = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("No call arrived.");
        }
        call.sendHeaders(new Metadata());
        return call;
    }

    /** No call has arrived since the last one that was asked for. */
    boolean isUnasked() {
        return arrived.isEmpty();
    }

    /** Closes the door and every connection. */
    void stop() throws InterruptedException {
        server.shutdownNow();
        if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The server does not stop.");
        }
    }

    /** Opens the same door again. */
    void restart() {
        server = start(port);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
