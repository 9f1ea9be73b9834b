package dev.cutout.jdbc;

import static dev.cutout.jdbc.Sandbox.failsWith;
import static dev.cutout.jdbc.Sandbox.select;
import static dev.cutout.jdbc.Sandbox.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** A database that is killed and comes back, with nothing, a pool or a transaction manager around the guard. */
class OutageTest {
    /** What a pool's callers wait, in milliseconds: where there is nothing to come, and where it may take its time. */
    private static final int SHORT = 250;

    private static final int LONG = 60_000;

    private final Sandbox sandbox = new Sandbox("classic");
    private final CircuitBreaker circuit = sandbox.circuit;

    @AfterEach
    void isBack() {
        assertThat(PostgresServer.running()).isNotNull();
    }

    @Test
    void aDatabaseKilledInATransactionOpensTheCircuitAndComesBack() throws SQLException {
        GuardedDataSource guarded = sandbox.guarded();
        Connection connection = guarded.getConnection();
        connection.setAutoCommit(false);
        select(connection, "SELECT 1");

        sandbox.server.kill();
        assertThatThrownBy(() -> select(connection, "SELECT 1")).isInstanceOf(SQLException.class);
        assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
        connection.close();
        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");

        for (int i = 0; i < 4; i++) {
            failsWith("08001", guarded::getConnection);
        }
        sandbox.refuses(guarded);

        sandbox.waitIsOver();
        failsWith("08001", guarded::getConnection);
        assertThat(circuit.state()).as("the probe failed").isEqualTo(CircuitState.OPEN);

        sandbox.server.start();
        sandbox.refuses(guarded);
        sandbox.waitIsOver();
        assertThat(select(guarded, "SELECT 1")).isEqualTo(1);
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aDatabaseKilledInAStatementCountsOnce() throws Exception {
        try (Connection connection = sandbox.guarded().getConnection()) {
            int session = session(connection);
            CompletableFuture<Throwable> result = CompletableFuture.supplyAsync(
                    () -> catchThrowable(() -> select(connection, "SELECT 1 FROM pg_sleep(60)")));
            sandbox.awaitRunning(session);
            sandbox.server.kill();
            assertThat(result.get(60, TimeUnit.SECONDS)).isInstanceOf(SQLException.class);
        }
        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    // ---- with a pool

    /** Around the pool, where it belongs: callers are refused at once, whatever the pool does meanwhile. */
    @Test
    void aroundAPoolItOpensAndClosesWithTheDatabase() throws SQLException {
        HikariDataSource pool = pool(sandbox.server.dataSource(), 4, SHORT);
        try (GuardedDataSource guarded = sandbox.guarded(pool)) {
            first(pool).close();
            sandbox.server.kill();
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> select(guarded, "SELECT 1")).isInstanceOf(SQLException.class);
            }
            sandbox.refuses(guarded);

            sandbox.server.start();
            while (circuit.state() != CircuitState.CLOSED) { // the pool may take a while to notice
                sandbox.waitIsOver();
                Throwable unused = catchThrowable(() -> select(guarded, "SELECT 1"));
            }
        }
    }

    /** The pool has a connection, so a probe that was content with that would close the circuit of a database that answers nobody. */
    @Test
    void aroundAPoolTheDatabaseAnswersForAProbeNotThePool() throws SQLException {
        try (GuardedDataSource guarded = sandbox.guarded(pool(sandbox.server.dataSource(), 1, LONG))) {
            for (int i = 0; i < 5; i++) {
                timesOut(guarded);
            }
            sandbox.refuses(guarded);
            sandbox.waitIsOver();
            timesOut(guarded);
            sandbox.refuses(guarded);
            sandbox.waitIsOver();
            select(guarded, "SELECT 1");
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        }
    }

