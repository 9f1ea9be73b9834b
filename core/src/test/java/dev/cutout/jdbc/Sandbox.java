package dev.cutout.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import dev.cutout.HandWoundTicker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A real database, a breaker in front of it whose clock stands still, and words for what tests do with both. */
final class Sandbox {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final PostgresServer server = PostgresServer.running();
    final HandWoundTicker ticker = new HandWoundTicker();
    final CircuitBreaker circuit;

    Sandbox(String settings) {
        circuit = CircuitBreaker.builder("database " + NUMBER.incrementAndGet())
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .countSuccesses()
                .build();
    }

    GuardedDataSource guarded() {
        return guarded(server.dataSource());
    }

    GuardedDataSource guarded(DataSource dataSource) {
        return GuardedDataSource.of(circuit, dataSource);
    }

    /** "3 good, 1 bad, 0 ignored, 0 late, 2 refused". */
    String counts() {
        CircuitSnapshot.Counts counts = circuit.snapshot().counts();
        return String.format(
                "%d good, %d bad, %d ignored, %d late, %d refused",
                counts.successes().orElseThrow(),
                counts.failures(),
                counts.ignored(),
                counts.late(),
                counts.refused().values().stream().mapToLong(Long::longValue).sum());
    }

    /** Makes the circuit open, without the database. */
    void open() {
        for (int i = 0; i < 5; i++) {
            circuit.acquire().failure(new SQLException("down", "08006"));
        }
    }

    /** The time of the wait is over: the next call is the probe. */
    void waitIsOver() {
        ticker.advance(Duration.ofSeconds(30));
    }

    /** Reads one number, and has the connection closed. */
    static int select(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return select(connection, sql);
        }
    }

    static int select(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What it threw, and that this has the SQLState. */
    static SQLException failsWith(String sqlState, ThrowingCallable call) {
        SQLException thrown = catchThrowableOfType(SQLException.class, call);
        assertThat((Throwable) thrown).as("what was thrown").isNotNull();
        assertThat(thrown.getSQLState()).as("SQLState of %s", thrown).isEqualTo(sqlState);
        return thrown;
    }

    /** A connection is refused by this circuit. */
    SQLTransientConnectionException refuses(DataSource guarded) {
        SQLException thrown = failsWith(GuardedDataSource.REFUSED, guarded::getConnection);
        assertThat((Throwable) thrown).isInstanceOf(SQLTransientConnectionException.class);
        return (SQLTransientConnectionException) thrown;
    }

    /** Returns when the session has a statement under way. */
    void awaitRunning(int session) throws SQLException {
        try (Connection observer = server.dataSource().getConnection()) {
            while (select(
                            observer,
                            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep' AND pid = "
                                    + session)
                    == 0) {
                Thread.onSpinWait();
            }
        }
    }

    static int session(Connection connection) throws SQLException {
        return select(connection, "SELECT pg_backend_pid()");
    }
}
