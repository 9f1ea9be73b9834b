package dev.cutout.jdbc;

import static dev.cutout.Outcome.FAILURE;
import static dev.cutout.Outcome.IGNORED;
import static dev.cutout.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.Hold;
import dev.cutout.Outcome;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an exception says about the database. */
class SqlRulesTest {
    private final SqlRules rules = SqlRules.standard();

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(textBlock = """
            08000, connection exception,                    FAILURE
            08001, cannot connect,                          FAILURE
            08003, connection does not exist,               FAILURE
            08004, server rejected the connection,          FAILURE
            08006, connection failure,                      FAILURE
            08P01, protocol violation,                      FAILURE
            08S01, communication link failure,              FAILURE
            53100, disk full,                               FAILURE
            53200, out of memory,                           FAILURE
            53300, too many connections,                    FAILURE
            57014, query cancelled,                         FAILURE
            57P01, admin shutdown,                          FAILURE
            57P02, crash shutdown,                          FAILURE
            57P03, cannot connect now,                      FAILURE
            57P04, database dropped,                        FAILURE
            57P05, idle session timeout,                    IGNORED
            58030, I/O error,                               FAILURE
            XX000, internal error,                          FAILURE
            XX001, data corrupted,                          FAILURE
            HYT00, timeout,                                 FAILURE
            HYT01, connection timeout,                      FAILURE
            22001, string too long,                         SUCCESS
            22012, division by zero,                        SUCCESS
            23505, unique violation,                        SUCCESS
            25006, read-only transaction,                   SUCCESS
            25P03, idle in transaction,                     SUCCESS
            28P01, invalid password,                        SUCCESS
            28000, invalid authorization,                   SUCCESS
            3D000, no such database,                        SUCCESS
            40001, serialization failure,                   SUCCESS
            40P01, deadlock,                                SUCCESS
            42601, syntax error,                            SUCCESS
            42501, insufficient privilege,                  SUCCESS
            42P01, no such table,                           SUCCESS
            44000, check option,                            SUCCESS
            45000, raised by a procedure,                   SUCCESS
            54001, statement too complex,                   SUCCESS
            55P03, lock not available,                      SUCCESS
            P0001, raised by a procedure,                   SUCCESS
            0A000, not supported,                           IGNORED
            HY000, anything,                                IGNORED
            72000, anything,                                IGNORED
            S0001, anything,                                IGNORED
            X,     no SQLState at all,                      IGNORED
            """)
    void theSqlStateSaysIt(String state, String meaning, Outcome outcome) {
        assertThat(rules.outcomeOf(new SQLException(meaning, state))).isEqualTo(outcome);
    }

