package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message, or a fragment of one, on its way from the application to the protocol.
 *
 * @param message what is sent
 * @param kind which fragment this is, or null for a whole message
 * @param sent completes when the last byte is written; null where nobody asks
 */
record Outgoing(
        Message message,
        @Nullable FragmentKind kind,
        @Nullable CompletableFuture<@Nullable Void> sent) {
    /** What a queued message costs beside its bytes, so that many small ones count, too. */
    private static final int OVERHEAD = 64;

    /** Returns what it counts against the limits, in bytes. */
    long size() {
        int length = message instanceof Message.Text text
                ? text.text().length()
                : ((Message.Binary) message).data().remaining();
        return length + (long) OVERHEAD;
    }

    /** Gives it to the protocol. On the loop. */
    void sendTo(Protocol protocol) {
        if (message instanceof Message.Text text) {
            if (kind == null) {
                protocol.sendText(text.text());
            } else {
                protocol.sendTextFragment(text.text(), kind);
            }
        } else {
            ByteBuffer data = ((Message.Binary) message).data();
            if (kind == null) {
                protocol.sendBinary(data);
            } else {
                protocol.sendBinaryFragment(data, kind);
            }
        }
    }

    void failed(Throwable cause) {
        if (sent != null) {
            sent.completeExceptionally(cause);
        }
    }
}
