package io.sansocket.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop's tasks, and its end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopTest {
    private static final int MANY = 20_000;

    /** One that was taken and not run would leave somebody waiting for ever. */
    @Test
    void allTasksThatWereTakenAreRunHoweverManyThereAre() throws Exception {
        var loop = new EventLoop("tasks-test", true);
        var stopped = new CountDownLatch(1);
        var run = new AtomicInteger();
        loop.execute(() -> {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < MANY; i++) {
            loop.execute(run::incrementAndGet);
        }
        loop.stop();
        stopped.countDown();
        loop.join();

        assertThat(run).hasValue(MANY);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> loop.execute(run::incrementAndGet))
                .withMessage("the event loop has ended");
    }

    @Test
    void aTaskThatThrowsIsNotTheEnd() throws Exception {
        var loop = new EventLoop("fault-test", true);
        var next = new CountDownLatch(1);
        loop.execute(() -> {
            throw new IllegalStateException("planted by a test");
        });
        loop.execute(next::countDown);
        next.await();
        loop.stop();
        loop.join();
    }
}
