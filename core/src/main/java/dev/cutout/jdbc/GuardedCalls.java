package dev.cutout.jdbc;

import dev.cutout.Permit;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a connection and of everything that comes from it: each goes to the driver's own object untouched, and if it asked the database, the circuit hears
 * how that went.
 *
 * <p><b>Why reflection?</b> JDBC has about seven hundred methods here, new ones in some JDKs, and four dozen of them matter. A reflective call costs about ten
 * nanoseconds and its arguments' array, beside a database that is asked. Classes with seven hundred forwarding methods would save that, and
 * hide the four dozen.
 */
final class GuardedCalls implements InvocationHandler {
    /** What a call says about the database. */
    private enum Asks {
        /** It does not ask. */
        NOTHING,
        /** It may, depending on the driver: a failure counts, anything else says nothing. */
        PERHAPS,
        /** It does, for certain. */
        SURELY
    }

    private final Object driver;
    private final ConnectionReport report;
    /** The guarded connection that this came from; null if this is it. */
    private final @Nullable Connection connection;
    /** The guarded statement that these results came from; null if they came from none. */
    private final @Nullable Statement statement;
    /** Whether {@link Statement#cancel} was called since this statement was executed last. */
    private volatile boolean cancelled;

    private GuardedCalls(
            Object driver, ConnectionReport report, @Nullable Connection connection, @Nullable Statement statement) {
        this.driver = driver;
        this.report = report;
        this.connection = connection;
        this.statement = statement;
    }

    /** The driver's connection, guarded. */
    static Connection guarded(Connection driver, ConnectionReport report) {
        return (Connection) proxy(Connection.class, new GuardedCalls(driver, report, null, null));
    }

    private static Object proxy(Class<?> type, GuardedCalls calls) {
        return Proxy.newProxyInstance(GuardedCalls.class.getClassLoader(), new Class<?>[] {type}, calls);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofAnyObject(method, arguments);
        }
        if (method.getDeclaringClass() == Wrapper.class && arguments != null) {
            return unwrapped(proxy, method, (Class<?>) arguments[0]);
        }
        switch (asks(method)) {
            case NOTHING -> {
                before(method);
                return guardedToo(proxy, passOn(method, arguments));
            }
            case PERHAPS -> {
                return ask(proxy, method, arguments, false);
            }
            case SURELY -> {
                cancelled = false;
                return ask(proxy, method, arguments, true);
            }
        }
        throw new AssertionError(method);
    }

    private @Nullable Object ask(Object proxy, Method method, Object @Nullable [] arguments, boolean surely)
            throws Throwable {
        Permit permit = report.begin();
        Object result;
        try {
            result = passOn(method, arguments);
        } catch (Throwable thrown) {
            if (isCancelled() && thrown instanceof SQLException sql && !SqlRules.isConnectionLost(sql)) {
                report.cancelled(permit, sql);
            } else {
                report.threw(permit, thrown, surely);
            }
            throw thrown;
        }
        if (Boolean.FALSE.equals(result) && method.getName().equals("isValid")) {
            report.threw(permit, new SQLNonTransientConnectionException("The connection is not valid.", "08006"), true);
        } else if (surely) {
            report.succeeded(permit);
        } else {
            report.saidNothing(permit);
        }
        return guardedToo(proxy, result);
    }

    /** Whether whoever reads results has cancelled their statement. */
    private boolean isCancelled() {
        return statement == null ? cancelled : ((GuardedCalls) Proxy.getInvocationHandler(statement)).cancelled;
    }

    private @Nullable Object passOn(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(driver, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw thrown == null ? e : thrown;
        }
    }

    /** By name, since the names in JDBC say it; whoever is not named asks nothing. */
    private Asks asks(Method method) {
        String name = method.getName();
        return switch (name) {
            case "execute",
                    "executeQuery",
                    "executeUpdate",
                    "executeLargeUpdate",
                    "executeBatch",
                    "executeLargeBatch",
                    "commit",
                    "rollback",
                    "isValid" -> Asks.SURELY;
            case "next",
                    "previous",
                    "absolute",
                    "relative",
                    "first",
                    "last",
                    "beforeFirst",
                    "afterLast",
                    "insertRow",
                    "updateRow",
                    "deleteRow",
                    "refreshRow",
                    "getMoreResults",
                    "getGeneratedKeys",
                    "getParameterMetaData" -> Asks.PERHAPS;
            case "getAutoCommit",
                    "isReadOnly",
                    "isClosed",
                    "close",
                    "abort",
                    "createStatement",
                    "getWarnings",
                    "clearWarnings" -> Asks.NOTHING;
            default -> driver instanceof Connection || driver instanceof DatabaseMetaData ? Asks.PERHAPS : Asks.NOTHING;
        };
    }

    private void before(Method method) {
        String name = method.getName();
        if (name.equals("cancel")) {
            cancelled = true;
        } else if (connection == null && (name.equals("close") || name.equals("abort"))) {
            report.end();
        }
    }

    /** What comes from a guarded connection is guarded, and leads back to it. */
    private @Nullable Object guardedToo(Object proxy, @Nullable Object result) {
        Connection own = connection == null ? (Connection) proxy : connection;
        if (result instanceof Connection) {
            return own;
        }
        if (result instanceof ResultSet) {
            Statement of = driver instanceof Statement ? (Statement) proxy : statement;
            return proxy(ResultSet.class, new GuardedCalls(result, report, own, of));
        }
        if (result instanceof Statement) {
            if (statement != null) {
                return statement;
            }
            Class<?> type = result instanceof CallableStatement
                    ? CallableStatement.class
                    : result instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
            return proxy(type, new GuardedCalls(result, report, own, null));
        }
        if (result instanceof DatabaseMetaData) {
            return proxy(DatabaseMetaData.class, new GuardedCalls(result, report, own, null));
        }
        return result;
    }

    private @Nullable Object unwrapped(Object proxy, Method method, Class<?> type) throws Throwable {
        boolean asksWhether = method.getName().equals("isWrapperFor");
        if (type.isInstance(proxy)) {
            return asksWhether ? (Object) true : proxy;
        }
        if (type.isInstance(driver)) {
            return asksWhether ? (Object) true : driver;
        }
        return passOn(method, new Object[] {type});
    }

    /** Two guarded objects are equal if they are one and the same to the driver. */
    private Object ofAnyObject(Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && isSame(arguments[0]);
            case "hashCode" -> System.identityHashCode(driver);
            default -> driver.toString();
        };
    }

    private boolean isSame(@Nullable Object other) {
        return other != null
                && Proxy.isProxyClass(other.getClass())
                && Proxy.getInvocationHandler(other) instanceof GuardedCalls guarded
                && guarded.driver == driver;
    }
}
