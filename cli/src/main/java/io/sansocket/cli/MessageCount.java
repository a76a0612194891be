package io.sansocket.cli;

import java.nio.charset.StandardCharsets;

/** How many messages went one way, and how many bytes their payloads have. For several threads. */
final class MessageCount {
    private long messages;
    private long bytes;

    void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8).length);
    }

    synchronized void add(long size) {
        messages++;
        bytes += size;
    }

    @Override
    public synchronized String toString() {
        return messages + (messages == 1 ? " message of " : " messages of ") + bytes + " bytes";
    }
}
