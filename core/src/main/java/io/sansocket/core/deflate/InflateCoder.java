package io.sansocket.core.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Inflater;

/** An inflater of raw DEFLATE data with room for a piece of its output: about 44 KB outside the heap, 8 KiB in it. */
final class InflateCoder implements Pool.Coder {
    /** What it holds, in bytes: zlib's window and tables outside the heap, and the piece. */
    static final int RETAINED = 44 * 1024 + PermessageDeflate.PIECE;

    final Inflater zlib = new Inflater(true);
    final byte[] piece = new byte[PermessageDeflate.PIECE];
    /** The piece as it is handed on. */
    final ByteBuffer view = ByteBuffer.wrap(piece);

    @Override
    public void reset() {
        zlib.reset();
    }

    @Override
    public void end() {
        zlib.end();
    }
}
