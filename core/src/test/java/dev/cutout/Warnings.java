package dev.cutout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what the library logs, in place of the console, until it is closed. */
final class Warnings implements AutoCloseable {
    /** Kept here, since a logger that nobody references may be collected with its handlers. */
    private final Logger logger = Logger.getLogger("dev.cutout");

    private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Warnings() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    /** The messages so far. */
    List<String> messages() {
        return List.copyOf(records).stream().map(LogRecord::getMessage).toList();
    }

    /** What was logged with each message; null where nothing was. */
    List<Throwable> thrown() {
        List<Throwable> thrown = new ArrayList<>();
        List.copyOf(records).forEach(record -> thrown.add(record.getThrown()));
        return thrown;
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
