package io.sansocket.core.deflate;

import java.util.zip.Deflater;

/** A deflater of raw DEFLATE data with room for a piece of its output: about 268 KB outside the heap, 8 KiB in it. */
final class DeflateCoder implements Pool.Coder {
    final Deflater zlib;
    final byte[] piece = new byte[PermessageDeflate.PIECE];

    DeflateCoder(int level) {
        zlib = new Deflater(level, true);
    }

    @Override
    public void reset() {
        zlib.reset();
    }

    @Override
    public void end() {
        zlib.end();
    }
}
