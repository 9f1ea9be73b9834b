package dev.cutout.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.lab.demo.InventoryClient.Door;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Service B in a process of its own, with its real database, through its real doors: the faults are what they say. */
class InventoryProcessTest {
    @Test
    void eachFaultIsRealAndEnds() throws Exception {
        try (InventoryProcess b = new InventoryProcess("B", 0, 0)) {
            b.start();
            try (InventoryClient patient = client(b, Duration.ofSeconds(20));
                    InventoryClient hasty = client(b, Duration.ofMillis(300))) {
                assertAnswers(patient);

                Fault.DATABASE.strike(b);
                assertThatThrownBy(() -> patient.fetchStock("sku-1", Door.HTTP))
                        .isInstanceOf(IOException.class)
                        .hasMessage("B answered 503: the database does not answer");
                assertThatThrownBy(() -> patient.fetchStock("sku-1", Door.GRPC))
                        .satisfies(e -> assertThat(status(e)).isEqualTo(Status.Code.INTERNAL));
                Fault.DATABASE.lift(b);
                assertAnswers(patient);

                Fault.HANG.strike(b);
                assertThatThrownBy(() -> hasty.fetchStock("sku-1", Door.HTTP)).isInstanceOf(HttpTimeoutException.class);
                assertThatThrownBy(() -> hasty.fetchStock("sku-1", Door.GRPC))
                        .satisfies(e -> assertThat(status(e)).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
                Fault.HANG.lift(b);
                assertAnswers(patient);

                Fault.KILL.strike(b);
                assertThatThrownBy(() -> patient.fetchStock("sku-1", Door.HTTP)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> patient.fetchStock("sku-1", Door.HTTP)).isInstanceOf(ConnectException.class);
                for (int i = 0; i < 5; i++) { // often enough for gRPC to back off, were it let to
                    assertThatThrownBy(() -> patient.fetchStock("sku-1", Door.GRPC))
                            .satisfies(e -> assertThat(status(e)).isEqualTo(Status.Code.UNAVAILABLE));
                }
                Fault.KILL.lift(b);
                assertAnswers(patient);
            }
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                InventoryProcess b = new InventoryProcess("B", 0, other.getLocalPort())) {
            assertThatThrownBy(b::start)
                    .isInstanceOf(BindException.class)
                    .hasMessage("port " + other.getLocalPort() + " is taken by another program");
        }
    }

    @Test
    void nothingStartsAfterTheEnd() {
        InventoryProcess b = new InventoryProcess("B", 0, 0);
        b.close();
        assertThatThrownBy(b::start).isInstanceOf(IOException.class).hasMessage("the show is over");
    }

    private static void assertAnswers(InventoryClient client) throws Exception {
        assertThat(client.fetchStock("sku-1", Door.HTTP)).isEqualTo(19);
        assertThat(client.fetchStock("sku-1", Door.GRPC)).isEqualTo(19);
        assertThatThrownBy(() -> client.fetchStock("nothing", Door.HTTP))
                .hasMessage("B answered 404: no article nothing");
        assertThatThrownBy(() -> client.fetchStock("nothing", Door.GRPC))
                .satisfies(e -> assertThat(status(e)).isEqualTo(Status.Code.NOT_FOUND));
    }

    private static Status.Code status(Throwable e) {
        return ((StatusRuntimeException) e).getStatus().getCode();
    }

    private static InventoryClient client(InventoryProcess b, Duration timeout) {
        return new InventoryClient(b.httpPort(), b.grpcPort(), timeout);
    }
}
