package dev.cutout.jdbc;

import dev.cutout.CallNotPermittedException;
import dev.cutout.Calls;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.Outcome;
import dev.cutout.Permit;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.ShardingKey;
import java.sql.ShardingKeyBuilder;
import java.util.Objects;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source behind a circuit breaker: while the database is down, {@code getConnection} is refused at once.
 *
 * <pre>{@code
 * DataSource guarded = GuardedDataSource.of("orders-db", dataSource); // keep it in a field, like the data source itself
 * }</pre>
 *
 * Put it <em>around</em> a connection pool, not below it: below, a refusal would reach the pool, and the callers would wait for the pool's time-out.
 *
 * <p>Refused is {@code getConnection} only, with an {@link SQLTransientConnectionException} of SQLState {@value #REFUSED}, whose cause is the
 * {@link CallNotPermittedException}. Statements, commit and rollback are never refused, so that no transaction is cut in half; but each tells the circuit how the
 * database answered it, by {@link SqlRules}. A connection obtained says nothing by itself: a pool gives it without asking the
 * database. A lost connection counts once, however many calls notice it.
 *
 * <p>The first connection after the wait is the probe, and the first statement on it is its answer.
 *
 * <p>Connections and whatever comes from them are proxies of the interfaces in {@code java.sql}; {@link #unwrap unwrap} leads to the driver's own.
 * Exceptions are the driver's own, untouched. Nothing is timed out: set the driver's, the pool's and the statements' own time-outs.
 *
 * <p>Thread-safe if the data source is. Adds no lock and no thread.
 */
public final class GuardedDataSource implements DataSource, AutoCloseable {
    /**
     * The SQLState of a refusal, "the client could not establish the connection": frameworks take all of 08 for a connection that could not be had. Not 08004,
     * which says that the server rejected it: the server was not asked.
     */
    public static final String REFUSED = "08001";

    private final CircuitBreaker circuit;
    private final Calls statements;
    private final DataSource dataSource;
    private final SqlRules rules;

    private GuardedDataSource(CircuitBreaker circuit, DataSource dataSource, SqlRules rules) {
        this.circuit = Objects.requireNonNull(circuit, "circuit");
        this.statements = circuit.notAsProbe();
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.rules = Objects.requireNonNull(rules, "rules");
    }

    /** Guarded by a new breaker of this name, with the {@linkplain CircuitSettings#classic() classic} settings. */
    public static GuardedDataSource of(String name, DataSource dataSource) {
        return of(CircuitBreaker.of(name), dataSource);
    }

    /** Guarded by a new breaker of this name, with these settings. */
    public static GuardedDataSource of(String name, CircuitSettings settings, DataSource dataSource) {
        return of(CircuitBreaker.of(name, settings), dataSource);
    }

    /** Guarded by this breaker. */
    public static GuardedDataSource of(CircuitBreaker circuit, DataSource dataSource) {
        return of(circuit, SqlRules.standard(), dataSource);
    }

    /**
     * Guarded by this breaker, with rules of your own. The breaker's classifier judges what is no {@link SQLException}, and cancellation; all else is judged by
     * the rules.
     */
    public static GuardedDataSource of(CircuitBreaker circuit, SqlRules rules, DataSource dataSource) {
        return new GuardedDataSource(circuit, dataSource, rules);
    }

    /** The breaker that guards. */
    public CircuitBreaker circuit() {
        return circuit;
    }

    /**
     * A connection, if the circuit permits it.
     *
     * @throws SQLTransientConnectionException with SQLState {@value #REFUSED} if it is refused
     */
    @Override
    public Connection getConnection() throws SQLException {
        return connect(dataSource::getConnection);
    }

    /**
     * A connection, if the circuit permits it.
     *
     * @throws SQLTransientConnectionException with SQLState {@value #REFUSED} if it is refused
     */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return connect(() -> dataSource.getConnection(user, password));
    }

    /** A builder whose {@code build} is guarded as {@link #getConnection()} is. */
    @Override
    public ConnectionBuilder createConnectionBuilder() throws SQLException {
        return new GuardedBuilder(dataSource.createConnectionBuilder());
    }

    private Connection connect(Source source) throws SQLException {
        Permit permit;
        try {
            permit = circuit.acquire();
        } catch (CallNotPermittedException refusal) {
            throw new Refused(refusal);
        }
        Connection driver;
        try {
            driver = Objects.requireNonNull(source.connect(), "The data source returned null instead of a connection.");
        } catch (SQLException thrown) {
            notObtained(permit, thrown);
            throw thrown;
        } catch (Throwable thrown) {
            permit.record(thrown);
            throw thrown;
        }
        return GuardedCalls.guarded(driver, new ConnectionReport(circuit, statements, rules, permit));
    }

    /** What is known of no kind of exception is a failure here: there is no connection, and no better reason. */
    private void notObtained(Permit permit, SQLException thrown) {
        Throwable interruption = SqlRules.interruptionBehind(thrown);
        if (interruption != null) {
            permit.record(interruption);
            return;
        }
        try {
            Outcome known = rules.known(thrown);
            ConnectionReport.answer(permit, known == null ? Outcome.FAILURE : known, thrown);
        } catch (Throwable broken) {
            permit.failure(broken);
        }
    }

    /** Where a connection comes from. */
    @FunctionalInterface
    private interface Source {
        Connection connect() throws SQLException;
    }

    private final class GuardedBuilder implements ConnectionBuilder {
        private final ConnectionBuilder builder;

        GuardedBuilder(ConnectionBuilder builder) {
            this.builder = builder;
        }

        @Override
        public ConnectionBuilder user(String user) {
            builder.user(user);
            return this;
        }

        @Override
        public ConnectionBuilder password(String password) {
            builder.password(password);
            return this;
        }

        @Override
        public ConnectionBuilder shardingKey(ShardingKey key) {
            builder.shardingKey(key);
            return this;
        }

        @Override
        public ConnectionBuilder superShardingKey(ShardingKey key) {
            builder.superShardingKey(key);
            return this;
        }

        @Override
        public Connection build() throws SQLException {
            return connect(builder::build);
        }
    }

    /** Cheap, as its cause is: an open circuit throws thousands of them a second. */
    private static final class Refused extends SQLTransientConnectionException {
        private static final long serialVersionUID = 1L;

        Refused(CallNotPermittedException refusal) {
            super(null, REFUSED, refusal);
        }

        @Override
        public @Nullable String getMessage() {
            Throwable refusal = getCause();
            return refusal == null ? null : refusal.getMessage();
        }

        /** No stack trace. */
        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    // ---- the data source's own affairs

    @Override
    public ShardingKeyBuilder createShardingKeyBuilder() throws SQLException {
        return dataSource.createShardingKeyBuilder();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return dataSource.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        dataSource.setLogWriter(out);
    }

    /** In seconds, as JDBC has it. */
    @Override
    public int getLoginTimeout() throws SQLException {
        return dataSource.getLoginTimeout();
    }

    /** In seconds, as JDBC has it. */
    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        dataSource.setLoginTimeout(seconds);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return dataSource.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return type.isInstance(dataSource) ? type.cast(dataSource) : dataSource.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(dataSource) || dataSource.isWrapperFor(type);
    }

    /**
     * Closes the data source if it can be closed, as a pool can; else does nothing.
     *
     * @throws SQLException if it throws that, or another checked exception, which is the cause then
     */
    @Override
    public void close() throws SQLException {
        if (dataSource instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (RuntimeException | SQLException thrown) {
                throw thrown;
            } catch (Exception thrown) {
                throw new SQLException("The data source could not be closed.", thrown);
            }
        }
    }

    /** The circuit and the data source. */
    @Override
    public String toString() {
        return circuit + " guarding " + dataSource;
    }
}
