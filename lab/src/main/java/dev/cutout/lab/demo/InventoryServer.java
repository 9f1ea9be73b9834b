package dev.cutout.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cutout.lab.inventory.InventoryGrpc;
import dev.cutout.lab.inventory.StockReply;
import dev.cutout.lab.inventory.StockRequest;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Service B: a process of its own that answers "how many are in stock?" over gRPC and over HTTP, from a SQL database.
 *
 * <p>It takes orders on its standard input, one a line, and answers each with one line on its standard output. The
 * stream is also its life line: when the process that started it ends, however it ends, the stream does too, and B
 * exits at once. So no B is ever left behind.
 */
final class InventoryServer {
    // What passes between the two processes; InventoryProcess is the other end.
    static final String READY = "ready";
    static final String TAKEN = "taken";
    static final String DONE = "done";
    static final String DATABASE_OFF = "database off";
    static final String DATABASE_ON = "database on";
    static final String LOCK = "lock";
    static final String UNLOCK = "unlock";

    /** One pool for both doors, as in any small service: when all its threads hang, B answers nobody. */
    private static final int THREADS = 64;

    private final InventoryDatabase database;
    private final HttpServer http;
    private final Server grpc;

    /** Opens both doors; 0 means any free port. */
    private InventoryServer(InventoryDatabase database, int httpPort, int grpcPort) throws PortTakenException {
        this.database = database;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            http = HttpServer.create(new InetSocketAddress(loopback, httpPort), 0);
        } catch (IOException e) {
            throw new PortTakenException(httpPort, e);
        }
        http.setExecutor(threads);
        http.createContext("/stock/", this::answerHttp);
        http.start();
        try {
            grpc = NettyServerBuilder.forAddress(new InetSocketAddress(loopback, grpcPort))
                    .executor(threads)
                    .addService(new GrpcDoor())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new PortTakenException(grpcPort, e);
        }
    }

    /** {@code InventoryServer <http port> <grpc port>}; 0 means any free one. */
    public static void main(String[] args) throws InterruptedException {
        // Read by the libraries when they load, so before anything else:
        System.setProperty("h2.bindAddress", "127.0.0.1"); // nobody else's business
        System.setProperty("h2.socketConnectRetry", "0"); // else a refused connection takes H2's driver 1.2 s to admit
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else 40 ms of Nagle in each answer

        PrintStream answers = System.out;
        System.setOut(System.err); // whatever a library prints must not be taken for an answer
        int httpPort = Integer.parseInt(args[0]);
        int grpcPort = Integer.parseInt(args[1]);
        try {
            requireFree(httpPort);
            requireFree(grpcPort);
            InventoryDatabase database = new InventoryDatabase();
            rehearse(database);
            InventoryServer server = new InventoryServer(database, httpPort, grpcPort);
            answers.println(READY + " " + server.http.getAddress().getPort() + " " + server.grpc.getPort());
            server.obey(new BufferedReader(new InputStreamReader(System.in, UTF_8)), answers);
        } catch (PortTakenException e) {
            answers.println(TAKEN + " " + e.port);
        } catch (IOException | SQLException | RuntimeException e) {
            System.err.println(e); // the other end tells it to people
        } finally {
            // Not exit: B holds nothing worth a goodbye, and callers may hang in its threads.
            Runtime.getRuntime().halt(0);
        }
    }

    /** Looks before the rehearsal, so that whoever gave a taken port is told at once. */
    private static void requireFree(int port) throws PortTakenException {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        } catch (IOException e) {
            throw new PortTakenException(port, e);
        }
    }

    /**
     * Asks itself a few questions through other doors than those the callers know. A JVM's first answers are slow, and that
     * is not our subject; and so B is well from the moment its own doors are open.
     */
    private static void rehearse(InventoryDatabase database) throws PortTakenException, InterruptedException {
        InventoryServer stage = new InventoryServer(database, 0, 0);
        int httpPort = stage.http.getAddress().getPort();
        try (InventoryClient client = new InventoryClient(httpPort, stage.grpc.getPort(), Duration.ofSeconds(10))) {
            client.warmUp();
        }
        stage.http.stop(0);
        stage.grpc.shutdownNow();
    }

    private void obey(BufferedReader orders, PrintStream answers) throws IOException, SQLException {
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            switch (order) {
                case DATABASE_OFF -> database.switchOff();
                case DATABASE_ON -> database.switchOn();
                case LOCK -> database.lock();
                case UNLOCK -> database.unlock();
                default -> throw new IllegalArgumentException("no such order: " + order);
            }
            answers.println(DONE);
        }
    }

    private void answerHttp(HttpExchange exchange) throws IOException {
        String sku = exchange.getRequestURI().getPath().substring("/stock/".length());
        int status;
        String text;
        try {
            OptionalInt quantity = database.quantity(sku);
            status = quantity.isPresent() ? 200 : 404;
            text = quantity.isPresent() ? Integer.toString(quantity.getAsInt()) : "no article " + sku;
        } catch (SQLException e) {
            status = 503;
            text = "the database does not answer";
        }
        byte[] body = (text + "\n").getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private final class GrpcDoor extends InventoryGrpc.InventoryImplBase {
        @Override
        public void fetchStock(StockRequest request, StreamObserver<StockReply> caller) {
            try {
                OptionalInt quantity = database.quantity(request.getSku());
                if (quantity.isEmpty()) {
                    caller.onError(Status.NOT_FOUND
                            .withDescription("no article " + request.getSku())
                            .asException());
                    return;
                }
                caller.onNext(
                        StockReply.newBuilder().setQuantity(quantity.getAsInt()).build());
                caller.onCompleted();
            } catch (SQLException e) {
                caller.onError(Status.INTERNAL
                        .withDescription("the database does not answer")
                        .asException());
            }
        }
    }

    private static final class PortTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int port;

        PortTakenException(int port, IOException cause) {
            super("port " + port + " is taken", cause);
            this.port = port;
        }
    }
}
