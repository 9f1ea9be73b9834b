package dev.cutout.http;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The ways to end a client, which came with JDK 21: found at run time, since this is compiled for 17. */
final class Shutdown {
    private static final @Nullable MethodHandle SHUTDOWN = find("shutdown", MethodType.methodType(void.class));
    private static final @Nullable MethodHandle SHUTDOWN_NOW = find("shutdownNow", MethodType.methodType(void.class));
    private static final @Nullable MethodHandle CLOSE = find("close", MethodType.methodType(void.class));
    private static final @Nullable MethodHandle IS_TERMINATED =
            find("isTerminated", MethodType.methodType(boolean.class));
    private static final @Nullable MethodHandle AWAIT_TERMINATION =
            find("awaitTermination", MethodType.methodType(boolean.class, Duration.class));

    private Shutdown() {}

    private static @Nullable MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(HttpClient.class, name, type);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whether this JDK is 21 or newer. */
    static boolean isKnown() {
        return SHUTDOWN != null;
    }

    static void shutdown(HttpClient client) {
        run(SHUTDOWN, client);
    }

    static void shutdownNow(HttpClient client) {
        run(SHUTDOWN_NOW, client);
    }

    static void close(HttpClient client) {
        run(CLOSE, client);
    }

    static boolean isTerminated(HttpClient client) {
        try {
            return (boolean) there(IS_TERMINATED).invokeExact(client);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw undeclared(thrown);
        }
    }

    static boolean awaitTermination(HttpClient client, Duration time) throws InterruptedException {
        try {
            return (boolean) there(AWAIT_TERMINATION).invokeExact(client, time);
        } catch (RuntimeException | Error | InterruptedException thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw undeclared(thrown);
        }
    }

    private static void run(@Nullable MethodHandle method, HttpClient client) {
        try {
            there(method).invokeExact(client);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw undeclared(thrown);
        }
    }

    private static MethodHandle there(@Nullable MethodHandle method) {
        if (method == null) {
            throw new UnsupportedOperationException("An HttpClient can be shut down on JDK 21 and newer; this is JDK "
                    + Runtime.version().feature() + '.');
        }
        return method;
    }

    private static AssertionError undeclared(Throwable thrown) {
        return new AssertionError("The JDK's method declares no such exception.", thrown);
    }
}
