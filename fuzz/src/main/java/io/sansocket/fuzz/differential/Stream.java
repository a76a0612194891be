package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes that one end receives behind the opening handshake, and the pieces they come in. */
final class Stream {
    private final long index;
    private final Role receiver;
    private final @Nullable Deflate deflate;
    private final byte[] bytes;
    private final List<Integer> cuts;

    /**
     * @param index its number among the streams of a seed
     * @param deflate what was agreed, or null without compression
     * @param cuts where one piece ends and the next begins, ascending, within the bytes
     */
    Stream(long index, Role receiver, @Nullable Deflate deflate, byte[] bytes, List<Integer> cuts) {
        this.index = index;
        this.receiver = receiver;
        this.deflate = deflate;
        this.bytes = bytes;
        this.cuts = List.copyOf(cuts);
    }

    long index() {
        return index;
    }

    Role receiver() {
        return receiver;
    }

    @Nullable
    Deflate deflate() {
        return deflate;
    }

    byte[] bytes() {
        return bytes;
    }

    List<Integer> cuts() {
        return cuts;
    }

    /** Returns the pieces, none of them empty. */
    List<byte[]> pieces() {
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(bytes, from, cut));
            from = cut;
        }
        if (from < bytes.length) {
            pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        return pieces;
    }

    /** Returns where the piece ends that the byte at an offset comes in. */
    int endOfPiece(int offset) {
        for (int cut : cuts) {
            if (offset < cut) {
                return cut;
            }
        }
        return bytes.length;
    }

    /** Returns the same connection with other bytes, cut where this one is as far as they reach. */
    Stream with(byte[] otherBytes) {
        return new Stream(
                index,
                receiver,
                deflate,
                otherBytes,
                cuts.stream().filter(cut -> cut < otherBytes.length).toList());
    }

    /** Returns the same bytes in one piece. */
    Stream whole() {
        return new Stream(index, receiver, deflate, bytes, List.of());
    }

    @Override
    public String toString() {
        String extension = deflate == null ? "no compression" : deflate.toString();
        return "stream %d to a %s, %s, %d bytes cut at %s:%n%s"
                .formatted(
                        index,
                        receiver,
                        extension,
                        bytes.length,
                        cuts,
                        HexFormat.ofDelimiter(" ").formatHex(bytes));
    }
}
