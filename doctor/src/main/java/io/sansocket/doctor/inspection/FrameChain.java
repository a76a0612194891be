package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.RuleSet;
import io.sansocket.core.frame.Utf8Validator;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;

/**
 * Whether bytes are a chain of lawful frames, and how much that proves, in bits: what guides the doctor to a frame's
 * start where it has lost the place.
 *
 * <p>A random header is lawful once in 2^5.8 cases. That a chain ends with a segment proves more, for a sender writes
 * whole frames; that a text is text proves most.
 */
final class FrameChain implements FrameHandler {
    /** The reserved bit that permessage-deflate uses (RFC 7692 §6). */
    static final int RSV1 = 4;

    private static final int HEADER_BITS = 5;
    private static final int EXACT_END_BITS = 6;
    private static final int TEXT_BITS = 8;
    private static final int LONG_TEXT_BITS = 16;
    private static final int SHORT_TEXT = 4;
    private static final int LONG_TEXT = 16;
    /** What it takes to believe in a place to go on from: two headers, or one with its end or its text. */
    private static final int ENOUGH_TO_RESUME = 2 * HEADER_BITS;

    private final Utf8Validator utf8 = new Utf8Validator();
    private boolean lawful = true;
    private boolean dataSeen;
    /** Without a payload, a run of zero bytes would be a chain. */
    private boolean payloadSeen;

    private boolean textLooksRight;
    private int headers;
    private int frames;
    private int evidence;
    private boolean endsExactly;

    private final FrameDecoder decoder;

    /**
     * Makes a chain that has no frame yet.
     *
     * @param reservedBits those an extension may set
     */
    FrameChain(Role sender, int reservedBits) {
        decoder = new FrameDecoder(sender, this);
        decoder.allowReservedBits(reservedBits);
    }

    /** Walks along the frames of one segment; its position does not move. */
    static FrameChain of(ByteBuffer segment, Role sender, int reservedBits) {
        var chain = new FrameChain(sender, reservedBits);
        chain.add(segment);
        if (chain.lawful && chain.decoder.inPayload()) {
            chain.weighText(chain.decoder, chain.decoder.payloadReceived());
        }
        return chain;
    }

    /** Walks on along the frames of the next segment; its position does not move. */
    void add(ByteBuffer segment) {
        decoder.decode(segment.duplicate());
        endsExactly = lawful && frames > 0 && !decoder.inHeader() && !decoder.inPayload();
        if (endsExactly && evidence > 0) {
            evidence += EXACT_END_BITS;
        }
    }

    boolean isLawful() {
        return lawful && headers > 0;
    }

    /** Tells whether the chain ends with the segment. */
    boolean endsExactly() {
        return endsExactly;
    }

    /** Returns how many bits speak for these being frames; 0 when something speaks against it. */
    int evidence() {
        return isLawful() ? evidence : 0;
    }

    /** Tells whether to go on from here in a stream that is known to consist of frames. */
    boolean isEnoughToResume() {
        return evidence() >= ENOUGH_TO_RESUME || (endsExactly && payloadSeen);
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        // Where the walk begins, a message may be open.
        if (rules == RuleSet.of(Rule.UNEXPECTED_CONTINUATION) && !dataSeen) {
            return true;
        }
        lawful = false;
        return false;
    }

    @Override
    public boolean header(FrameDecoder frame) {
        headers++;
        boolean isData = !Opcode.isControl(frame.opcode());
        dataSeen |= isData;
        // Zero bytes are continuation frames, too, and many protocols begin with a length whose first byte is 0.
        if (frame.opcode() != Opcode.CONTINUATION.code()) {
            evidence += HEADER_BITS;
        }
        utf8.reset();
        textLooksRight = frame.opcode() == Opcode.TEXT.code() && frame.rsv() == 0;
        return true;
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
        payloadSeen = true;
        if (textLooksRight) {
            byte[] part = new byte[length];
            in.get(index, part);
            if (frame.masked()) {
                Mask.apply(part, 0, length, frame.maskingKey(), frame.payloadReceived());
            }
            textLooksRight = utf8.validate(part, 0, length) == Utf8Validator.VALID && isPrintable(part);
        }
        return true;
    }

    private static boolean isPrintable(byte[] text) {
        for (byte b : text) {
            boolean control = (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') || b == 0x7F;
            if (control) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        frames++;
        weighText(frame, frame.payloadLength());
        return true;
    }

    private void weighText(FrameDecoder frame, long length) {
        if (frame.opcode() == Opcode.TEXT.code() && textLooksRight && length >= SHORT_TEXT) {
            evidence += length >= LONG_TEXT ? LONG_TEXT_BITS : TEXT_BITS;
        }
    }
}
