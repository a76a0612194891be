package io.sansocket.fuzz.differential;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What an implementation made of a stream: what it handed on, in order, and how it ended. What comes behind the first
 * failure or the first Close frame is not looked at.
 *
 * @param why the implementation's own words for its end; not compared
 */
record Verdict(List<Item> items, End end, String why) {
    Verdict {
        items = List.copyOf(items);
    }

    /** Tells whether both say the same, in whatever words. */
    boolean agreesWith(Verdict other) {
        return items.equals(other.items) && end.equals(other.end);
    }

    /** What is handed on. */
    enum Type {
        TEXT,
        BINARY,
        PING,
        PONG
    }

    /**
     * A message, a Ping or a Pong.
     *
     * @param bytes its payload, a character for each byte, so that records compare
     */
    record Item(Type type, String bytes) {
        static Item of(Type type, byte[] bytes) {
            return new Item(type, chars(bytes));
        }

        static Item of(Type type, ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return of(type, bytes);
        }

        static Item text(String text) {
            return of(Type.TEXT, text.getBytes(StandardCharsets.UTF_8));
        }

        boolean isMessage() {
            return type == Type.TEXT || type == Type.BINARY;
        }

        @Override
        public String toString() {
            byte[] shown = bytes.substring(0, Math.min(SHOWN, bytes.length())).getBytes(StandardCharsets.ISO_8859_1);
            String more = bytes.length() > SHOWN ? "…" : "";
            return type + "[" + bytes.length() + "] " + HexFormat.of().formatHex(shown) + more;
        }
    }

    /** How it ended. */
    enum Ending {
        /** The stream ended, and neither a Close frame nor a failure before it. */
        EOF,
        /** A Close frame was received. */
        CLOSE,
        /** The connection was failed. */
        FAIL
    }

    /**
     * The end.
     *
     * @param code of a Close frame: the one received, 1005 when it has none; of a failure: the one that is sent, or
     *     {@link #NO_CODE}
     * @param reason the received reason's bytes, a character each
     */
    record End(Ending ending, int code, String reason) {
        /** The code of a failure that sends no Close frame. */
        static final int NO_CODE = 0;

        static final End EOF = new End(Ending.EOF, NO_CODE, "");

        static End fail(int code) {
            return new End(Ending.FAIL, code, "");
        }

        static End close(int code, String reason) {
            return new End(Ending.CLOSE, code, chars(reason.getBytes(StandardCharsets.UTF_8)));
        }

        boolean fails() {
            return ending == Ending.FAIL;
        }

        boolean failsWith(int failure) {
            return fails() && code == failure;
        }
    }

    private static final int SHOWN = 40;

    static String chars(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return items + " then " + end.ending() + " " + end.code() + " \"" + end.reason() + "\": " + why;
    }
}
