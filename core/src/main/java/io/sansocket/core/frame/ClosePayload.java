package io.sansocket.core.frame;

import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a Close frame: nothing, or a code and a reason (RFC 6455 §5.5.1).
 *
 * @since 0.1
 */
public final class ClosePayload {
    /** The most bytes of UTF-8 a reason may have: what a control frame leaves behind the code. */
    public static final int MAX_REASON = FrameRules.MAX_CONTROL_PAYLOAD - Short.BYTES;

    private static final int BYTE = 0xFF;

    private ClosePayload() {}

    /**
     * Judges a payload that came.
     *
     * @param offset the place of its first byte in the stream
     * @return the first rule it breaks, or null
     */
    public static @Nullable Violation check(byte[] payload, long offset) {
        if (payload.length == 0) {
            return null;
        }
        // RFC 6455 §5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer".
        if (payload.length == 1) {
            return new Violation(
                    Rule.INVALID_CLOSE_PAYLOAD, offset, "a close frame has a payload of 1 byte, a code takes 2");
        }
        int code = code(payload);
        if (!CloseCode.isAllowedOnWire(code)) {
            return new Violation(
                    Rule.INVALID_CLOSE_CODE,
                    offset,
                    "the close code is " + code + ", allowed are 1000-1003, 1007-1014 and 3000-4999");
        }
        var utf8 = new Utf8Validator();
        int bad = utf8.validate(payload, Short.BYTES, payload.length - Short.BYTES);
        // RFC 6455 §5.5.1: "Following the 2-byte integer, the body MAY contain UTF-8-encoded data".
        if (bad != Utf8Validator.VALID) {
            return new Violation(
                    Rule.INVALID_UTF8,
                    offset + bad,
                    "byte 0x%02x at offset %d of a close frame's payload cannot stand in its reason"
                            .formatted(payload[bad] & BYTE, bad));
        }
        return utf8.isComplete()
                ? null
                : new Violation(
                        Rule.INVALID_UTF8,
                        offset + payload.length,
                        "a close frame's reason ends inside a character, %d bytes short".formatted(utf8.missing()));
    }

    /** Reads a payload that breaks no rule. */
    public static CloseStatus parse(byte[] payload) {
        if (payload.length < Short.BYTES) {
            return CloseStatus.NONE;
        }
        byte[] reason = Arrays.copyOfRange(payload, Short.BYTES, payload.length);
        return new CloseStatus(code(payload), new String(reason, StandardCharsets.UTF_8));
    }

    private static int code(byte[] payload) {
        return ((payload[0] & BYTE) << Byte.SIZE) | (payload[1] & BYTE);
    }

    /**
     * Writes a payload to send.
     *
     * @throws IllegalArgumentException if the code is not allowed on the wire, the reason is longer than
     *     {@link #MAX_REASON} bytes or no text, or there is a reason without a code
     */
    public static byte[] format(CloseStatus status) {
        byte[] reason = Utf8.encode(status.reason());
        if (!status.hasCode()) {
            if (reason.length > 0) {
                throw new IllegalArgumentException("a close reason needs a close code (RFC 6455 §5.5.1)");
            }
            return reason;
        }
        if (!CloseCode.isAllowedOnWire(status.code())) {
            throw new IllegalArgumentException("the close code is " + status.code()
                    + ", allowed are 1000-1003, 1007-1014 and 3000-4999 (RFC 6455 §7.4)");
        }
        if (reason.length > MAX_REASON) {
            throw new IllegalArgumentException("the close reason has " + reason.length + " bytes, the limit is "
                    + MAX_REASON + " (RFC 6455 §5.5)");
        }
        byte[] payload = new byte[Short.BYTES + reason.length];
        payload[0] = (byte) (status.code() >> Byte.SIZE);
        payload[1] = (byte) status.code();
        System.arraycopy(reason, 0, payload, Short.BYTES, reason.length);
        return payload;
    }
}
