package dev.cutout.lab.demo;

import dev.cutout.lab.inventory.InventoryGrpc;
import dev.cutout.lab.inventory.StockRequest;
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
    private final ManagedChannel channel;
    private final HttpClient http;
    private final URI httpAddress;

    InventoryClient(int httpPort, int grpcPort, Duration timeout) {
        this.timeout = timeout;
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        httpAddress = URI.create("http://" + host + ":" + httpPort + "/stock/");
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(host, grpcPort))
                .usePlaintext()
                .build();
    }

    Stock fetchStock(String sku, Door door) throws IOException, InterruptedException {
        return door == Door.GRPC ? fetchOverGrpc(sku) : fetchOverHttp(sku);
    }

    private Stock fetchOverGrpc(String sku) {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            // After a refused connection the channel answers from memory for a second, then for longer and longer,
            // without
            // looking whether B is back. Both services A of the show would recover at the pace of gRPC's back-off,
            // which is
            // not what it wants to show: forget the failure, so that each call is an attempt of its own. (Not once the
            // call has failed: it would still count as in use, and the channel connect again for it, and fail, and
            // remember.)
            channel.enterIdle();
        }
        return Stock.of(InventoryGrpc.newBlockingStub(channel)
                .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .fetchStock(StockRequest.newBuilder().setSku(sku).build())
                .getQuantity());
    }

    private Stock fetchOverHttp(String sku) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(httpAddress.resolve(sku))
                .timeout(timeout)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("B answered " + response.statusCode() + ": "
                    + response.body().strip());
        }
        return Stock.of(Integer.parseInt(response.body().strip()));
    }

    /** A few questions through both doors, whatever becomes of them. */
    void warmUp() throws InterruptedException {
        for (int i = 0; i < WARM_UP_CALLS; i++) {
            try {
                fetchStock("sku-" + (1 + i), Door.ofTurn(i));
            } catch (IOException | StatusRuntimeException e) {
                // the show will tell
            }
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
