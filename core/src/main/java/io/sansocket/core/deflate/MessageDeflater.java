package io.sansocket.core.deflate;

import io.sansocket.core.extension.Extension;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Outgoing messages to DEFLATE data (RFC 7692 §7.2.1).
 *
 * <p><b>Theory of operation.</b> Each part of a message is flushed, so that the peer can read what was sent. A flush ends
 * with the four bytes 00 00 ff ff of an empty block; they are owed until the next bytes of the message, and dropped with
 * its end.
 *
 * <p>{@link Deflater} always has a window of 15 bits. A smaller one is kept by making it forget everything (a full flush)
 * each time it has read as many bytes as the window has, so no reference can reach further back than that.
 */
final class MessageDeflater {
    // RFC 7692 §7.2.1: "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    /** RFC 7692 §7.2.3.6: an empty message; the header of an empty block that is not compressed. */
    private static final byte[] EMPTY_MESSAGE = {0};

    private static final byte[] NO_INPUT = {};

    private final Pool<DeflateCoder> pool;
    private final boolean takeover;
    /** How far back it refers at most. */
    private final int window;
    /** How many bytes it may read before it must forget them. */
    private final int reach;
    /** Held during a message; with context takeover from the first message on. */
    private @Nullable DeflateCoder coder;
    /** Bytes read since it forgot everything; less than {@link #reach}. */
    private int remembered;
    /** Whether a part of the current message was flushed, and its tail not sent. */
    private boolean owesTail;

    MessageDeflater(Pool<DeflateCoder> pool, DeflateContext context) {
        this.pool = pool;
        takeover = context.takeover();
        window = 1 << context.maxWindowBits();
        // A window of 15 bits is zlib's own care.
        reach = context.maxWindowBits() == DeflateContext.MAX_WINDOW_BITS ? Integer.MAX_VALUE : window;
    }

    /** Encodes a part of a message. The sink is not asked whether it wants more: nothing is lost by going on. */
    void encode(ByteBuffer part, boolean last, Extension.Sink out) {
        while (part.hasRemaining()) {
            payTail(out);
            int length = Math.min(part.remaining(), reach - remembered);
            deflate(part.slice().limit(length), out);
            part.position(part.position() + length);
        }
        if (last) {
            if (!owesTail) {
                out.accept(ByteBuffer.wrap(EMPTY_MESSAGE).asReadOnlyBuffer());
            }
            owesTail = false;
            if (!takeover) {
                release();
            }
        }
    }

    private void payTail(Extension.Sink out) {
        if (owesTail) {
            out.accept(ByteBuffer.wrap(TAIL).asReadOnlyBuffer());
        }
    }

    /** Deflates at least one byte and hands on all that comes of it but the tail. */
    private void deflate(ByteBuffer input, Extension.Sink out) {
        DeflateCoder current = coder();
        remembered += input.remaining();
        boolean forgets = remembered == reach;
        current.zlib.setInput(input);
        flush(current, forgets ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH, out);
        // It would keep hold of a borrowed buffer.
        current.zlib.setInput(NO_INPUT);
        remembered = forgets ? 0 : remembered;
        owesTail = true;
    }

    /** Hands on all but the last four bytes, which are the tail. */
    private static void flush(DeflateCoder coder, int flush, Extension.Sink out) {
        byte[] piece = coder.piece;
        int size = coder.zlib.deflate(piece, 0, piece.length, flush);
        // A flush is done when it leaves room.
        while (size == piece.length) {
            int end = size - TAIL.length;
            out.accept(ByteBuffer.wrap(piece, 0, end));
            System.arraycopy(piece, end, piece, 0, TAIL.length);
            size = TAIL.length + coder.zlib.deflate(piece, TAIL.length, end, flush);
        }
        out.accept(ByteBuffer.wrap(piece, 0, size - TAIL.length));
    }

    private DeflateCoder coder() {
        if (coder == null) {
            coder = pool.take();
        }
        return coder;
    }

    /**
     * Forgets the last message, which goes out as it was given (RFC 7692 §6.1: each message is sent in one of two forms).
     * With context takeover that means to forget all of them, so it does so only after a message that fills the window:
     * what was there before is out of reach anyway.
     */
    boolean withdraw(long length) {
        if (takeover && length < window) {
            return false;
        }
        release();
        return true;
    }

    /** Gives back what it holds and forgets all messages. */
    void release() {
        if (coder != null) {
            pool.giveBack(coder);
            coder = null;
            remembered = 0;
        }
    }
}
