package io.sansocket.core.protocol;

import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Messages and control frames to bytes on the output queue. Keeps the rules of RFC 6455 §5.4 on our own fragments. */
final class FrameSender {
    private static final int UNKNOWN_LENGTH = -1;

    private final OutputQueue output;
    private final Limits limits;
    /** Masks a client's frames; a server has none. */
    private final @Nullable MaskingKeySource maskingKeys;

    private ExtensionChain extensions = ExtensionChain.EMPTY;
    // The message whose fragments are being sent.
    /** Text or binary; null between messages. */
    private @Nullable Opcode message;
    /** The reserved bits of its first frame, and so the extensions that take part. */
    private int messageBits;
    /** Whether its first frame was queued. */
    private boolean continued;
    /** The first half of a surrogate pair that the last text fragment ended with; empty when it did not. */
    private String halfPair = "";

    /**
     * The Ping to answer. RFC 6455 §5.5.3: where several wait, an endpoint "MAY elect to send a Pong frame for only the
     * most recently processed Ping frame."
     */
    private byte @Nullable [] pendingPong;
    /** Where in the output the last queued Pong ends. */
    private long lastPongEnd;

    FrameSender(OutputQueue output, Limits limits, @Nullable MaskingKeySource maskingKeys) {
        this.output = output;
        this.limits = limits;
        this.maskingKeys = maskingKeys;
    }

    void use(ExtensionChain negotiated) {
        extensions = negotiated;
    }

    void sendText(String text) {
        sendMessage(Opcode.TEXT, ByteBuffer.wrap(Utf8.encode(text)), true);
    }

    /** Sends a message; a payload that is given away may be queued by reference, else it is copied. */
    void sendBinary(ByteBuffer data, boolean givenAway) {
        sendMessage(Opcode.BINARY, data, givenAway);
    }

    private void sendMessage(Opcode opcode, ByteBuffer payload, boolean givenAway) {
        if (message != null) {
            throw new IllegalStateException("a " + opcode + " message cannot be sent before the last fragment of the "
                    + message + " message (RFC 6455 §5.4)");
        }
        requireRoom(payload);
        queueData(true, opcode, extensions.bitsFor(opcode == Opcode.TEXT, payload.remaining()), payload, givenAway);
    }

    void sendTextFragment(String text, FragmentKind kind) {
        String all = halfPair + text;
        boolean ends = kind == FragmentKind.FINAL;
        boolean splits = !ends && !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
        int end = splits ? all.length() - 1 : all.length();
        sendFragment(Opcode.TEXT, ByteBuffer.wrap(Utf8.encode(all.substring(0, end))), ends, true);
        halfPair = all.substring(end);
    }

    void sendBinaryFragment(ByteBuffer data, FragmentKind kind) {
        sendFragment(Opcode.BINARY, data, kind == FragmentKind.FINAL, false);
    }

    private void sendFragment(Opcode opcode, ByteBuffer payload, boolean last, boolean givenAway) {
        if (message != null && message != opcode) {
            throw new IllegalStateException(
                    "a " + opcode + " fragment cannot be sent within a " + message + " message (RFC 6455 §5.4)");
        }
        requireRoom(payload);
        if (message == null) {
            message = opcode;
            messageBits = extensions.bitsFor(opcode == Opcode.TEXT, last ? payload.remaining() : UNKNOWN_LENGTH);
            continued = false;
        }
        // RFC 6455 §5.4: "a single frame with the FIN bit clear and an opcode other than 0, followed by zero or more
        // frames with the FIN bit clear and the opcode set to 0, and terminated by a single frame with the FIN bit set
        // and an opcode of 0."
        queueData(last, continued ? Opcode.CONTINUATION : opcode, messageBits, payload, givenAway);
        continued = true;
        if (last) {
            message = null;
        }
    }

    /** Queues a data frame, encoded by the extensions that have these reserved bits, which its message's first frame bears. */
    private void queueData(boolean fin, Opcode opcode, int bits, ByteBuffer payload, boolean givenAway) {
        if (bits == 0) {
            queue(fin, 0, opcode, payload, givenAway);
            return;
        }
        ByteBuffer encoded = encoded(bits, payload, fin);
        boolean first = opcode != Opcode.CONTINUATION;
        boolean smaller = encoded.remaining() < payload.remaining();
        // What does not compress grows a little, and could pass a limit of the peer that the message itself keeps.
        if (!smaller && first && fin && extensions.withdraw(bits, payload.remaining())) {
            queue(true, 0, opcode, payload, givenAway);
        } else {
            queue(fin, first ? bits : 0, opcode, encoded, true);
        }
    }

