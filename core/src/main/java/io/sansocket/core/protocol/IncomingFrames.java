package io.sansocket.core.protocol;

import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.HeaderFault;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.RuleSet;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The strict judge of incoming frames: stops at the first broken rule, and hands on what is lawful. */
final class IncomingFrames implements FrameHandler {
    /** What to do with what comes. */
    enum Mode {
        /** Queue it. */
        PULL,
        /** Pause the decoder behind each frame, so that a sink takes what it gave. */
        PUSH,
        /** The same, and leave messages that lie whole in the input where they are. */
        PUSH_IN_PLACE
    }

    private static final byte[] NO_BYTES = {};

    private final MessageAssembler messages;
    private final Connection connection;
    /** The payload of the control frame that is arriving: at most 125 bytes. */
    private byte[] control = NO_BYTES;

    private Mode mode = Mode.PULL;
    /** The message that was unmasked in the input and not handed on yet: where it begins, and its size or 0. */
    private int wholeAt;

    private int wholeLength;

    IncomingFrames(MessageAssembler messages, Connection connection) {
        this.messages = messages;
        this.connection = connection;
    }

    Mode mode() {
        return mode;
    }

    void mode(Mode newMode) {
        mode = newMode;
    }

    /** Hands on the message that lies in the input, if one does, and tells whether the sink wants more. */
    boolean handOn(ByteBuffer in, MessageSink sink) {
        if (wholeLength == 0) {
            return true;
        }
        int behind = in.position();
        int limit = in.limit();
        ByteOrder order = in.order();
        in.limit(wholeAt + wholeLength).position(wholeAt).order(ByteOrder.BIG_ENDIAN);
        wholeLength = 0;
        try {
            return sink.binaryInPlace(in);
        } finally {
            in.limit(limit).position(behind).order(order);
        }
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        Rule rule = RuleSet.first(rules);
        connection.fail(new Violation(rule, offset, HeaderFault.describe(frame, rule)));
        return false;
    }

    @Override
    public boolean header(FrameDecoder frame) {
        if (Opcode.isControl(frame.opcode())) {
            control = new byte[(int) frame.payloadLength()];
            return true;
        }
        return judge(messages.beginFrame(frame));
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
        if (mode == Mode.PUSH_IN_PLACE && isWholeBinary(frame, length)) {
            if (frame.masked()) {
                Mask.apply(in, index, length, frame.maskingKey(), 0);
            }
            wholeAt = index;
            wholeLength = length;
            return true;
        }
        if (!Opcode.isControl(frame.opcode())) {
            return judge(messages.add(frame, in, index, length));
        }
        int at = (int) frame.payloadReceived();
        Mask.copy(in, index, control, at, length, frame.maskingKey(), at);
        return true;
    }

    /** Tells whether a part of a payload is a whole binary message, as it was sent. */
    private static boolean isWholeBinary(FrameDecoder frame, int length) {
        return length == frame.payloadLength()
                && frame.opcode() == Opcode.BINARY.code()
                && frame.fin()
                && frame.rsv() == 0;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        if (mode != Mode.PULL) {
            frame.pause();
            if (wholeLength > 0) {
                return true;
            }
        }
        if (!Opcode.isControl(frame.opcode())) {
            return judge(messages.endFrame(frame));
        }
        byte[] payload = control;
        control = NO_BYTES;
        if (frame.opcode() == Opcode.PING.code()) {
            connection.receivePing(payload);
            return true;
        }
        if (frame.opcode() == Opcode.PONG.code()) {
            connection.receivePong(ByteBuffer.wrap(payload));
            return true;
        }
        if (judge(ClosePayload.check(payload, frame.offset() - payload.length))) {
            connection.receiveClose(ClosePayload.parse(payload));
        }
        // RFC 6455 §1.4: "after receiving a control frame indicating the connection should be closed, a peer discards
        // any further data received."
        return false;
    }

    private boolean judge(@Nullable Violation violation) {
        if (violation == null) {
            return true;
        }
        connection.fail(violation);
        return false;
    }
}
