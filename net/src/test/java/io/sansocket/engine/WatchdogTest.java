package io.sansocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that does not get on is reported, with the place where it stands. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchdogTest {
    @Test
    void aLoopThatWaitsIsReportedWithThePlaceWhereItStands() {
        var reported = new CompletableFuture<LogRecord>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getMessage().contains(" stuck ")) {
                    reported.complete(line);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.sansocket.engine");
        logger.addHandler(handler);
        var loop = new EventLoop("stuck", true);
        var released = new CountDownLatch(1);
        try {
            loop.execute(() -> standHere(released));
            LogRecord line = reported.join();

            assertThat(line.getLevel()).isEqualTo(Level.WARNING);
            assertThat(line.getMessage()).startsWith("! event loop stuck has been at one piece of work for ");
            assertThat(line.getThrown().getStackTrace())
                    .anyMatch(place -> place.getMethodName().equals("standHere"));
        } finally {
            released.countDown();
            loop.stop();
            logger.removeHandler(handler);
        }
    }

    private static void standHere(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
