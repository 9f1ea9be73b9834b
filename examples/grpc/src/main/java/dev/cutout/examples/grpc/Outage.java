package dev.cutout.examples.grpc;

import dev.cutout.CircuitBreakerRegistry;
import dev.cutout.CircuitSettings;
import dev.cutout.examples.greeter.GreetRequest;
import dev.cutout.examples.greeter.GreeterGrpc;
import dev.cutout.examples.greeter.Greeting;
import dev.cutout.grpc.CircuitBreakerInterceptor;
import dev.cutout.grpc.RefusalTrailers;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A client greets twice a second. After 3 s its server goes, after 9 s it is back. Ends by itself after 15 s. */
public final class Outage {
    private static final int CALLS = 30;
    private static final int SERVER_GOES_AT = 6;
    private static final int SERVER_IS_BACK_AT = 18;
    private static final long BETWEEN_CALLS_MILLIS = 500;

    private Outage() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Server server = start(0);
        int port = server.getPort();
        ManagedChannel channel = Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .build();

        // All there is to it. (The settings are shorter than the default's 30 s, so that you need not wait.)
        CircuitBreakerRegistry<String> circuits = CircuitBreakerRegistry.<String>builder()
                .settings(CircuitSettings.parse("trip 3 consecutive; wait 2s"))
                .onEvent(event -> System.out.println("        " + event))
                .build();
        Channel guarded = ClientInterceptors.intercept(channel, CircuitBreakerInterceptor.perAuthority(circuits));

        GreeterGrpc.GreeterBlockingStub greeter = GreeterGrpc.newBlockingStub(guarded);
        try {
            for (int call = 0; call < CALLS; call++) {
                if (call == SERVER_GOES_AT) {
                    server.shutdownNow().awaitTermination();
                    System.out.println("        The server goes.");
                } else if (call == SERVER_IS_BACK_AT) {
                    server = start(port);
                    System.out.println("        The server is back.");
                }
                System.out.println(greet(greeter));
                Thread.sleep(BETWEEN_CALLS_MILLIS);
            }
        } finally {
            channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
            server.shutdownNow();
        }
    }

    private static String greet(GreeterGrpc.GreeterBlockingStub greeter) {
        try {
            return greeter.withDeadlineAfter(10, TimeUnit.SECONDS)
                    .greet(GreetRequest.newBuilder().setName("reader").build())
                    .getText();
        } catch (StatusRuntimeException e) {
            return RefusalTrailers.areIn(e.getTrailers())
                    ? "refused: next try in " + e.getTrailers().get(RefusalTrailers.RETRY_AFTER_MILLIS) + " ms"
                    : "failed: " + e.getStatus().getCode();
        }
    }

    private static Server start(int port) throws IOException {
        return Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .addService(new Greetings())
                .build()
                .start();
    }

    private static final class Greetings extends GreeterGrpc.GreeterImplBase {
        @Override
        public void greet(GreetRequest request, StreamObserver<Greeting> responses) {
            responses.onNext(Greeting.newBuilder()
                    .setText("Hello, " + request.getName() + ".")
                    .build());
            responses.onCompleted();
        }
    }
}
