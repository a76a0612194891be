package io.sansocket;

import java.time.Duration;

/**
 * How much may wait inside a connection, in each direction.
 *
 * @param inboxBytes from how many bytes of unreceived messages on nothing more is read: 64 KiB
 * @param inboxMessages from how many unreceived messages on nothing more is read: 16
 * @param outboxBytes from how many unsent bytes on the overflow policy applies: 1 MiB
 * @param outboxLimit the most unsent bytes of sends that cannot wait: 16 MiB
 * @param overflow what a send does when the peer does not keep up
 * @param writeTimeout how long the peer may take no byte while some wait: 30 s
 * @param budget what it counts what it holds in, with others
 */
record Traffic(
        long inboxBytes,
        int inboxMessages,
        long outboxBytes,
        long outboxLimit,
        OverflowPolicy overflow,
        Duration writeTimeout,
        MemoryBudget budget) {
    static final Traffic DEFAULT = new Traffic(
            64 * 1024, 16, 1 << 20, 16 << 20, OverflowPolicy.BLOCK, Duration.ofSeconds(30), MemoryBudget.shared());

    Traffic {
        requirePositive("the receive buffer in bytes", inboxBytes);
        requirePositive("the receive buffer in messages", inboxMessages);
        requirePositive("the send buffer in bytes", outboxBytes);
        writeTimeout = Duration.ofNanos(Nanos.ofTimeout("write timeout", writeTimeout));
    }

    private static void requirePositive(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + ", it must be at least 1");
        }
    }

    Traffic withInbox(long bytes, int messages) {
        return new Traffic(bytes, messages, outboxBytes, outboxLimit, overflow, writeTimeout, budget);
    }

    Traffic withOutbox(long bytes, OverflowPolicy policy) {
        return new Traffic(inboxBytes, inboxMessages, bytes, Math.max(16 * bytes, bytes), policy, writeTimeout, budget);
    }

    Traffic withWriteTimeout(Duration timeout) {
        return new Traffic(inboxBytes, inboxMessages, outboxBytes, outboxLimit, overflow, timeout, budget);
    }

    Traffic withBudget(MemoryBudget other) {
        return new Traffic(inboxBytes, inboxMessages, outboxBytes, outboxLimit, overflow, writeTimeout, other);
    }
}
