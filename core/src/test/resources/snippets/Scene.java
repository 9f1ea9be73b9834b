package snippets;

import dev.cutout.*;
import dev.cutout.http.*;
import dev.cutout.jdbc.*;
import java.io.*;
import java.net.URI;
import java.net.http.*;
import java.sql.*;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import javax.sql.DataSource;

/** What the code in the documentation uses without showing it: the reader's own service, and its clients. */
public abstract class Scene {
    protected final CircuitBreaker inventory = CircuitBreaker.of("inventory");
    protected final CircuitBreaker payments = CircuitBreaker.of("payments");
    protected final CircuitSettings settings = CircuitSettings.classic();
    protected final CircuitSettings newSettings = CircuitSettings.classic();
    /** The reader's own, most often a connection pool. */
    protected DataSource dataSource;

    protected DataSource guarded;
    protected final Client client = new Client();
    protected final Log log = new Log();
    protected final String sku = "4711";
    protected final Order order = new Order(sku);
    protected final Request request = new Request(URI.create("http://b.example/stock"));
    protected final URI uri = request.uri();

    /** Where an expression goes that is shown for itself. */
    protected static void take(Object value) {}

    /** Pieces of an article. */
    public record Stock(int pieces) {
        public static Stock unknown() {
            return new Stock(-1);
        }
    }

    public record Order(String sku) {}

    public record Receipt(String text) {}

    public record Request(URI uri) {}

    public record Response(int status) {}

    /** The client of service B. */
    public static final class Client {
        public Stock fetchStock(String sku) throws IOException {
            return new Stock(sku.length());
        }

        public Receipt charge(Order order) throws IOException {
            return new Receipt(order.sku());
        }

        public CompletableFuture<Receipt> chargeAsync(Order order) {
            return CompletableFuture.completedFuture(new Receipt(order.sku()));
        }

        public Response send(Request request) throws IOException {
            return new Response(200);
        }
    }

    /** A logger, as of any logging library. */
    public static final class Log {
        public void info(String pattern, Object... values) {}
    }
}
