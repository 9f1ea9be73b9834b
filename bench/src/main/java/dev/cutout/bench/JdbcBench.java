package dev.cutout.bench;

import dev.cutout.jdbc.GuardedDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A connection from a pool, and one row by one prepared statement, from H2 in memory; bare, and guarded as it is by default. */
@State(Scope.Benchmark)
public class JdbcBench {
    private final JdbcConnectionPool bare = JdbcConnectionPool.create("jdbc:h2:mem:bench", "bench", "");
    private final DataSource guarded = GuardedDataSource.of("bench", bare);
    private int left = 7;

    @TearDown
    public void close() {
        bare.dispose();
    }

    @Benchmark
    public int bareQuery() throws SQLException {
        return query(bare);
    }

    @Benchmark
    public int guardedQuery() throws SQLException {
        return query(guarded);
    }

    private int query(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("select cast(? as integer)")) {
            statement.setInt(1, left);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