    static Stream<Arguments> classes() {
        return Stream.of(
                Arguments.of(new SQLTimeoutException("t"), FAILURE),
                Arguments.of(new SQLTimeoutException("Oracle's cancel by its time-out", "72000", 1013), FAILURE),
                Arguments.of(new SQLRecoverableException("Oracle: end of file", "66000", 3113), FAILURE),
                Arguments.of(new SQLNonTransientConnectionException("n"), FAILURE),
                Arguments.of(new SQLTransientConnectionException("the pool's time-out"), FAILURE),
                Arguments.of(new SQLTransientConnectionException("a procedure's own", "45000"), SUCCESS),
                Arguments.of(new SQLIntegrityConstraintViolationException("i"), SUCCESS),
                Arguments.of(new SQLSyntaxErrorException("s"), SUCCESS),
                Arguments.of(new SQLDataException("d"), SUCCESS),
                Arguments.of(
                        new SQLTransactionRollbackException("lock wait, as MySQL's driver says it", "40001", 1205),
                        SUCCESS),
                Arguments.of(new SQLInvalidAuthorizationSpecException("a"), SUCCESS),
                Arguments.of(new SQLFeatureNotSupportedException("f"), IGNORED),
                Arguments.of(new SQLTransientException("anything", "HY000"), IGNORED),
                Arguments.of(new SQLException("anything"), IGNORED));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void whereTheSqlStateSaysNothingTheClassDoes(SQLException thrown, Outcome outcome) {
        assertThat(rules.outcomeOf(thrown)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "42000, 1203",
        "HY000, 1021",
        "HY001, 1037",
        "HY000, 1041",
        "HY000, 3024",
        "70100, 1969",
        "S0001, 40613",
        "S0001, 10928"
    })
    void aFewVendorsCodesSayIt(String state, int code) {
        assertThat(rules.outcomeOf(new SQLException("v", state, code))).isEqualTo(FAILURE);
        assertThat(rules.outcomeOf(new SQLException("the same code of another vendor", "72000", code)))
                .isEqualTo(IGNORED);
    }

    @Test
    void theExceptionsOfABatchAreLookedThrough() {
        SQLException batch = new BatchUpdateException("batch", "HY000", new int[0]);
        batch.setNextException(new SQLException("duplicate", "23505"));
        assertThat(rules.outcomeOf(batch)).isEqualTo(SUCCESS);

        batch.setNextException(new SQLException("gone", "08006"));
        assertThat(rules.outcomeOf(batch)).isEqualTo(FAILURE);
        assertThat(SqlRules.isConnectionLost(batch)).isTrue();
    }

    @Test
    void aBatchOfThousandsOfExceptionsIsNotReadToItsEnd() {
        SQLException batch = new BatchUpdateException();
        IntStream.range(0, 10_000).forEach(i -> batch.setNextException(new SQLException("duplicate", "23505")));

        assertThat(rules.outcomeOf(batch)).isEqualTo(SUCCESS);
        assertThat(SqlRules.isConnectionLost(batch)).isFalse();
    }

    @Test
    void anExceptionThatSaysNothingIsJudgedByItsCause() {
        assertThat(rules.outcomeOf(new SQLException("wrapped", new SQLException("gone", "08006"))))
                .isEqualTo(FAILURE);
        assertThat(rules.outcomeOf(new SQLException("wrapped", new SQLException("duplicate", "23505"))))
                .isEqualTo(SUCCESS);
        assertThat(rules.outcomeOf(new SQLException("wrapped", new IOException("who knows"))))
                .isEqualTo(IGNORED);
    }

    @Test
    void aCauseThatPointsBackAtItselfEnds() {
        SQLException one = new SQLException("one");
        SQLException other = new SQLException("other", one);
        one.initCause(other);

        assertThat(rules.outcomeOf(one)).isEqualTo(IGNORED);
        assertThat(SqlRules.interruptionBehind(one)).isNull();
    }

    @Test
    void theRefusalOfAnInnerGuardIsIgnored() {
        CircuitBreaker inner = CircuitBreaker.of("inner guard of the rules");
        inner.hold(Hold.open());
        Throwable refusal = new SQLTransientConnectionException("refused", "08001");
        try {
            inner.run(() -> {});
        } catch (CallNotPermittedException refused) {
            refusal.initCause(refused);
        }

        assertThat(rules.outcomeOf((SQLException) refusal)).isEqualTo(IGNORED);
    }

    @Test
    void anInterruptionIsFoundBehindAnExceptionAndAReadTimeoutIsNone() {
        InterruptedException interruption = new InterruptedException();

        assertThat(SqlRules.interruptionBehind(
                        new SQLException("Interrupted during connection acquisition", interruption)))
                .isSameAs(interruption);
        assertThat(SqlRules.interruptionBehind(new SQLException("I/O", "08006", new SocketTimeoutException("read"))))
                .isNull();
    }

    @Test
    void ownRulesGoFirstAndTheLastSaidBeforeTheOthers() {
        SqlRules own =
                rules.with("23", FAILURE).with("23505", SUCCESS).with(thrown -> thrown.getErrorCode() == 1290, FAILURE);

        assertThat(own.outcomeOf(new SQLException("duplicate", "23505"))).isEqualTo(SUCCESS);
        assertThat(own.outcomeOf(new SQLException("not null", "23502"))).isEqualTo(FAILURE);
        assertThat(own.outcomeOf(new SQLException("read only", "HY000", 1290))).isEqualTo(FAILURE);
        assertThat(own.outcomeOf(new SQLException("gone", "08006"))).isEqualTo(FAILURE);
        assertThat(rules.outcomeOf(new SQLException("not null", "23502"))).isEqualTo(SUCCESS);
    }

    @Test
    void anSqlStateOfAnotherLengthIsAnError() {
        assertThatThrownBy(() -> rules.with("535", FAILURE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An SQLState has five characters, its class two; given: \"535\".");
    }
}
