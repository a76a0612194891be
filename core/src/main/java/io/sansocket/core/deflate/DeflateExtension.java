package io.sansocket.core.deflate;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionOffer;
import java.nio.ByteBuffer;

/** permessage-deflate as agreed for one connection: one deflater, one inflater, and which messages take part. */
final class DeflateExtension implements Extension {
    private static final int UNKNOWN_LENGTH = -1;

    private final ExtensionOffer agreed;
    private final DeflateOptions options;
    private final MessageDeflater deflater;
    private final MessageInflater inflater;

    DeflateExtension(
            ExtensionOffer agreed, DeflateOptions options, MessageDeflater deflater, MessageInflater inflater) {
        this.agreed = agreed;
        this.options = options;
        this.deflater = deflater;
        this.inflater = inflater;
    }

    @Override
    public ExtensionOffer agreed() {
        return agreed;
    }

    @Override
    public int reservedBits() {
        // RFC 7692 §6: RSV1 is the "Per-Message Compressed" bit.
        return RSV1;
    }

    @Override
    public boolean encodes(boolean text, long length) {
        boolean longEnough = length == UNKNOWN_LENGTH || length >= options.minLength();
        return longEnough && options.filter().compresses(text, length);
    }

    @Override
    public void encode(ByteBuffer part, boolean last, Sink out) {
        deflater.encode(part, last, out);
    }

    @Override
    public boolean withdraw(long length) {
        return deflater.withdraw(length);
    }

    @Override
    public void decode(ByteBuffer part, boolean last, Sink out) throws ExtensionDataException {
        inflater.decode(part, last, out);
    }

    @Override
    public void release() {
        deflater.release();
        inflater.release();
    }
}
