package io.sansocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Looks into a loop, on its thread. */
public final class LoopProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LoopProbe() {}

    /** Waits until no connection is left on a loop, and nothing that is due later. */
    public static void awaitNothingLeft(EventLoop loop, int otherChannels) {
        await(() -> loop.channelCount() == otherChannels && loop.deadlines().isEmpty(), loop);
    }

    /** Waits until a connection holds buffers of its own, or none. */
    public static void awaitBuffers(boolean held, EventLoop loop, Transport transport) {
        await(() -> ((TlsTransport) transport).holdsBuffers() == held, loop);
    }

    /**
     * Waits until what is due next on a loop is something else so many times: where one thing alone is due again and again,
     * it was done so often.
     */
    public static void awaitDeadlines(int changes, EventLoop loop) {
        long last = nextDeadline(loop);
        for (int left = changes; left > 0; ) {
            long next = nextDeadline(loop);
            left -= next == last ? 0 : 1;
            last = next;
        }
    }

    private static long nextDeadline(EventLoop loop) {
        return on(loop, () -> loop.deadlines().isEmpty() ? 0 : loop.deadlines().earliest());
    }

    /** Asks again and again, each time behind what the loop has to do. */
    private static void await(Supplier<Boolean> condition, EventLoop loop) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean met = false;
        while (!met && System.nanoTime() - end < 0) {
            met = on(loop, condition);
        }
        assertThat(met)
                .as(
                        "deadlines: %s, channels: %s",
                        on(loop, () -> !loop.deadlines().isEmpty()), loop.channelCount())
                .isTrue();
    }

    private static <T> T on(EventLoop loop, Supplier<T> question) {
        var answer = new CompletableFuture<T>();
        loop.execute(() -> answer.complete(question.get()));
        return answer.join();
    }
}