    private ByteBuffer encoded(int bits, ByteBuffer part, boolean last) {
        var bytes = new ByteArrayOutputStream(part.remaining());
        extensions.encode(bits, part.duplicate(), last, encoded -> {
            byte[] copy = new byte[encoded.remaining()];
            encoded.get(copy);
            bytes.writeBytes(copy);
            return true;
        });
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Judges the payload as it is given: an extension must not encode what is then refused, for it would remember. */
    private void requireRoom(ByteBuffer payload) {
        long frame = FrameEncoder.headerLength(payload.remaining(), maskingKeys != null) + (long) payload.remaining();
        if (frame > limits.maxBufferedOutput() - output.size()) {
            throw new IllegalStateException("a frame of " + frame + " bytes cannot be queued: " + output.size()
                    + " bytes wait to be transmitted, the limit is " + limits.maxBufferedOutput());
        }
    }

    /** Pings are few, so the limit of waiting output does not hold for them. */
    void sendPing(ByteBuffer payload) {
        queue(true, 0, Opcode.PING, payload, false);
    }

    void sendPong(ByteBuffer payload) {
        requireRoom(payload);
        queue(true, 0, Opcode.PONG, payload, false);
    }

    void sendClose(byte[] payload) {
        if (pendingPong != null) {
            queuePendingPong(pendingPong);
        }
        queue(true, 0, Opcode.CLOSE, ByteBuffer.wrap(payload), false);
    }

    /** Answers a Ping, instead of the one before when that answer was not queued yet. */
    void answerPing(byte[] payload) {
        pendingPong = payload.clone();
    }

    void forgetPong() {
        pendingPong = null;
    }

    /** Queues the pending Pong unless an earlier one still waits: a flood of Pings makes no flood of Pongs. */
    void queuePong() {
        if (pendingPong != null && output.transmitted() >= lastPongEnd) {
            queuePendingPong(pendingPong);
            lastPongEnd = output.transmitted() + output.size();
        }
    }

    private void queuePendingPong(byte[] payload) {
        queue(true, 0, Opcode.PONG, ByteBuffer.wrap(payload), false);
        pendingPong = null;
    }

    /** Tells whether something waits to be transmitted, or to be queued by {@link #queuePong}. */
    boolean hasPending() {
        return output.hasWaiting() || pendingPong != null;
    }

    private void queue(boolean fin, int rsv, Opcode opcode, ByteBuffer payload, boolean givenAway) {
        int length = payload.remaining();
        if (maskingKeys != null) {
            queueMasked(maskingKeys, fin, rsv, opcode, payload);
            return;
        }
        int header = FrameEncoder.headerLength(length, false);
        if (givenAway && length >= OutputQueue.LARGE && !output.fitsLent(header + length)) {
            FrameEncoder.putHeader(output.claim(header), fin, rsv, opcode, length);
            output.appendOwned(payload);
            return;
        }
        ByteBuffer target = output.claim(header + length);
        FrameEncoder.putHeader(target, fin, rsv, opcode, length);
        put(target, payload);
    }

    private void queueMasked(MaskingKeySource keys, boolean fin, int rsv, Opcode opcode, ByteBuffer payload) {
        int length = payload.remaining();
        // RFC 6455 §5.3: "The masking key is a 32-bit value chosen at random by the client. When preparing a masked
        // frame, the client MUST pick a fresh masking key".
        int key = keys.next();
        ByteBuffer target = output.claim(FrameEncoder.headerLength(length, true) + length);
        FrameEncoder.putMaskedHeader(target, fin, rsv, opcode, length, key);
        int at = target.position();
        put(target, payload);
        Mask.apply(target, at, length, key, 0);
    }

    /** Copies a payload, whose position stays. */
    private static void put(ByteBuffer target, ByteBuffer payload) {
        int at = target.position();
        target.put(at, payload, payload.position(), payload.remaining());
        target.position(at + payload.remaining());
    }
}
