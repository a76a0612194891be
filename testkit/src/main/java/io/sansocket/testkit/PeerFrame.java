package io.sansocket.testkit;

import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.rule.CloseStatus;
import java.nio.charset.StandardCharsets;

/**
 * A frame for a {@link FaultyPeer} to send, whole or cut. Whether it is masked is the peer's role, not the frame's.
 *
 * @since 0.1
 */
public final class PeerFrame {
    private final boolean fin;
    private final Opcode opcode;
    private final byte[] payload;

    private PeerFrame(boolean fin, Opcode opcode, byte[] payload) {
        this.fin = fin;
        this.opcode = opcode;
        this.payload = payload;
    }

    /** Returns a frame of any kind; the payload is copied, and need not be lawful. */
    public static PeerFrame of(boolean fin, Opcode opcode, byte... payload) {
        return new PeerFrame(fin, opcode, payload.clone());
    }

    /** Returns a text message in one frame. */
    public static PeerFrame text(String text) {
        return new PeerFrame(true, Opcode.TEXT, utf8(text));
    }

    /** Returns the first fragment of a text message. */
    public static PeerFrame fragment(String text) {
        return new PeerFrame(false, Opcode.TEXT, utf8(text));
    }

    /** Returns a binary message in one frame; the data is copied. */
    public static PeerFrame binary(byte... data) {
        return of(true, Opcode.BINARY, data);
    }

    /** Returns a Ping. */
    public static PeerFrame ping(String payload) {
        return new PeerFrame(true, Opcode.PING, utf8(payload));
    }

    /** Returns a Pong. */
    public static PeerFrame pong(String payload) {
        return new PeerFrame(true, Opcode.PONG, utf8(payload));
    }

    /** Returns a Close frame with a code that may be sent; {@link #of} makes the others. */
    public static PeerFrame close(int code) {
        return new PeerFrame(true, Opcode.CLOSE, ClosePayload.format(CloseStatus.of(code)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    int payloadLength() {
        return payload.length;
    }

    static int headerLength(int payloadLength, boolean masked) {
        return FrameEncoder.headerLength(payloadLength, masked);
    }

    /** Returns the bytes on the wire; the key counts only when masked. */
    byte[] encode(boolean masked, int maskingKey) {
        int header = headerLength(payload.length, masked);
        byte[] bytes = new byte[header + payload.length];
        System.arraycopy(payload, 0, bytes, header, payload.length);
        if (masked) {
            FrameEncoder.encodeMaskedHeader(bytes, 0, fin, 0, opcode, payload.length, maskingKey);
            Mask.apply(bytes, header, payload.length, maskingKey, 0);
        } else {
            FrameEncoder.encodeHeader(bytes, 0, fin, 0, opcode, payload.length);
        }
        return bytes;
    }

    /** Returns the frame in words. */
    @Override
    public String toString() {
        return opcode + (fin ? "" : " (not final)") + " of " + payload.length + " bytes";
    }
}
