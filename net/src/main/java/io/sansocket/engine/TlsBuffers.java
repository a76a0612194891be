package io.sansocket.engine;

import java.nio.ByteBuffer;

/** What all TLS connections of a loop share, for ciphertext that came and that goes: on the heap, see decision 0007. */
record TlsBuffers(ByteBuffer in, ByteBuffer out) {
    /** Several records of 16 KiB for each system call. */
    private static final int SIZE = 128 * 1024;

    static TlsBuffers allocate() {
        return new TlsBuffers(ByteBuffer.allocate(SIZE), ByteBuffer.allocate(SIZE));
    }
}
