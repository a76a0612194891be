package io.sansocket.core.protocol;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection: comes exactly once, and nothing comes after it.
 *
 * <p>Once it has come there is nothing more to transmit, and an engine closes the transport.
 *
 * @param sent what our Close frame said; null when we queued none
 * @param received what the peer's Close frame said; null when none came. A code is never invented
 * @param peerFirst whether the peer's Close frame came before ours was sent
 * @param transportEnd who ended the transport, and how
 * @param violation what was broken; null when nothing was
 * @param progress where the incoming stream stood when it ended: its phase is the last one before CLOSED
 * @param unsent the bytes that were queued and never transmitted
 * @since 0.1
 */
public record Closed(
        @Nullable CloseStatus sent,
        @Nullable CloseStatus received,
        boolean peerFirst,
        TransportEnd transportEnd,
        @Nullable Violation violation,
        Progress progress,
        long unsent)
        implements Event {
    /** Checks that nothing is missing. */
    public Closed {
        Objects.requireNonNull(transportEnd);
        Objects.requireNonNull(progress);
    }

    /**
     * Tells whether the closing handshake was completed and no rule was broken (RFC 6455 §7.1.4: "closed _cleanly_").
     * Our Close frame is always the last that is queued, so it went out when nothing is unsent.
     */
    public boolean isClean() {
        return sent != null && received != null && violation == null && unsent == 0;
    }

    /**
     * Tells whether all is as it should be: the connection was closed cleanly, and not by a peer that says by its code why it
     * could not go on. Ordinary codes of a peer that closes first are 1000 (normal closure), 1001 (going away) and none;
     * where this end closed first, it knows why.
     */
    public boolean isOrdinary() {
        return isClean() && !(peerFirst && saysWhy(closeCode()));
    }

    private static boolean saysWhy(int code) {
        return code != CloseCode.NORMAL_CLOSURE && code != CloseCode.GOING_AWAY && code != CloseCode.NO_STATUS_RECEIVED;
    }

    /**
     * Returns _The WebSocket Connection Close Code_ (RFC 6455 §7.1.5): the peer's, 1005 when its Close frame had none,
     * 1006 when there was no Close frame.
     */
    public int closeCode() {
        return received == null ? CloseCode.ABNORMAL_CLOSURE : received.code();
    }

    /** Returns the broken rule, or null. */
    public @Nullable Rule rule() {
        return violation == null ? null : violation.rule();
    }

    /** Returns the whole diagnosis in a line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(isClean() ? "closed cleanly" : "closed abnormally");
        if (violation != null) {
            line.append(": ").append(violation);
        }
        line.append("; ").append(transportEnd);
        line.append("; Close received: ").append(received == null ? "none" : received);
        line.append("; Close sent: ").append(sent == null ? "none" : sent);
        if (violation == null || !violation.message().contains(progress.toString())) {
            line.append("; ").append(progress);
        }
        if (unsent > 0) {
            line.append("; ").append(unsent).append(" bytes were not transmitted");
        }
        return line.toString();
    }
}
