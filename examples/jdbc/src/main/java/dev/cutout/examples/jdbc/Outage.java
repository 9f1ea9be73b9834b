package dev.cutout.examples.jdbc;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitSettings;
import dev.cutout.jdbc.GuardedDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;

/** A database server goes down and comes back, and a client reads from it all the time: a real server, real connections, seven seconds. */
public final class Outage {
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(250);
    private static final int STOPS_AT_CALL = 5;
    private static final int IS_BACK_AT_CALL = 18;
    private static final int LAST_CALL = 28;

    private final long begun = System.nanoTime();

    private Outage() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        new Outage().play();
    }

    private void play() throws Exception {
        Server server = start("0");
        String port = Integer.toString(server.getPort());
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:tcp://127.0.0.1:" + port + "/mem:stock;DB_CLOSE_DELAY=-1");
        dataSource.setUser("sa");

        // This is all it takes. The settings are only for the audience: by default 5 failures open a circuit, for 30 s.
        GuardedDataSource guarded =
                GuardedDataSource.of("stock-db", CircuitSettings.parse("trip 3 consecutive; wait 1s"), dataSource);

        guarded.circuit().onEvent(event -> say("          " + event));
        for (int call = 1; call <= LAST_CALL; call++) {
            if (call == STOPS_AT_CALL) {
                server.stop();
                say("          the database stops");
            } else if (call == IS_BACK_AT_CALL) {
                server = start(port);
                say("          the database is back");
            }
            say(answer(guarded));
            Thread.sleep(BETWEEN_CALLS.toMillis());
        }
        server.stop();
    }

    private static String answer(GuardedDataSource guarded) {
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 12")) {
            rows.next();
            return "answered  " + rows.getInt(1) + " pieces";
        } catch (SQLException e) {
            return e.getCause() instanceof CallNotPermittedException
                    ? "refused   " + e.getMessage()
                    : "failed    " + e.getClass().getSimpleName() + ", SQLState " + e.getSQLState();
        }
    }

    private static Server start(String port) throws SQLException {
        return Server.createTcpServer("-tcpPort", port, "-ifNotExists").start();
    }

    private void say(String text) {
        System.out.printf("%4.1f s  %s%n", (System.nanoTime() - begun) / 1e9, text);
    }
}
