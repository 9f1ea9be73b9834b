package dev.cutout.jdbc;

import static dev.cutout.jdbc.Sandbox.execute;
import static dev.cutout.jdbc.Sandbox.failsWith;
import static dev.cutout.jdbc.Sandbox.select;
import static dev.cutout.jdbc.Sandbox.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitState;
import dev.cutout.Outcome;
import dev.cutout.Refusal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** What counts, and as what, when a real database answers, refuses, cancels, hangs up or is cut off. */
class OutcomesTest {
    private final Sandbox sandbox = new Sandbox("classic");
    private final GuardedDataSource guarded = sandbox.guarded();
    private final CircuitBreaker circuit = sandbox.circuit;

    @Test
    void aConnectionSaysNothingAndEachStatementSpeaksForItself() throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            assertThat(sandbox.counts()).isEqualTo("0 good, 0 bad, 0 ignored, 0 late, 0 refused");

            connection.setAutoCommit(false);
            execute(connection, "CREATE TEMPORARY TABLE t (id int PRIMARY KEY)"); // 1
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
                insert.setInt(1, 1);
                assertThat(insert.executeUpdate()).isEqualTo(1); // 2
                insert.setInt(1, 2);
                insert.addBatch();
                insert.setInt(1, 3);
                insert.addBatch();
                assertThat(insert.executeBatch()).containsExactly(1, 1); // 3
            }
            assertThat(select(connection, "SELECT count(*) FROM t")).isEqualTo(3); // 4
            connection.commit(); // 5
            connection.rollback(); // 6
            assertThat(connection.isValid(60)).isTrue(); // 7
        }
        assertThat(sandbox.counts()).isEqualTo("7 good, 0 bad, 0 ignored, 0 late, 0 refused");
    }

    @ParameterizedTest
    @CsvSource({
        "23505, 1 good",
        "42601, 1 good",
        "22012, 1 good",
        "40001, 1 good",
        "40P01, 1 good",
        "55P03, 1 good",
        "P0001, 1 good",
        "53200, 1 bad",
        "57P03, 1 bad",
        "XX000, 1 bad",
        "58030, 1 bad",
        "HV000, 1 ignored"
    })
    void whatTheDatabaseRaisesIsJudgedByItsSqlState(String state, String counted) throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            failsWith(
                    state,
                    () -> execute(
                            connection, "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '" + state + "'; END $$"));
        }
        assertThat(sandbox.counts()).contains(counted);
    }

    @Test
    void constraintAndSyntaxErrorsBreakAStreakOfFailures() throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            execute(connection, "CREATE TEMPORARY TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            for (int i = 0; i < 3; i++) {
                timeOut(connection);
                timeOut(connection);
                timeOut(connection);
                timeOut(connection);
                failsWith("23505", () -> execute(connection, "INSERT INTO t VALUES (1)"));
                timeOut(connection);
                failsWith("42601", () -> execute(connection, "SELEKT 1"));
            }
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aLockThatIsNotAvailableIsAnAnswer() throws SQLException {
        sandbox.server.does("CREATE TABLE IF NOT EXISTS locked (id int)");
        try (Connection holder = sandbox.server.dataSource().getConnection();
                Connection connection = guarded.getConnection()) {
            holder.setAutoCommit(false);
            execute(holder, "LOCK TABLE locked");

            execute(connection, "SET lock_timeout = 1");
            failsWith("55P03", () -> execute(connection, "SELECT * FROM locked"));
        }
        assertThat(sandbox.counts()).isEqualTo("2 good, 0 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void statementsThatTimeOutOpenTheCircuitAlthoughConnectionsAreObtained() throws SQLException {
        for (int i = 0; i < 5; i++) {
            try (Connection connection = guarded.getConnection()) {
                Statement statement = connection.createStatement();
                failsWith("57014", () -> statement.execute("SET statement_timeout = 1; SELECT pg_sleep(60)"));
            }
        }
        assertThat(sandbox.counts()).isEqualTo("0 good, 5 bad, 0 ignored, 0 late, 0 refused");
        sandbox.refuses(guarded);
    }

    @Test
    void theDriversOwnQueryTimeoutIsAFailure() throws SQLException {
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            failsWith("57014", () -> statement.execute("SELECT pg_sleep(60)"));
        }
        assertThat(sandbox.counts()).isEqualTo("0 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aStatementThatItsUserCancelsIsIgnored() throws Exception {
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement()) {
            int session = session(connection);
            CompletableFuture<Void> result = CompletableFuture.runAsync(
                    () -> failsWith("57014", () -> statement.execute("SELECT pg_sleep(60)")));
            sandbox.awaitRunning(session);
            statement.cancel();
            result.get(60, TimeUnit.SECONDS);

            assertThat(sandbox.counts()).isEqualTo("1 good, 0 bad, 1 ignored, 0 late, 0 refused");
            execute(connection, "SET statement_timeout = 1");
            failsWith("57014", () -> statement.execute("SELECT pg_sleep(60)"));
            assertThat(sandbox.counts()).as("that cancellation is over").contains(" 1 bad, 1 ignored");
        }
    }

    /** As rule 7 has it: cancelled after longer than slow, that was the caller's time-out. */
    @Test
    void aStatementThatItsUserCancelsAfterLongIsAFailure() throws Exception {
        circuit.reconfigure(CircuitSettings.parse("trip 3 consecutive; slow 2s"));
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement()) {
            int session = session(connection);
            CompletableFuture<Void> result = CompletableFuture.runAsync(
                    () -> failsWith("57014", () -> statement.execute("SELECT pg_sleep(60)")));
            sandbox.awaitRunning(session);
            sandbox.ticker.advanceSeconds(3);
            statement.cancel();
            result.get(60, TimeUnit.SECONDS);
        }
        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void rowsThatAreCancelledWhileTheyAreReadAreIgnoredToo() throws Exception {
        try (Connection connection = guarded.getConnection()) {
            connection.setAutoCommit(false);
            int session = session(connection);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(1);
                ResultSet rows = statement.executeQuery(
                        "SELECT n, CASE WHEN n > 1 THEN pg_sleep(60) END FROM generate_series(1, 3) n");
                assertThat(rows.next()).isTrue();
                CompletableFuture<Void> result = CompletableFuture.runAsync(() -> failsWith("57014", rows::next));
                sandbox.awaitRunning(session);
                statement.cancel();
                sandbox.server.does("SELECT pg_cancel_backend(" + session + ")"); // the driver cancels executions only
                result.get(60, TimeUnit.SECONDS);
            }
            connection.rollback();
        }
        assertThat(sandbox.counts()).isEqualTo("3 good, 0 bad, 1 ignored, 0 late, 0 refused");
    }

    @Test
    void rowsThatCannotBeReadAreAFailure() throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            connection.setAutoCommit(false);
            Statement statement = connection.createStatement();
            statement.setFetchSize(1);
            ResultSet rows = statement.executeQuery("SELECT * FROM generate_series(1, 3)");
            assertThat(rows.next()).isTrue();
            int session = connection.unwrap(PGConnection.class).getBackendPID();
            sandbox.server.does("SELECT pg_terminate_backend(" + session + ", 60000)");

            failsWith("57P01", rows::next);
        }
        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aConnectionThatAnOperatorEndsCountsOnceHoweverManyCallsNotice() throws SQLException {
        Connection connection = guarded.getConnection();
        connection.setAutoCommit(false);
        sandbox.server.does("SELECT pg_terminate_backend(" + session(connection) + ", 60000)");
        Statement statement = connection.createStatement();

        failsWith("57P01", () -> statement.execute("SELECT 1"));
        failsWith("08003", () -> connection.createStatement().execute("SELECT 1"));
        failsWith("08003", connection::commit);
        failsWith("08003", connection::rollback);
        assertThat(connection.isValid(60)).isFalse();
        connection.close();

        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aConnectionThatIsNoLongerValidCountsOnce() throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            sandbox.server.does("SELECT pg_terminate_backend(" + session(connection) + ", 60000)");
            assertThat(connection.isValid(60)).isFalse();
            assertThat(connection.isValid(60)).isFalse();
        }
        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aNetworkThatResetsCountsOnceForEachConnection() throws Exception {
        try (TcpRelay relay = new TcpRelay(sandbox.server.port())) {
            PGSimpleDataSource far = sandbox.server.dataSource();
            far.setPortNumbers(new int[] {relay.port()});
            try (Connection one = sandbox.guarded(far).getConnection();
                    Connection other = sandbox.guarded(far).getConnection()) {
                select(one, "SELECT 1");
                select(other, "SELECT 1");
                relay.reset();
                failsWith("08006", () -> select(one, "SELECT 1"));
                failsWith("08006", () -> select(other, "SELECT 1"));
                failsWith("08003", one::createStatement);
            }
        }
        assertThat(sandbox.counts()).isEqualTo("2 good, 2 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aDatabaseThatTakesNoMoreConnectionsIsAFailure() throws SQLException {
        sandbox.server.does("DROP ROLE IF EXISTS one_only", "CREATE ROLE one_only LOGIN CONNECTION LIMIT 1");
        try (Connection first = guarded.getConnection("one_only", "")) {
            for (int i = 0; i < 5; i++) {
                failsWith("53300", () -> guarded.getConnection("one_only", ""));
            }
            select(first, "SELECT 1");
        }
        assertThat(sandbox.counts()).isEqualTo("0 good, 5 bad, 0 ignored, 0 late, 0 refused");
        sandbox.refuses(guarded);
    }

    @Test
    void whoIsNotLetInHasBeenAnsweredAndNobodyElseIsShutOut() throws SQLException {
        for (int i = 0; i < 10; i++) {
            failsWith("28000", () -> guarded.getConnection("nobody_here", "guess"));
        }
        assertThat(select(guarded, "SELECT 1")).isEqualTo(1);
        assertThat(sandbox.counts()).isEqualTo("11 good, 0 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aBatchWithADuplicateIsAnAnswerAndOneThatIsCutOffIsAFailure() throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            execute(connection, "CREATE TEMPORARY TABLE t (id int PRIMARY KEY)");
            try (Statement batch = connection.createStatement()) {
                batch.addBatch("INSERT INTO t VALUES (1)");
                batch.addBatch("INSERT INTO t VALUES (1)");
                assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
            }
            try (Statement batch = connection.createStatement()) {
                batch.addBatch("INSERT INTO t VALUES (2)");
                batch.addBatch("DO $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END $$");
                assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
            }
        }
        assertThat(sandbox.counts()).isEqualTo("2 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void whatAClosedConnectionIsAskedSaysNothing() throws SQLException {
        Connection connection = guarded.getConnection();
        Statement statement = connection.createStatement();
        connection.close();

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            failsWith("08003", connection::createStatement);
        }
        assertThat(sandbox.counts()).isEqualTo("0 good, 0 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aStatementThatIsUnderWayWhenItsUserAbortsTheConnectionIsIgnored() throws Exception {
        Connection connection = guarded.getConnection();
        int session = session(connection);
        CompletableFuture<Void> result =
                CompletableFuture.runAsync(() -> assertThatThrownBy(() -> execute(connection, "SELECT pg_sleep(60)"))
                        .isInstanceOf(SQLException.class));
        sandbox.awaitRunning(session);
        connection.abort(Runnable::run);
        result.get(60, TimeUnit.SECONDS);

        assertThat(sandbox.counts()).isEqualTo("1 good, 0 bad, 1 ignored, 0 late, 0 refused");
    }

    // ---- open, and finding out

    @Test
    void aRefusalSaysWhyAndForHowLongAndCarriesNobodyElsesFailure() {
        sandbox.open();

        SQLTransientConnectionException refused = sandbox.refuses(guarded);

        assertThat((Throwable) refused)
                .hasMessage(
                        "Circuit '%s' is open (opened 0 µs ago by java.sql.SQLException); next probe in 30 s",
                        circuit.name())
                .hasCauseInstanceOf(CallNotPermittedException.class);
        assertThat(refused.getStackTrace()).isEmpty();
        assertThat(refused.getCause()).hasNoCause();
        assertThat(((CallNotPermittedException) refused.getCause()).reason()).isEqualTo(Refusal.Reason.OPEN);
    }

    @Test
    void bothWaysToConnectAreRefused() {
        sandbox.open();

        sandbox.refuses(guarded);
        failsWith(GuardedDataSource.REFUSED, () -> guarded.getConnection("postgres", ""));
        assertThat(sandbox.counts()).contains("2 refused");
    }

    @Test
    void aTransactionThatHasBegunGoesOnWhileTheCircuitIsOpenAndTellsNothing() throws SQLException {
        try (Connection connection = guarded.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "CREATE TEMPORARY TABLE t (id int) ON COMMIT DELETE ROWS");
            sandbox.open();

            execute(connection, "INSERT INTO t VALUES (1)");
            assertThat(select(connection, "SELECT count(*) FROM t")).isEqualTo(1);
            connection.commit();
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(sandbox.counts())
                .as("nobody was refused, and the answers of the outage are not held against the next stay")
                .isEqualTo("1 good, 5 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void aStatementOfAnOldConnectionIsNeverTheProbe() throws SQLException {
        try (Connection old = guarded.getConnection()) {
            sandbox.open();
            sandbox.waitIsOver();

            select(old, "SELECT 1");
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);

            try (Connection probe = guarded.getConnection()) {
                select(old, "SELECT 1");
                timeOut(old);
                assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);
                select(probe, "SELECT 1");
                assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            }
        }
    }

    @Test
    void theFirstStatementAnswersForTheProbeAndNoOtherDoes() throws SQLException {
        sandbox.open();
        sandbox.waitIsOver();
        circuit.reconfigure(CircuitSettings.parse("probes 2"));
        try (Connection probe = guarded.getConnection()) {
            assertThat(circuit.state()).as("obtained, and not asked").isEqualTo(CircuitState.HALF_OPEN);
            select(probe, "SELECT 1");
            select(probe, "SELECT 1");
            select(probe, "SELECT 1");
            assertThat(circuit.state()).as("one of two").isEqualTo(CircuitState.HALF_OPEN);
        }
    }

    @Test
    void aProbeWhoseStatementTimesOutFails() throws SQLException {
        sandbox.open();
        sandbox.waitIsOver();
        try (Connection probe = guarded.getConnection()) {
            Statement statement = probe.createStatement();
            failsWith("57014", () -> statement.execute("SET statement_timeout = 1; SELECT pg_sleep(60)"));
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        sandbox.refuses(guarded);
    }

    @Test
    void aProbeThatIsClosedUnusedIsGivenBack() throws SQLException {
        sandbox.open();
        sandbox.waitIsOver();
        guarded.getConnection().close();
        assertThat(circuit.state()).isEqualTo(CircuitState.HALF_OPEN);

        select(guarded, "SELECT 1");
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aProbeThatIsNeitherUsedNorClosedLapses() throws SQLException {
        sandbox.open();
        sandbox.waitIsOver();
        try (Connection forgotten = guarded.getConnection()) {
            sandbox.waitIsOver();
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            sandbox.waitIsOver();
            select(guarded, "SELECT 1");
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);

            select(forgotten, "SELECT 1");
            assertThat(sandbox.counts()).contains("1 late");
        }
    }

    /** The ramp is told by the first statements of the connections that it lets through. */
    @Test
    void aCircuitThatComesBackByARampClosesByStatements() throws SQLException {
        Sandbox adaptive = new Sandbox("adaptive");
        DataSource database = adaptive.guarded();
        while (adaptive.circuit.state() == CircuitState.CLOSED) {
            adaptive.circuit.acquire().failure(new SQLException("down", "08006"));
        }
        while (adaptive.circuit.state() != CircuitState.CLOSED) {
            adaptive.ticker.advanceMillis(10);
            try {
                select(database, "SELECT 1");
            } catch (SQLTransientConnectionException refused) {
                assertThat(refused.getSQLState()).isEqualTo(GuardedDataSource.REFUSED);
            }
        }
        assertThat(adaptive.circuit.snapshot().probesUnderWay()).isZero();
    }

    @Test
    void aPlaceUnderTheLimitIsHeldByAStatementNotByAnIdleConnection() throws Exception {
        circuit.reconfigure(CircuitSettings.parse("limit 1"));
        try (Connection connection = guarded.getConnection();
                Connection other = guarded.getConnection()) {
            assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
            int session = session(connection);
            CompletableFuture<Void> result = CompletableFuture.runAsync(
                    () -> failsWith("57014", () -> execute(connection, "SELECT pg_sleep(60)")));
            sandbox.awaitRunning(session);

            sandbox.refuses(guarded);
            select(other, "SELECT 1"); // runs all the same
            execute(other, "SELECT pg_cancel_backend(" + session + ")");
            result.get(60, TimeUnit.SECONDS);
            assertThat(circuit.snapshot().callsInFlight()).hasValue(0);
        }
    }

    /** The time between the connection and its first statement is the caller's. */
    @Test
    void nobodyIsTimedWhileHeThinks() throws SQLException {
        circuit.reconfigure(CircuitSettings.parse("slow 2s; trip 50% slow of last 2 calls, at least 1"));
        try (Connection connection = guarded.getConnection()) {
            sandbox.ticker.advanceSeconds(60);
            select(connection, "SELECT 1");
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    // ---- what is no database's doing

    @Test
    void whatADataSourceThrowsForReasonsNobodyKnowsIsAFailure() {
        DataSource broken = Interposed.after("getConnection", sandbox.server.dataSource(), () -> {
            throw new SQLException("out of luck");
        });
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> sandbox.guarded(broken).getConnection()).hasMessage("out of luck");
        }
        sandbox.refuses(guarded);
    }

    @Test
    void aPoolThatTakesNoNamesSaysNothingOfTheDatabase() {
        DataSource pool = Interposed.after("getConnection", sandbox.server.dataSource(), () -> {
            throw new SQLFeatureNotSupportedException();
        });
        assertThatThrownBy(() -> sandbox.guarded(pool).getConnection("ana", ""))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThat(sandbox.counts()).isEqualTo("0 good, 0 bad, 1 ignored, 0 late, 0 refused");
    }

    @Test
    void aRuleThatThrowsIsAFailureAndReplacesNothing() throws SQLException {
        SqlRules broken = SqlRules.standard()
                .with(
                        thrown -> {
                            throw new IllegalStateException("the rule's own");
                        },
                        Outcome.SUCCESS);
        DataSource own = GuardedDataSource.of(circuit, broken, sandbox.server.dataSource());
        try (Connection connection = own.getConnection()) {
            failsWith("42601", () -> execute(connection, "SELEKT 1"));
        }
        failsWith("28000", () -> own.getConnection("nobody_here", ""));
        assertThat(sandbox.counts()).isEqualTo("0 good, 2 bad, 0 ignored, 0 late, 0 refused");
    }

    @Test
    void ownRulesAreAsked() throws SQLException {
        DataSource own = GuardedDataSource.of(
                circuit, SqlRules.standard().with("25006", Outcome.FAILURE), sandbox.server.dataSource());
        try (Connection connection = own.getConnection()) {
            execute(connection, "SET default_transaction_read_only = on");
            failsWith("25006", () -> execute(connection, "CREATE TABLE never (id int)"));
        }
        assertThat(sandbox.counts()).isEqualTo("1 good, 1 bad, 0 ignored, 0 late, 0 refused");
    }

    private static void timeOut(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            failsWith("57014", () -> statement.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)"));
        }
    }
}