    @Test
    void aPoolThatHasNothingToGiveIsAFailure() throws SQLException {
        HikariDataSource pool = pool(sandbox.server.dataSource(), 1, SHORT);
        try (GuardedDataSource guarded = sandbox.guarded(pool);
                Connection only = first(pool)) {
            assertThatThrownBy(guarded::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("Connection is not available");
            assertThat(only.isClosed()).isFalse();
        }
        assertThat(sandbox.counts()).isEqualTo("0 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void waitingForThePoolInterruptedIsIgnored() throws SQLException {
        try (GuardedDataSource guarded = sandbox.guarded(pool(sandbox.server.dataSource(), 1, LONG));
                Connection only = guarded.getConnection()) {
            select(only, "SELECT 1");
            Thread.currentThread().interrupt();
            assertThatThrownBy(guarded::getConnection).hasMessageContaining("Interrupted");
            assertThat(Thread.interrupted())
                    .as("the pool's to say, and passed on")
                    .isTrue();
        }
        assertThat(sandbox.counts()).isEqualTo("1 good, 0 bad, 1 ignored, 0 late, 0 refused");
    }

    /** Below the pool, where it does not belong: it works, statements count, and a refusal is what the pool's callers wait for. */
    @Test
    void belowAPoolStatementsCountAndARefusalComesAsThePoolsOwnTimeout() throws SQLException {
        try (HikariDataSource pool = pool(sandbox.guarded(), 1, SHORT)) {
            try (Connection connection = first(pool)) {
                assertThat(pool.isWrapperFor(GuardedDataSource.class)).isTrue();
                assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
                for (int i = 0; i < 5; i++) {
                    timesOut(connection);
                }
                assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
                assertThat(select(connection, "SELECT 1")).isEqualTo(1);
            }
            pool.getHikariPoolMXBean().softEvictConnections();
            Throwable thrown = null;
            while (thrown == null || thrown.getCause() == null) { // without a cause the pool has not tried yet
                thrown = catchThrowable(pool::getConnection);
            }
            assertThat(thrown)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasRootCauseInstanceOf(CallNotPermittedException.class);
            assertThat(((SQLException) thrown).getSQLState()).isEqualTo(GuardedDataSource.REFUSED);
        }
    }

    // ---- with a transaction manager

    @Test
    void aTransactionOfSpringThatBeganBeforeTheOpeningCommitsAfterIt() throws SQLException {
        sandbox.server.does("DROP TABLE IF EXISTS orders", "CREATE TABLE orders (id int)");
        GuardedDataSource guarded = sandbox.guarded();
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(guarded));
        JdbcTemplate jdbc = new JdbcTemplate(guarded);

        transaction.executeWithoutResult(status -> {
            jdbc.update("INSERT INTO orders VALUES (1)");
            sandbox.open();
            jdbc.update("INSERT INTO orders VALUES (2)");
        });

        assertThat(select(sandbox.server.dataSource(), "SELECT count(*) FROM orders"))
                .isEqualTo(2);
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {}))
                .isInstanceOf(CannotCreateTransactionException.class)
                .hasCauseInstanceOf(SQLTransientConnectionException.class)
                .hasRootCauseInstanceOf(CallNotPermittedException.class);

        sandbox.waitIsOver();
        transaction.executeWithoutResult(status -> jdbc.update("INSERT INTO orders VALUES (3)"));
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(select(guarded, "SELECT count(*) FROM orders")).isEqualTo(3);
    }

    @Test
    void aTransactionOfSpringThatIsRolledBackIsRolledBackWhileTheCircuitIsOpen() throws SQLException {
        sandbox.server.does("DROP TABLE IF EXISTS orders", "CREATE TABLE orders (id int)");
        GuardedDataSource guarded = sandbox.guarded();
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(guarded));

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    new JdbcTemplate(guarded).update("INSERT INTO orders VALUES (1)");
                    sandbox.open();
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");

        assertThat(select(sandbox.server.dataSource(), "SELECT count(*) FROM orders"))
                .isZero();
    }

    private static HikariDataSource pool(DataSource dataSource, int size, int timeout) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(dataSource);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(timeout);
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    /** A pool whose callers wait but briefly may need more than one of them until it has a connection. */
    private static Connection first(DataSource pool) {
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLException notYet) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new AssertionError("an interrupted thread never gets a connection", notYet);
                }
            }
        }
    }

    private static void timesOut(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            timesOut(connection);
        }
    }

    private static void timesOut(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            failsWith("57014", () -> statement.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)"));
        }
    }
}
