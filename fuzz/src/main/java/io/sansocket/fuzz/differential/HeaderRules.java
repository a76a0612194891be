package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules that a header can break, each by the first byte that shows it. Each method returns the id of the first that
 * is broken, or nothing.
 */
final class HeaderRules {
    private static final int MAX_CONTROL = 125;
    private static final Set<Integer> OPCODES = Set.of(
            WireFrame.CONTINUATION, WireFrame.TEXT, WireFrame.BINARY, WireFrame.CLOSE, WireFrame.PING, WireFrame.PONG);

    /** No breach of a rule of ours, but of peers' that limit a compressed message as it is sent. */
    static final String BEYOND_LIMIT_AS_SENT = "beyond-limit-as-sent";

    private HeaderRules() {}

    /** RFC 6455 §5.2, §5.4, §5.5. */
    static String firstByte(WireHeader header, boolean messageOpen, boolean compression) {
        int defined = header.startsMessage() && compression ? WireFrame.RSV1 : 0;
        if ((header.rsv() & ~defined) != 0) {
            return "reserved-bits";
        } else if (!OPCODES.contains(header.opcode())) {
            return "reserved-opcode";
        } else if (header.isControl() && !header.fin()) {
            return "control-frame-fragmented";
        } else if (header.opcode() == WireFrame.CONTINUATION && !messageOpen) {
            return "unexpected-continuation";
        } else if (header.startsMessage() && messageOpen) {
            return "expected-continuation";
        }
        return "";
    }

    /** RFC 6455 §5.5, §5.1. */
    static String secondByte(WireHeader header, Role receiver) {
        if (header.isControl() && header.form() > MAX_CONTROL) {
            return "control-frame-too-long";
        } else if (receiver == Role.SERVER && !header.masked()) {
            return "unmasked-client-frame";
        } else if (receiver == Role.CLIENT && header.masked()) {
            return "masked-server-frame";
        }
        return "";
    }

    /** RFC 6455 §5.2. */
    static String length(WireHeader header) {
        long length = header.length();
        if (length < 0) {
            return "length-out-of-range";
        }
        int most =
                switch (header.extendedLengthBytes()) {
                    case Short.BYTES -> MAX_CONTROL;
                    case Long.BYTES -> WireFrame.MAX_16;
                    default -> -1;
                };
        return length <= most ? "non-minimal-length" : "";
    }

    /**
     * Tells whether a frame, or its message with it, is beyond the limit as it is sent.
     *
     * @param compressed whether there is room for what does not compress: an eighth, and 16 bytes for each frame
     * @param frames the whole frames of its message before it
     */
    static boolean isTooBig(WireHeader header, int messageSize, boolean compressed, int frames) {
        int frame = compressed ? Judge.LIMIT + Judge.LIMIT / 8 + 16 : Judge.LIMIT;
        int message = compressed ? frame + 16 * frames : Judge.LIMIT;
        return header.length() < 0 || header.length() > Math.min(frame, message - messageSize);
    }

    /** Returns what else is wrong with a frame than its first byte, for those who judge in another order. */
    static Set<String> otherBreaches(
            WireHeader header, Role receiver, int messageSize, boolean compressed, int frames) {
        var breaches = new TreeSet<String>();
        if (header.hasSecondByte()) {
            breaches.add(secondByte(header, receiver));
        }
        if (header.hasLength()) {
            breaches.add(length(header));
            breaches.add(isTooBig(header, messageSize, compressed, frames) ? "message-too-big" : "");
            breaches.add(compressed && isTooBig(header, messageSize, false, frames) ? BEYOND_LIMIT_AS_SENT : "");
        }
        breaches.remove("");
        return breaches;
    }
}
