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
        return length() + (long) OVERHEAD;
    }

    private int length() {
        return message instanceof Message.Text text
                ? text.text().length()
                : ((Message.Binary) message).data().remaining();
    }

    /** Tells whether it does nothing but end a message that was sent in fragments. */
    boolean isEnd() {
        return kind == FragmentKind.FINAL && length() == 0;
    }

    /**
     * Gives it to the protocol. On the loop.
     *
     * @param borrowed whether the bytes may be the loop's own, which will change soon
     */
    void sendTo(Protocol protocol, boolean borrowed) {
        if (message instanceof Message.Text text) {
            if (kind == null) {
                protocol.sendText(text.text());
            } else {
                protocol.sendTextFragment(text.text(), kind);
            }
        } else {
            ByteBuffer data = ((Message.Binary) message).data();
            if (kind != null) {
                protocol.sendBinaryFragment(data, kind);
            } else if (borrowed) {
                protocol.sendBinary(data);
            } else {
                protocol.sendBinaryByReference(data);
            }
        }
    }

    /** Returns this with bytes of its own, to be kept. */
    Outgoing copied() {
        if (message instanceof Message.Binary binary) {
            ByteBuffer data = binary.data();
            var copy =
                    ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
            return new Outgoing(new Message.Binary(copy), kind, sent);
        }
        return this;
    }

    void failed(Throwable cause) {
        if (sent != null) {
            sent.completeExceptionally(cause);
        }
    }
}
