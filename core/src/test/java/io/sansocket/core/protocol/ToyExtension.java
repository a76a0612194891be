package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Extensions small enough to foresee what they do, and what is asked of them. */
final class ToyExtension implements Extension {
    private static final int BOMB = 1000;
    private static final int TRAILER = 999;

    /** What it does to data. */
    private enum Kind {
        /** Flips all bits. */
        FLIP,
        /** Writes every byte twice. */
        TWICE,
        /** Makes 1,000 bytes of each when it decodes. */
        BOMB,
        /** Makes nothing of bytes when it decodes, and 999 of the message's end. */
        TRAILER
    }

    private final Provider provider;
    private int half = -1;

    private ToyExtension(Provider provider) {
        this.provider = provider;
    }

    static Provider flip(int bits) {
        return new Provider(Kind.FLIP, bits);
    }

    static Provider twice(int bits) {
        return new Provider(Kind.TWICE, bits);
    }

    static Provider bomb(int bits) {
        return new Provider(Kind.BOMB, bits);
    }

    static Provider trailer(int bits) {
        return new Provider(Kind.TRAILER, bits);
    }

    static byte[] flipped(byte[] bytes) {
        byte[] out = bytes.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) ~out[i];
        }
        return out;
    }

    static byte[] doubled(byte[] bytes) {
        byte[] out = new byte[2 * bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes[i / 2];
        }
        return out;
    }

    /** Makes them, tells them what to do, and counts what they did, over both ends of a pair. */
    static final class Provider implements ExtensionProvider {
        private final Kind kind;
        private final int bits;
        private int encoded;
        private int ends;
        private int outputs;
        private int released;
        /** What {@link Extension#encodes} was asked about last. */
        String asked = "";
        /** What {@link Extension#encodes} answers. */
        boolean on = true;
        /** Messages shorter than this, or of unknown length when it is positive, are not encoded. */
        int minLength;
        /** Goes on when the sink says stop. */
        boolean stubborn;
        /** What decoding fails with. */
        @Nullable
        Rule rule;
        /** Whether it withdraws what it encoded. */
        boolean withdraws;
        /** The length of the message it was asked to withdraw last; -1 before. */
        long withdrawn = -1;
        /** Whether decoding and releasing throw what nobody expects. */
        boolean broken;

        private Provider(Kind kind, int bits) {
            this.kind = kind;
            this.bits = bits;
        }

        /** Returns how many parts were encoded. */
        int encoded() {
            return encoded;
        }

        /** Returns how many of them were the last of their message. */
        int ends() {
            return ends;
        }

        /** Returns how many times decoded bytes were put out. */
        int outputs() {
            return outputs;
        }

        int released() {
            return released;
        }

        @Override
        public String name() {
            return "x-" + kind + "-" + bits;
        }

        @Override
        public List<ExtensionOffer> offers() {
            return List.of(ExtensionOffer.of(name()));
        }

        @Override
        public Extension accept(ExtensionOffer agreed) {
            return new ToyExtension(this);
        }

        @Override
        public Optional<Extension> answer(ExtensionOffer offer) {
            return Optional.of(new ToyExtension(this));
        }
    }

    @Override
    public ExtensionOffer agreed() {
        return ExtensionOffer.of(provider.name());
    }

    @Override
    public int reservedBits() {
        return provider.bits;
    }

    @Override
    public boolean encodes(boolean text, long length) {
        provider.asked = (text ? "text" : "binary") + " of " + length;
        return provider.on && (provider.minLength == 0 || length >= provider.minLength);
    }

    @Override
    public void encode(ByteBuffer part, boolean last, Sink out) {
        provider.encoded++;
        provider.ends += last ? 1 : 0;
        boolean on = true;
        for (byte b : bytes(part)) {
            byte[] one = {b};
            on = on && out.accept(ByteBuffer.wrap(provider.kind == Kind.TWICE ? doubled(one) : flipped(one)));
        }
    }

    @Override
    public boolean withdraw(long length) {
        provider.withdrawn = length;
        return provider.withdraws || Extension.super.withdraw(length);
    }

    @Override
    public void decode(ByteBuffer part, boolean last, Sink out) throws ExtensionDataException {
        if (provider.broken) {
            throw new UnsupportedOperationException("not \u001b[1mmade\u001b[0m for this");
        }
        if (provider.rule != null) {
            throw new ExtensionDataException(provider.rule, "as the test says");
        }
        boolean on = true;
        for (byte b : bytes(part)) {
            if (on || provider.stubborn) {
                on = decode(b, out);
            }
        }
        if (last && provider.kind == Kind.TRAILER) {
            out.accept(ByteBuffer.allocate(TRAILER));
        }
        if (last && half >= 0) {
            throw new ExtensionDataException(Rule.COMPRESSED_DATA_TRUNCATED, "half a pair");
        }
    }

    private boolean decode(byte b, Sink out) throws ExtensionDataException {
        provider.outputs++;
        return switch (provider.kind) {
            case FLIP -> out.accept(ByteBuffer.wrap(new byte[] {(byte) ~b}));
            case BOMB -> out.accept(ByteBuffer.allocate(BOMB));
            case TWICE -> decodePair(b, out);
            case TRAILER -> true;
        };
    }

    private boolean decodePair(byte b, Sink out) throws ExtensionDataException {
        if (half < 0) {
            half = b & 0xFF;
            return out.accept(ByteBuffer.allocate(0));
        }
        if (half != (b & 0xFF)) {
            throw new ExtensionDataException(Rule.COMPRESSED_DATA_INVALID, "two bytes differ");
        }
        half = -1;
        return out.accept(ByteBuffer.wrap(new byte[] {b}));
    }

    private static byte[] bytes(ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return bytes;
    }

    @Override
    public void release() {
        provider.released++;
        if (provider.broken) {
            throw new UnsupportedOperationException();
        }
    }
}
