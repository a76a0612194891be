package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.util.Random;

/** A frame that is being made, every field of which may be wrong (RFC 6455 §5.2). */
final class WireFrame {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    static final int FIN = 0x80;
    static final int RSV1 = 4;
    static final int RSV_SHIFT = 4;
    static final int MASK = 0x80;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;
    static final int MAX_16 = 0xFFFF;

    /** How the payload length is written. */
    enum Form {
        MINIMAL,
        BITS_16,
        BITS_64
    }

    boolean fin;
    int rsv;
    int opcode;
    boolean masked;
    int key;
    byte[] payload;
    Form form = Form.MINIMAL;
    /** What is added to the declared length. */
    long surplus;
    /** How many of the frame's bytes are written. */
    int kept = Integer.MAX_VALUE;

    WireFrame(boolean fin, int opcode, byte[] payload, Role sender, Random random) {
        this.fin = fin;
        this.opcode = opcode;
        this.payload = payload;
        masked = sender == Role.CLIENT;
        key = random.nextInt(8) == 0 ? 0 : random.nextInt();
    }

    WireFrame copy() {
        var copy = new WireFrame(fin, opcode, payload.clone(), Role.SERVER, new Random(0));
        copy.rsv = rsv;
        copy.masked = masked;
        copy.key = key;
        copy.form = form;
        copy.surplus = surplus;
        copy.kept = kept;
        return copy;
    }

    boolean isControl() {
        return opcode >= CLOSE;
    }

    void writeTo(ByteArrayOutputStream out) {
        var whole = new ByteArrayOutputStream();
        writeWholeTo(whole);
        out.write(whole.toByteArray(), 0, Math.min(kept, whole.size()));
    }

    private void writeWholeTo(ByteArrayOutputStream out) {
        out.write((fin ? FIN : 0) | (rsv << RSV_SHIFT) | opcode);
        int mask = masked ? MASK : 0;
        long length = payload.length + surplus;
        if (form == Form.BITS_64 || length > MAX_16 || length < 0) {
            out.write(mask | LENGTH_64);
            writeBigEndian(out, length, Long.BYTES);
        } else if (form == Form.BITS_16 || length >= LENGTH_16) {
            out.write(mask | LENGTH_16);
            writeBigEndian(out, length, Short.BYTES);
        } else {
            out.write(mask | (int) length);
        }
        if (masked) {
            writeBigEndian(out, key, Integer.BYTES);
        }
        for (int i = 0; i < payload.length; i++) {
            int shift = Byte.SIZE * (Integer.BYTES - 1 - i % Integer.BYTES);
            out.write(masked ? payload[i] ^ (key >>> shift) : payload[i]);
        }
    }

    private static void writeBigEndian(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >>> (Byte.SIZE * i)));
        }
    }
}
