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

    private final Connection connection;
    private final Settings settings;
    /** Puts messages together; null while there is nothing to put together, or nobody asked for it yet. */
    private @Nullable MessageAssembler messages;
    /** Whether a message has begun in it and not ended. */
    private boolean begun;
    /** The payload of the control frame that is arriving: at most 125 bytes. */
    private byte[] control = NO_BYTES;

    private Mode mode = Mode.PULL;
    /** The size of the message right behind which the decoder paused, when it lies unmasked in the input; else 0. */
    private int wholeLength;

    IncomingFrames(Connection connection, Settings settings) {
        this.connection = connection;
        this.settings = settings;
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
        in.limit(behind).position(behind - wholeLength).order(ByteOrder.BIG_ENDIAN);
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
        return judge(DataFrameLimits.judge(frame, settings, isEncoded(frame), fragments(), wireBytes()));
    }

    /** Tells whether extensions encoded a data frame's message, whose first frame said so. */
    private boolean isEncoded(FrameDecoder frame) {
        return frame.opcode() == Opcode.CONTINUATION.code() ? messages(frame).isEncoded() : frame.rsv() != 0;
    }

    /** Returns how many bytes the unfinished message takes. */
    long buffered() {
        return messages == null ? 0 : messages.buffered();
    }

    /** Returns the whole frames of the unfinished message. */
    int fragments() {
        return messages == null ? 0 : messages.fragments();
    }

    /** Returns the payload bytes of the unfinished message's whole frames. */
    long wireBytes() {
        return messages == null ? 0 : messages.wireBytes();
    }

    private MessageAssembler messages(FrameDecoder frame) {
        if (messages == null) {
            messages = new MessageAssembler(settings, connection.extensions(), connection::deliver);
        }
        if (!begun) {
            begun = true;
            messages.begin(frame);
        }
        return messages;
    }

    /** Begins a call that takes bytes. */
    void begin(Mode newMode) {
        if (mode != Mode.PULL) {
            throw new IllegalStateException("a sink must not receive: it is being given what came");
        }
        mode = newMode;
    }

    /** Ends such a call: lets go of what only an unfinished message needs. */
    void rest() {
        mode = Mode.PULL;
        if (!begun) {
            messages = null;
        }
    }

    /** Forgets the unfinished message: nobody will get it. How much of it came can still be told. */
    void forgetMessage() {
        if (messages != null) {
            messages.forget();
        }
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
        if (mode == Mode.PUSH_IN_PLACE && isWholeBinary(frame, length)) {
            if (frame.masked()) {
                Mask.apply(in, index, length, frame.maskingKey(), 0);
            }
            wholeLength = length;
            return true;
        }
        if (!Opcode.isControl(frame.opcode())) {
            return judge(messages(frame).add(frame, in, index, length));
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
            boolean goesOn = judge(messages(frame).endFrame(frame));
            begun = !frame.fin();
            return goesOn;
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
