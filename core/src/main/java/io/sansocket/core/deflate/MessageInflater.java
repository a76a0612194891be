package io.sansocket.core.deflate;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * DEFLATE data of incoming messages to messages (RFC 7692 §7.2.2).
 *
 * <p><b>Theory of operation.</b> An inflater is borrowed for each message and primed with the window that the messages
 * before it left; between messages nothing but that window is held. So the end of a message can be proved: what follows
 * the last byte must be the header of an empty block, whose other four bytes the sender removed. They are given to the
 * inflater, which must take them and put nothing out; then a final empty block, which only a decoder that stands between
 * two blocks takes whole and finishes with. In any other place one of the two gives bytes, a fault, or no end. The
 * inflater is of no use for the next message then, which is why the window is kept apart.
 *
 * <p>Made by {@link PermessageDeflate#inflater} for a tool that looks on; a connection needs none, it has its extension.
 *
 * @since 0.1
 */
public final class MessageInflater {
    // RFC 7692 §7.2.2: "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message."
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    /** An empty block that is not compressed, with BFINAL set (RFC 1951 §3.2.4). */
    private static final byte[] FINAL_BLOCK = {1, 0, 0, (byte) 0xFF, (byte) 0xFF};
    /** Some versions of zlib compress with 9 bits when they are told 8. */
    private static final int MIN_WINDOW_BITS_KEPT = 9;

    private final Pool<InflateCoder> pool;
    /** What messages may refer to; null without context takeover. */
    private final @Nullable Window window;

    // The message that comes in.
    private @Nullable InflateCoder coder;
    private long decoded;

    MessageInflater(Pool<InflateCoder> pool, DeflateContext context) {
        this.pool = pool;
        window = context.takeover() ? new Window(1 << Math.max(MIN_WINDOW_BITS_KEPT, context.maxWindowBits())) : null;
    }

    /**
     * Inflates a part of a message; the first one begins the message.
     *
     * @param part borrowed; it is read to its limit unless the sink stops or the data is faulty, whose last byte read
     *     shows the fault
     * @param last true for the message's last part, which may be empty
     * @param out takes the inflated bytes; once it returns false the message is lost
     * @throws ExtensionDataException when the data is invalid or incomplete; the message is lost
     */
    public void decode(ByteBuffer part, boolean last, Extension.Sink out) throws ExtensionDataException {
        InflateCoder current = coder();
        if (inflate(current, part, out) && last) {
            requireEnd(current);
            release();
        }
    }

    private InflateCoder coder() {
        if (coder == null) {
            coder = pool.take();
            decoded = 0;
            prime(coder.zlib);
        }
        return coder;
    }

    private void prime(Inflater zlib) {
        if (window != null) {
            window.prime(zlib);
        }
    }

    /** Inflates all of a part, piece by piece, and tells whether the sink still wants more. */
    private boolean inflate(InflateCoder current, ByteBuffer part, Extension.Sink out) throws ExtensionDataException {
        Inflater zlib = current.zlib;
        zlib.setInput(part);
        boolean wanted;
        int length;
        do {
            if (zlib.finished()) {
                // RFC 7692 §7.2.1 on a block with BFINAL set: "The next DEFLATE block follows the padded data if any."
                zlib.reset();
                prime(zlib);
                zlib.setInput(part);
            }
            long before = zlib.getBytesWritten();
            String fault = inflatePiece(current);
            // What came before a fault counts, however the bytes came.
            length = (int) (zlib.getBytesWritten() - before);
            wanted = handOn(current, length, out);
            if (wanted && fault != null) {
                throw new ExtensionDataException(
                        Rule.COMPRESSED_DATA_INVALID, fault + " after " + decoded + " decoded bytes");
            }
        } while (wanted && (length == current.piece.length || part.hasRemaining()));
        return wanted;
    }

    /** Returns what is wrong, in zlib's words, or null. */
    private static @Nullable String inflatePiece(InflateCoder current) {
        try {
            current.zlib.inflate(current.piece);
            return null;
        } catch (DataFormatException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private boolean handOn(InflateCoder current, int length, Extension.Sink out) {
        decoded += length;
        if (window != null) {
            window.add(current.piece, length);
        }
        return out.accept(current.view.clear().limit(length));
    }

    private void requireEnd(InflateCoder current) throws ExtensionDataException {
        // The sender's last block may itself be the final one.
        boolean ends = takes(current, TAIL) && (current.zlib.finished() || takes(current, FINAL_BLOCK));
        if (!ends || !current.zlib.finished()) {
            throw new ExtensionDataException(
                    Rule.COMPRESSED_DATA_TRUNCATED,
                    "the data does not end with the header of an empty block, after " + decoded + " decoded bytes");
        }
    }

    /** Tells whether the inflater reads all of the bytes, finds no fault, and has nothing to put out. */
    private static boolean takes(InflateCoder current, byte[] bytes) {
        current.zlib.setInput(bytes);
        try {
            return current.zlib.inflate(current.piece) == 0 && current.zlib.getRemaining() == 0;
        } catch (DataFormatException e) {
            return false;
        }
    }

    /**
     * Gives back what is held for the current message, if any: after a lost message, and when there will be no more.
     * Without context takeover the next part begins the next message; with it, that can refer to what is lost.
     */
    public void release() {
        if (coder != null) {
            pool.giveBack(coder);
            coder = null;
        }
    }

    /** Returns about how many bytes it holds: the window, and during a message what inflates. */
    public int retained() {
        return (window == null ? 0 : window.retained()) + (coder == null ? 0 : InflateCoder.RETAINED);
    }
}
