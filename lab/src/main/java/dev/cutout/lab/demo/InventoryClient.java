package dev.cutout.lab.demo;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.grpc.CircuitBreakerInterceptor;
import dev.cutout.http.GuardedHttpClient;
import dev.cutout.lab.inventory.InventoryGrpc;
import dev.cutout.lab.inventory.StockRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A's two ways of asking B, each with a time-out of its own, as every client of a remote service should have: the
 * breaker does not time calls out.
 */
final class InventoryClient implements AutoCloseable {
    /** The two doors B can be asked through. */
    enum Door {
        GRPC,
        HTTP;

        /** Calls take turns. */
        static Door ofTurn(int n) {
            return n % 2 == 0 ? GRPC : HTTP;
        }
    }

    private static final int WARM_UP_CALLS = 40;

    private final Duration timeout;
    private final URI httpAddress;
    private final HttpClient http;
    private final ManagedChannel connection;
    /** The connection, or the breaker before it. */
    private final Channel channel;

    InventoryClient(int httpPort, int grpcPort, Duration timeout) {
        this.timeout = timeout;
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        httpAddress = URI.create("http://" + host + ":" + httpPort + "/stock/");
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
        connection = NettyChannelBuilder.forAddress(new InetSocketAddress(host, grpcPort))
                .usePlaintext()
                .build();
        channel = connection;
    }

    private InventoryClient(InventoryClient bare, CircuitBreaker breaker) {
        timeout = bare.timeout;
        httpAddress = bare.httpAddress;
        http = GuardedHttpClient.builder(bare.http).circuit(request -> breaker).build();
        connection = bare.connection;
        channel = ClientInterceptors.intercept(connection, CircuitBreakerInterceptor.of(breaker));
    }

    /** This client, with one breaker before both doors, since it is the same B behind them. To be closed in its place. */
    InventoryClient guardedBy(CircuitBreaker breaker) {
        return new InventoryClient(this, breaker);
    }

    /**
     * How many pieces of an article there are.
     *
     * @throws CallNotPermittedException if the breaker refused the call
     */
    int fetchStock(String sku, Door door) throws IOException, InterruptedException {
        return door == Door.GRPC ? fetchOverGrpc(sku) : fetchOverHttp(sku);
    }

    private int fetchOverGrpc(String sku) {
        if (connection.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            // After a refused connection the channel answers from memory for a second, then for longer and longer,
            // without looking whether B is back. The breaker's interceptor makes it forget that before a probe; here
            // it is every call of both services A, since the one without a breaker would else recover at the pace of
            // gRPC's back-off, which is not what the show compares. (Not once the call has failed: it would still count
            // as in use, and the channel connect again for it, and fail, and remember.)
            connection.enterIdle();
        }
        try {
            return InventoryGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .fetchStock(StockRequest.newBuilder().setSku(sku).build())
                    .getQuantity();
        } catch (StatusRuntimeException e) {
            throw e.getCause() instanceof CallNotPermittedException refusal ? refusal : e;
        }
    }

    private int fetchOverHttp(String sku) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(httpAddress.resolve(sku))
                .timeout(timeout)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("B answered " + response.statusCode() + ": "
                    + response.body().strip());
        }
        return Integer.parseInt(response.body().strip());
    }

    /** A few questions through both doors, whatever becomes of them. */
    void warmUp() throws InterruptedException {
        for (int i = 0; i < WARM_UP_CALLS; i++) {
            try {
                fetchStock("sku-" + (1 + i), Door.ofTurn(i));
            } catch (IOException | StatusRuntimeException | CallNotPermittedException e) {
                // the show will tell
            }
        }
    }

    @Override
    public void close() {
        connection.shutdownNow();
    }
}
