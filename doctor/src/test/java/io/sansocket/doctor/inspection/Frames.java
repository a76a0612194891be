package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Mask;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames for tests, wrong ones as well. */
final class Frames {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int FIN = 0x80;

    private static final int KEY = 0x37fa213d;

    private Frames() {}

    static byte[] text(String text) {
        return server(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] maskedText(String text) {
        return client(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] close(int code) {
        return server(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    static byte[] maskedClose(int code) {
        return client(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    static byte[] server(int b0, byte[] payload) {
        return declaring(b0, payload.length, payload);
    }

    /** A server's frame that declares another length than it has. */
    static byte[] declaring(int b0, long length, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(b0);
        writeLength(out, 0, length);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    static byte[] client(int b0, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(b0);
        writeLength(out, 0x80, payload.length);
        out.writeBytes(ByteBuffer.allocate(4).putInt(KEY).array());
        byte[] masked = payload.clone();
        Mask.apply(masked, 0, masked.length, KEY, 0);
        out.writeBytes(masked);
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int mask, long length) {
        if (length <= 125) {
            out.write(mask | (int) length);
        } else if (length <= 0xFFFF) {
            out.write(mask | 126);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            out.write(mask | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        }
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
