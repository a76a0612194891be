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
import org.jspecify.annotations.Nullable;

/** The strict judge of incoming frames: stops at the first broken rule, and hands on what is lawful. */
final class IncomingFrames implements FrameHandler {
    private static final byte[] NO_BYTES = {};

    private final MessageAssembler messages;
    private final Connection connection;
    /** The payload of the control frame that is arriving: at most 125 bytes. */
    private byte[] control = NO_BYTES;

    IncomingFrames(MessageAssembler messages, Connection connection) {
        this.messages = messages;
        this.connection = connection;
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
        if (!Opcode.isControl(frame.opcode())) {
            return judge(messages.add(frame, in, index, length));
        }
        int at = (int) frame.payloadReceived();
        Mask.copy(in, index, control, at, length, frame.maskingKey(), at);
        return true;
    }

    @Override
    public boolean end(FrameDecoder frame) {
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
