package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of a connection, in the order agreed.
 *
 * <p>RFC 6455 §9.1: where the response lists "foo, bar", "operations on the data will be made as bar(foo(data))". An
 * extension takes part in a message when its reserved bits are set.
 */
final class ExtensionChain {
    static final ExtensionChain EMPTY = new ExtensionChain(List.of());

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final List<Extension> extensions;

    ExtensionChain(List<Extension> extensions) {
        this.extensions = extensions;
    }

    boolean isEmpty() {
        return extensions.isEmpty();
    }

    /** Returns the reserved bits that the extensions own. */
    int reservedBits() {
        return extensions.stream().mapToInt(Extension::reservedBits).sum();
    }

    /** Returns the reserved bits for a message to send: 0 when no extension takes part. */
    int bitsFor(boolean text, long length) {
        int bits = 0;
        for (Extension extension : extensions) {
            if (extension.encodes(text, length)) {
                bits |= extension.reservedBits();
            }
        }
        return bits;
    }

    void encode(int bits, ByteBuffer part, boolean last, Extension.Sink out) {
        encodeFrom(0, bits, part, last, out);
    }

    /** Withdraws the message encoded last, if one extension alone took part: several would all have to agree. */
    boolean withdraw(int bits, long length) {
        for (Extension extension : extensions) {
            if (extension.reservedBits() == bits) {
                return extension.withdraw(length);
            }
        }
        return false;
    }

    private void encodeFrom(int first, int bits, ByteBuffer part, boolean last, Extension.Sink out) {
        int index = first;
        while (index < extensions.size() && (extensions.get(index).reservedBits() & bits) == 0) {
            index++;
        }
        if (index == extensions.size()) {
            out.accept(part);
            return;
        }
        int next = index + 1;
        extensions.get(index).encode(part, last, encoded -> {
            encodeFrom(next, bits, encoded, false, out);
            return true;
        });
        if (last) {
            encodeFrom(next, bits, NO_BYTES, true, out);
        }
    }

    /** Decodes in the opposite order; the sink may stop it. At least one extension takes part. */
    void decode(int bits, ByteBuffer part, boolean last, Extension.Sink out) throws ExtensionDataException {
        decodeFrom(before(extensions.size(), bits), bits, part, last, out);
    }

    private void decodeFrom(int index, int bits, ByteBuffer part, boolean last, Extension.Sink out)
            throws ExtensionDataException {
        Extension extension = extensions.get(index);
        int next = before(index, bits);
        if (next < 0) {
            extension.decode(part, last, out);
            return;
        }
        var stage = new Stage(next, bits, out);
        extension.decode(part, last, stage);
        if (stage.goesOn() && last) {
            decodeFrom(next, bits, NO_BYTES, true, out);
        }
    }

    /** Returns the last extension before an index that takes part, or -1. */
    private int before(int index, int bits) {
        int before = index - 1;
        while (before >= 0 && (extensions.get(before).reservedBits() & bits) == 0) {
            before--;
        }
        return before;
    }

    /** Hands one extension's output to the next, and keeps what the next one throws. */
    private final class Stage implements Extension.Sink {
        private final int next;
        private final int bits;
        private final Extension.Sink out;
        private boolean stopped;
        private @Nullable ExtensionDataException failure;

        Stage(int next, int bits, Extension.Sink out) {
            this.next = next;
            this.bits = bits;
            this.out = out;
        }

        @Override
        public boolean accept(ByteBuffer borrowed) {
            if (failure == null && !stopped) {
                try {
                    decodeFrom(next, bits, borrowed, false, this::pass);
                } catch (ExtensionDataException e) {
                    failure = e;
                }
            }
            return failure == null && !stopped;
        }

        private boolean pass(ByteBuffer decoded) {
            stopped = !out.accept(decoded);
            return !stopped;
        }

        /** Tells whether the message goes on; throws what the next one threw. */
        boolean goesOn() throws ExtensionDataException {
            if (failure != null) {
                throw failure;
            }
            return !stopped;
        }
    }

    void release() {
        extensions.forEach(ExtensionChain::release);
    }

    private static void release(Extension extension) {
        try {
            extension.release();
        } catch (RuntimeException e) {
            // The connection has no further use for it, and the others must have their turn.
        }
    }
}
