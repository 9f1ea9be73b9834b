package dev.cutout.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;

/** A driver with something between it and its database: what happens there happens while a statement is under way. */
final class Interposed {
    /** What happens after a call was carried out. What it throws, the call throws. */
    @FunctionalInterface
    interface Event {
        void happen() throws Exception;
    }

    private Interposed() {}

    /** The data source; after each call of this name, to it, its connections or their statements, well or not, the event happens. */
    static DataSource after(String name, DataSource driver, Event event) {
        return (DataSource) proxy(DataSource.class, driver, name, event);
    }

    private static Object proxy(Class<?> type, Object driver, String name, Event event) {
        return Proxy.newProxyInstance(
                Interposed.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = passOn(driver, method, arguments);
                    } finally {
                        if (method.getName().equals(name)) {
                            event.happen();
                        }
                    }
                    return result instanceof Connection
                            ? proxy(Connection.class, result, name, event)
                            : result instanceof Statement ? proxy(Statement.class, result, name, event) : result;
                });
    }

    private static Object passOn(Object driver, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(driver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
