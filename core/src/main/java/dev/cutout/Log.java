package dev.cutout;

/** The one logger of the library: a user's mistakes that must not reach the caller are told here, each once. */
final class Log {
    private static final System.Logger LOGGER = System.getLogger("dev.cutout");

    private Log() {}

    static void warn(String message) {
        LOGGER.log(System.Logger.Level.WARNING, message);
    }

    static void warn(String message, Throwable thrown) {
        LOGGER.log(System.Logger.Level.WARNING, message, thrown);
    }
}
