package io.sansocket.doctor.capture;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/** A window of fixed size over a stream: what a reader asked for lies in one piece and is lent without a copy. */
final class ByteSource {
    /** The most a reader may ask for at once: the longest packet, its header, and as much again for options. */
    static final int CAPACITY = 2 * RecordReader.MAX_CAPTURED;

    private final InputStream in;
    private final byte[] array = new byte[CAPACITY];
    private final ByteBuffer numbers = ByteBuffer.wrap(array);
    private final ByteBuffer lent = ByteBuffer.wrap(array).asReadOnlyBuffer();

    /** {@code 0 <= position <= limit <= CAPACITY}; {@code start} is the stream's offset of the first array element. */
    private int position;

    private int limit;
    private long start;

    ByteSource(InputStream in) {
        this.in = in;
    }

    /** Returns whether {@code length} bytes are at hand; false only when the stream ends before. */
    boolean request(int length) throws IOException {
        if (limit - position >= length) {
            return true;
        }
        if (position + length > CAPACITY) {
            System.arraycopy(array, position, array, 0, limit - position);
            start += position;
            limit -= position;
            position = 0;
        }
        while (limit - position < length) {
            int n = read();
            if (n < 0) {
                return false;
            }
            limit += n;
        }
        return true;
    }

    private int read() throws IOException {
        try {
            return in.read(array, limit, CAPACITY - limit);
        } catch (EOFException | ZipException e) {
            long at = start + limit;
            var damaged = new CaptureException(
                    at, "the gzip data are cut off or damaged behind " + at + " decompressed bytes: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    /** Passes over bytes that a request got. */
    void advance(int length) {
        position += length;
    }

    /** Passes over {@code length} bytes without keeping them; returns how many there were. */
    long skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            int n = (int) Math.min(left, limit - position);
            position += n;
            left -= n;
            if (left > 0 && !request(1)) {
                break;
            }
        }
        return length - left;
    }

    int available() {
        return limit - position;
    }

    long offset() {
        return start + position;
    }

    void order(ByteOrder order) {
        numbers.order(order);
    }

    ByteOrder order() {
        return numbers.order();
    }

    int uint8(int index) {
        return Byte.toUnsignedInt(array[position + index]);
    }

    int uint16(int index) {
        return Short.toUnsignedInt(numbers.getShort(position + index));
    }

    int int32(int index) {
        return numbers.getInt(position + index);
    }

    long uint32(int index) {
        return Integer.toUnsignedLong(int32(index));
    }

    long int64(int index) {
        return numbers.getLong(position + index);
    }

    /** Lends bytes in front of the position without moving it; they stay until the next request. */
    ByteBuffer lend(int index, int length) {
        return lent.limit(position + index + length).position(position + index);
    }

    CaptureException cutOff(String inside, long wanted) {
        return new CaptureException(
                offset(),
                "the file ends inside " + inside + ": " + available() + " of " + wanted + " bytes at offset "
                        + offset());
    }
}
