package io.sansocket.core.frame;

import org.jspecify.annotations.Nullable;

/**
 * The opcodes of RFC 6455 §5.2. A reserved opcode has no value here.
 *
 * @since 0.1
 */
public enum Opcode {
    CONTINUATION(0x0),
    TEXT(0x1),
    BINARY(0x2),
    CLOSE(0x8),
    PING(0x9),
    PONG(0xA);

    /** The bit that tells control frames (§5.5). */
    static final int CONTROL_BIT = 0x8;

    private static final int COUNT = 16;
    private static final @Nullable Opcode[] BY_CODE = new Opcode[COUNT];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;

    Opcode(int code) {
        this.code = code;
    }

    /** Returns the four bits on the wire. */
    public int code() {
        return code;
    }

    /** Tells whether this is Close, Ping or Pong. */
    public boolean isControl() {
        return isControl(code);
    }

    /** Tells whether four bits name a control frame, reserved ones included (§5.5). */
    public static boolean isControl(int code) {
        return (code & CONTROL_BIT) != 0;
    }

    /** Returns the opcode of four bits, or null when they are reserved (§5.2). */
    public static @Nullable Opcode of(int code) {
        return BY_CODE[code];
    }

    /** Returns the name of four bits in prose: {@code text}, {@code ping}, {@code reserved-3}. */
    public static String nameOf(int code) {
        Opcode opcode = of(code);
        return opcode == null ? "reserved-" + Integer.toHexString(code) : opcode.toString();
    }

    /** Returns the name in prose, for example {@code text}. */
    @Override
    public String toString() {
        return switch (this) {
            case CONTINUATION -> "continuation";
            case TEXT -> "text";
            case BINARY -> "binary";
            case CLOSE -> "close";
            case PING -> "ping";
            case PONG -> "pong";
        };
    }
}
