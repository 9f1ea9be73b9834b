package dev.cutout.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import dev.cutout.CircuitBreaker;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.ds.PGSimpleDataSource;

/** Guarded objects are what they stand for: they lead to each other, to the driver's own on request, and get in nobody's way. */
class GuardedCallsTest {
    private final Sandbox sandbox = new Sandbox("classic");
    private final PGSimpleDataSource driver = sandbox.server.dataSource();
    private final GuardedDataSource guarded = sandbox.guarded(driver);

    @Test
    void whatComesFromAGuardedConnectionLeadsBackToIt() throws SQLException {
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("SELECT ?::int");
                CallableStatement callable = connection.prepareCall("{call now()}")) {
            ResultSet rows = statement.executeQuery("SELECT 1");

            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(rows.getStatement().getConnection()).isSameAs(connection);
            assertThat(statement.getResultSet().getStatement()).isSameAs(statement);
            prepared.setInt(1, 7);
            assertThat(prepared.executeQuery().getStatement()).isSameAs(prepared);
            assertThat(prepared.getConnection()).isSameAs(connection);
            assertThat(callable.getConnection()).isSameAs(connection);

            DatabaseMetaData about = connection.getMetaData();
            assertThat(about.getConnection()).isSameAs(connection);
            try (ResultSet types = about.getTypeInfo()) {
                assertThat(types.next()).isTrue();
                assertThat(types.getStatement().getConnection()).isSameAs(connection);
            }
        }
    }

    @Test
    void unwrapLeadsToTheDriversOwnAndToTheGuard() throws SQLException {
        assertThat(guarded.unwrap(GuardedDataSource.class)).isSameAs(guarded);
        assertThat(guarded.unwrap(DataSource.class)).isSameAs(guarded);
        assertThat(guarded.unwrap(PGSimpleDataSource.class)).isSameAs(driver);
        assertThat(guarded.isWrapperFor(PGSimpleDataSource.class)).isTrue();
        assertThat(guarded.isWrapperFor(Closeable.class)).isFalse();
        DataSource twice = GuardedDataSource.of(CircuitBreaker.of("the outer of two"), guarded);
        assertThat(twice.unwrap(PGSimpleDataSource.class)).isSameAs(driver);
        assertThat(twice.isWrapperFor(PGSimpleDataSource.class)).isTrue();
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
            assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
            assertThat(Proxy.isProxyClass(statement.unwrap(PGStatement.class).getClass()))
                    .isFalse();
            assertThat(connection.isWrapperFor(Closeable.class)).isFalse();
            assertThatThrownBy(() -> connection.unwrap(Closeable.class)).isInstanceOf(SQLException.class);
        }
        try (Connection connection = twice.getConnection()) {
            assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
        }
    }

    @Test
    void twoGuardedObjectsAreEqualIfTheDriverMeansTheSame() throws SQLException {
        try (Connection one = guarded.getConnection();
                Connection other = guarded.getConnection()) {
            Connection same = one.createStatement().getConnection();
            assertThat(one)
                    .isEqualTo(same)
                    .hasSameHashCodeAs(same)
                    .isNotEqualTo(other)
                    .isNotEqualTo(null)
                    .isNotEqualTo("a connection");
            assertThat(one).hasToString(one.unwrap(PGConnection.class).toString());
            Statement statement = one.createStatement();
            ResultSet rows = statement.executeQuery("SELECT 1");
            assertThat(statement.getResultSet()).isEqualTo(rows).hasSameHashCodeAs(rows);
        }
        assertThat(guarded).hasToString(sandbox.circuit + " guarding " + driver);
    }

    /** Checked, unchecked, errors: the very object, with nothing around it. */
    @Test
    void whatTheDriverThrowsReachesTheCallerUntouched() {
        for (Throwable thrown :
                List.of(new SQLException("s"), new IllegalStateException("u"), new StackOverflowError("e"))) {
            DataSource broken = Interposed.after("execute", driver, () -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown;
            });
            assertThat(catchThrowable(() -> {
                        try (Connection connection = sandbox.guarded(broken).getConnection()) {
                            connection.createStatement().execute("SELECT 1");
                        }
                    }))
                    .isSameAs(thrown);
        }
    }

    @Test
    void aDataSourceThatReturnsNullIsSaidToAndCountsAsAFailure() {
        DataSource broken = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> null);

        assertThatThrownBy(() -> sandbox.guarded(broken).getConnection())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("The data source returned null instead of a connection.");
        assertThat(sandbox.counts()).contains("1 bad");
    }

    @Test
    void theDataSourcesOwnAffairsArePassedOn() throws SQLException {
        guarded.setLoginTimeout(7);
        assertThat(driver.getLoginTimeout()).isEqualTo(7);
        assertThat(guarded.getLoginTimeout()).isEqualTo(7);
        assertThat(guarded.getLogWriter()).isNull();
        assertThatThrownBy(guarded::createConnectionBuilder).isInstanceOf(SQLFeatureNotSupportedException.class);
        guarded.close(); // it is none that can be closed
    }

    @Test
    void closingClosesADataSourceThatCanBe() throws SQLException {
        List<String> closed = new ArrayList<>();
        sandbox.guarded(closeable(() -> closed.add("closed"))).close();
        assertThat(closed).containsExactly("closed");

        assertThatThrownBy(sandbox.guarded(closeable(() -> {
                    throw new IOException("no");
                }))::close)
                .isInstanceOf(SQLException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    private static DataSource closeable(Interposed.Event close) {
        return (DataSource) Proxy.newProxyInstance(
                GuardedCallsTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class, Closeable.class},
                (proxy, method, arguments) -> {
                    close.happen();
                    return null;
                });
    }

    /** Objects for a statement, its results and a row, and their permits: less than 600 bytes, beside thousands of the driver's own. */
    @Test
    void aStatementAllocatesLittleMoreThanTheDriver() throws SQLException {
        Connection fake = (Connection) NoDatabase.of(Connection.class);
        DataSource noDatabase = (DataSource) NoDatabase.of(DataSource.class);
        try (Connection connection = sandbox.guarded(noDatabase).getConnection()) {
            long plain = allocated(fake);
            long watched = allocated(connection);
            assertThat(watched - plain).isLessThan(600L);
        }
    }

    private static long allocated(Connection connection) throws SQLException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int times = 20_000;
        long before = 0;
        for (int round = 0; round < 2; round++) { // the first is to warm up
            before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < times; i++) {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT 1")) {
                    rows.next();
                }
            }
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / times;
    }

    /** Objects of JDBC that do nothing at all, the same each time. */
    private static final class NoDatabase {
        static Object of(Class<?> type) {
            Object result = type == DataSource.class
                    ? of(Connection.class)
                    : type == Connection.class
                            ? of(Statement.class)
                            : type == Statement.class ? of(ResultSet.class) : null;
            return Proxy.newProxyInstance(
                    NoDatabase.class.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> method.getReturnType() == boolean.class
                            ? (Object) true
                            : method.getReturnType().isInstance(result) ? result : null);
        }
    }
}
