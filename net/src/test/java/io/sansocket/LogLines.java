package io.sansocket;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a logger is told while this is open, at all levels. */
final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Level level;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    LogLines(String name) {
        logger = Logger.getLogger(name);
        level = logger.getLevel();
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord line) {
        records.add(line);
        notifyAll();
    }

    /** Waits for a line. */
    synchronized LogRecord await(Predicate<String> text) throws InterruptedException {
        while (true) {
            for (LogRecord line : records) {
                if (text.test(line.getMessage())) {
                    return line;
                }
            }
            wait();
        }
    }

    List<LogRecord> records() {
        return records;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(level);
        logger.setUseParentHandlers(true);
    }
}
