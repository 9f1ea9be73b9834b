package dev.cutout.jdbc;

import dev.cutout.CallNotPermittedException;
import dev.cutout.Outcome;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link SQLException} says about the database, by its SQLState, by its class, and by a few vendors' codes where both say nothing. Immutable and
 * thread-safe.
 *
 * <table>
 *   <caption>The standard rules, first match first</caption>
 *   <tr><th>what</th><th>how it is known</th><th>it is</th></tr>
 *   <tr><td>the refusal of a guarded data source</td><td>its cause is a {@link CallNotPermittedException}</td><td>ignored</td></tr>
 *   <tr><td>too many connections, out of resources, a server's own time limit</td><td>codes of MySQL, MariaDB and Azure SQL</td><td>a failure</td></tr>
 *   <tr><td>an idle session that the server closed by its rules</td><td>57P05</td><td>ignored</td></tr>
 *   <tr><td>not supported by driver or pool</td><td>0A…, {@link SQLFeatureNotSupportedException}</td><td>ignored</td></tr>
 *   <tr><td>connection lost or refused</td><td>08…, {@link SQLRecoverableException}, {@link SQLNonTransientConnectionException},
 *       {@link SQLTransientConnectionException} (a pool's time-out, too)</td><td>a failure</td></tr>
 *   <tr><td>time-out</td><td>{@link SQLTimeoutException}, 57014, HYT00, HYT01</td><td>a failure</td></tr>
 *   <tr><td>out of resources, too many connections</td><td>53…</td><td>a failure</td></tr>
 *   <tr><td>shut down, starting up, killed by an operator</td><td>57…</td><td>a failure</td></tr>
 *   <tr><td>input or output error, internal error, corruption</td><td>58…, XX…</td><td>a failure</td></tr>
 *   <tr><td>constraints, data, syntax, access, login, deadlock, serialization, lock not available, limits of a statement, errors raised by procedures, …</td>
 *       <td>20 to 28, 2B to 2F, 34, 38 to 3F, 40, 42, 44, 45, 54, 55, P0, or the class of the exception</td><td>a success: the database answered</td></tr>
 *   <tr><td>anything else</td><td></td><td>ignored; a failure where a connection was asked for</td></tr>
 * </table>
 *
 * <p>Looked through are the exceptions of a batch ({@link SQLException#getNextException}) and, where one says nothing by itself, its causes. One failure among them
 * makes it a failure.
 *
 * <p>The SQLStates are those of SQL:2016 and of <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL, appendix A</a>.
 *
 * <pre>{@code
 * SqlRules rules = SqlRules.standard()
 *         .with("25006", Outcome.FAILURE) // a read-only replica was promoted to nothing: no use to us
 *         .with(thrown -> thrown.getErrorCode() == 1290, Outcome.FAILURE);
 * }</pre>
 */
public final class SqlRules {
    private static final SqlRules STANDARD = new SqlRules(List.of());

    /** How many exceptions of one are looked at: batches nest thousands, and a cause may point back at itself. */
    private static final int MOST_LOOKED_AT = 100;

    /** Classes of SQLStates with which a database answers: it works, and says what is wrong with the question. */
    private static final Set<String> ANSWERED = Set.of(
            "20", "21", "22", "23", "24", "25", "26", "27", "28", "2B", "2C", "2D", "2E", "2F", "34", "38", "39", "3B",
            "3C", "3D", "3F", "40", "42", "44", "45", "54", "55", "P0");

    /** How an error is known whose SQLState is too general: by its vendor's code beside the SQLState. */
    private record VendorCode(String stateBegins, int code) {
        boolean fits(String state, int given) {
            return given == code && state.startsWith(stateBegins);
        }
    }

    /**
     * Failures that neither SQLState nor class tells. MySQL and MariaDB: <a href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">server
     * error reference</a>, <a href="https://mariadb.com/docs/server/reference/error-codes">error codes</a>. Azure SQL:
     * <a href="https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues">transient faults and resource limits</a>, which
     * its driver gives the SQLState S000n. Oracle's driver needs none: it throws {@link SQLRecoverableException}.
     */
    private static final List<VendorCode> VENDOR_FAILURES = List.of(
            new VendorCode("42000", 1203), // more connections than max_user_connections
            new VendorCode("HY000", 1021), // disk full
            new VendorCode("HY001", 1037), // out of memory
            new VendorCode("HY000", 1041), // out of resources
            new VendorCode("HY000", 3024), // max_execution_time is over
            new VendorCode("70100", 1969), // max_statement_time is over
            new VendorCode("S", 10928), // as many sessions or workers as the database may have
            new VendorCode("S", 10929), // the same, while the server is busy
            new VendorCode("S", 40197), // failing over
            new VendorCode("S", 40501), // busy, throttled
            new VendorCode("S", 40613), // the database is not available
            new VendorCode("S", 49918), // not enough resources
            new VendorCode("S", 49919), // too many operations
            new VendorCode("S", 49920)); // too many operations of the subscription

    private final List<Rule> own;

    /** A rule of the user's. */
    private record Rule(Predicate<? super SQLException> test, Outcome outcome) {}

    private SqlRules(List<Rule> own) {
        this.own = own;
    }

    /** The rules above. */
    public static SqlRules standard() {
        return STANDARD;
    }

    /**
     * With a rule for an SQLState that goes before all others.
     *
     * @param sqlState five characters, or two for the whole class
     * @throws IllegalArgumentException if it has another length
     */
    public SqlRules with(String sqlState, Outcome outcome) {
        if (sqlState.length() != 5 && sqlState.length() != 2) {
            throw new IllegalArgumentException(
                    "An SQLState has five characters, its class two; given: \"" + sqlState + "\".");
        }
        return with(thrown -> stateOf(thrown).startsWith(sqlState), outcome);
    }

    /** With a rule for exceptions for which the test holds; it goes before all others. If the test throws, the call counts as a failure. */
    public SqlRules with(Predicate<? super SQLException> test, Outcome outcome) {
        List<Rule> longer = new ArrayList<>(own.size() + 1);
        longer.add(new Rule(Objects.requireNonNull(test, "test"), Objects.requireNonNull(outcome, "outcome")));
        longer.addAll(own);
        return new SqlRules(List.copyOf(longer));
    }

    /** What this exception, thrown by a statement, says about the database. Throws what the user's tests throw. */
    public Outcome outcomeOf(SQLException thrown) {
        Outcome known = known(thrown);
        return known == null ? Outcome.IGNORED : known;
    }

    /** What this exception says about the database; null if nothing is known of its kind. Throws what the user's tests throw. */
    @Nullable Outcome known(SQLException thrown) {
        Outcome found = null;
        SQLException one = thrown;
        for (int looked = 0; one != null && looked < MOST_LOOKED_AT; looked++) {
            Outcome said = knownWithCauses(one);
            if (said == Outcome.FAILURE) {
                return said;
            }
            found = said == Outcome.SUCCESS || found == null ? said : found;
            one = one.getNextException();
        }
        return found;
    }

    private @Nullable Outcome knownWithCauses(SQLException thrown) {
        Throwable one = thrown;
        for (int looked = 0; one instanceof SQLException sql && looked < MOST_LOOKED_AT; looked++) {
            Outcome said = knownOfItself(sql);
            if (said != null) {
                return said;
            }
            one = one.getCause();
        }
        return null;
    }

    private @Nullable Outcome knownOfItself(SQLException thrown) {
        for (Rule rule : own) {
            if (rule.test().test(thrown)) {
                return rule.outcome();
            }
        }
        if (thrown.getCause() instanceof CallNotPermittedException) {
            return Outcome.IGNORED;
        }
        String state = stateOf(thrown);
        for (VendorCode failure : VENDOR_FAILURES) {
            if (failure.fits(state, thrown.getErrorCode())) {
                return Outcome.FAILURE;
            }
        }
        if (state.equals("57P05")) {
            return Outcome.IGNORED; // many idle connections end like that at once, and the database is well
        }
        String kind = state.length() < 2 ? "" : state.substring(0, 2);
        if (kind.equals("0A") || thrown instanceof SQLFeatureNotSupportedException) {
            return Outcome.IGNORED; // mostly the driver's own, or a pool's, and the database was not asked
        }
        if (kind.equals("08")
                || kind.equals("53")
                || kind.equals("57")
                || kind.equals("58")
                || kind.equals("XX")
                || state.startsWith("HYT")
                || thrown instanceof SQLTimeoutException
                || thrown instanceof SQLRecoverableException) {
            return Outcome.FAILURE;
        }
        if (ANSWERED.contains(kind)) {
            return Outcome.SUCCESS;
        }
        if (thrown instanceof SQLTransientConnectionException || thrown instanceof SQLNonTransientConnectionException) {
            return Outcome.FAILURE; // after the SQLStates: a driver may throw it for whatever it does not know
        }
        if (thrown instanceof SQLDataException
                || thrown instanceof SQLIntegrityConstraintViolationException
                || thrown instanceof SQLInvalidAuthorizationSpecException
                || thrown instanceof SQLSyntaxErrorException
                || thrown instanceof SQLTransactionRollbackException) {
            return Outcome.SUCCESS;
        }
        return null;
    }

    /** Whether nothing can be expected any more of the connection that threw this. */
    static boolean isConnectionLost(SQLException thrown) {
        SQLException one = thrown;
        for (int looked = 0; one != null && looked < MOST_LOOKED_AT; looked++) {
            String state = stateOf(one);
            if (state.startsWith("08")
                    || state.startsWith("57P")
                    || one instanceof SQLRecoverableException
                    || one instanceof SQLNonTransientConnectionException) {
                return true;
            }
            one = one.getNextException();
        }
        return false;
    }

    /** The interruption of the calling thread that is behind this exception; null if there is none. */
    static @Nullable Throwable interruptionBehind(SQLException thrown) {
        Throwable one = thrown.getCause();
        for (int looked = 0; one != null && looked < MOST_LOOKED_AT; looked++) {
            if (one instanceof InterruptedException
                    || one instanceof ClosedByInterruptException
                    || one instanceof CancellationException
                    || (one instanceof InterruptedIOException && !(one instanceof SocketTimeoutException))) {
                return one;
            }
            one = one.getCause();
        }
        return null;
    }

    private static String stateOf(SQLException thrown) {
        String state = thrown.getSQLState();
        return state == null ? "" : state;
    }
}
