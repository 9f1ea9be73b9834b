package dev.cutout.lab.simulate;

import dev.cutout.Ticker;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What stands between one client instance and the upstream in a simulated world: a circuit breaker, or whatever is compared with one.
 *
 * <p>Used by one thread, in virtual time. Everything it knows of the upstream it learns from the answers.
 */
public interface Guard {
    /** Asks whether the next attempt may be sent now; null if it is refused. */
    @Nullable Attempt ask();

    /** An attempt under way. Exactly one of its methods is called, once, at the virtual time of the answer. */
    interface Attempt {
        /** The upstream answered well, and in time. */
        void succeeded();

        /**
         * The attempt failed.
         *
         * @param because {@link java.net.SocketTimeoutException} for a time-out, {@link java.net.ConnectException} where the upstream
         *     refused, another {@link java.io.IOException} for an error; shared instances without a stack trace
         */
        void failed(Throwable because);
    }

    /** Makes the guard of each client instance of one run. */
    interface Kind {
        /** As it stands in tables, such as {@code none} or {@code cutout trip 5 consecutive; wait 30s; probes 1}. */
        String name();

        /**
         * A new guard that knows nothing yet.
         *
         * @param instance the name of the client instance
         * @param ticker the virtual clock
         * @param random the only source of chance, a stream of its own for each instance
         */
        Guard guard(String instance, Ticker ticker, RandomGenerator random);
    }
}
