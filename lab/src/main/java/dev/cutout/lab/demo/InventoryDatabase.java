package dev.cutout.lab.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;

/**
 * B's SQL database: H2, spoken to through its JDBC driver over TCP, so that "the database goes away" is a real
 * connection failure and "the query hangs" is a real wait for a real lock.
 *
 * <p>There is no connection pool: each question opens its own connection (about a millisecond here). A pool's time-outs
 * and back-off would stand between the faults and the breaker, and the show is about the breaker.
 * Nor is there a breaker of B's own: a guarded data source would turn what the database does to B into quick refusals, for
 * both services A alike, and leave less to tell them apart by.
 */
final class InventoryDatabase {
    static final int ARTICLES = 1_000;

    private static final String NAME = "mem:inventory";
    /** Who waits for a lock, waits: it is the callers who have time-outs. */
    private static final String PATIENT = ";LOCK_TIMEOUT=" + Integer.MAX_VALUE;

    /** Never closed: keeps the data alive while no TCP server is there to reach it. */
    @SuppressWarnings("unused")
    private final Connection keeper;

    private final int port;
    private final String url;
    private Server server;
    private @Nullable Connection lock;

    InventoryDatabase() throws SQLException {
        keeper = DriverManager.getConnection("jdbc:h2:" + NAME);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("CREATE TABLE stock (sku VARCHAR PRIMARY KEY, quantity INT NOT NULL)");
            statement.execute(
                    "INSERT INTO stock SELECT 'sku-' || x, MOD(x * 7919, 100) FROM SYSTEM_RANGE(1, " + ARTICLES + ")");
        }
        server = Server.createTcpServer("-tcpPort", "0").start();
        port = server.getPort();
        url = "jdbc:h2:tcp://127.0.0.1:" + port + "/" + NAME + PATIENT;
    }

    /** The pieces in stock; empty when there is no such article. Locks the row for as long as the question takes. */
    OptionalInt quantity(String sku) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement select =
                        connection.prepareStatement("SELECT quantity FROM stock WHERE sku = ? FOR UPDATE")) {
            select.setString(1, sku);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? OptionalInt.of(rows.getInt(1)) : OptionalInt.empty();
            }
        }
    }

    /** Cuts every connection; new ones are refused until {@link #switchOn}. */
    void switchOff() {
        server.stop();
    }

    void switchOn() throws SQLException {
        server = Server.createTcpServer("-tcpPort", Integer.toString(port)).start();
    }

    /** A transaction that touches every row and is then forgotten: whoever asks for a row from now on, waits. */
    void lock() throws SQLException {
        Connection forgotten = DriverManager.getConnection(url);
        lock = forgotten;
        forgotten.setAutoCommit(false);
        try (Statement statement = forgotten.createStatement()) {
            statement.executeUpdate("UPDATE stock SET quantity = quantity");
        }
    }

    void unlock() throws SQLException {
        if (lock != null) {
            lock.rollback();
            lock.close();
            lock = null;
        }
    }
}
