package io.sansocket.core.rule;

/**
 * The status codes of Close frames, under their IANA names (RFC 6455 §7.4.1 and the IANA registry).
 *
 * <p>Codes are plain {@code int}s, since 3000–4999 are open to libraries and applications (§7.4.2).
 *
 * @since 0.1
 */
public final class CloseCode {
    public static final int NORMAL_CLOSURE = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int UNSUPPORTED_DATA = 1003;
    /** Never on the wire: stands for a Close frame without a status code (§7.1.5). */
    public static final int NO_STATUS_RECEIVED = 1005;
    /** Never on the wire: stands for a connection that ended without a Close frame (§7.1.5). */
    public static final int ABNORMAL_CLOSURE = 1006;

    public static final int INVALID_FRAME_PAYLOAD_DATA = 1007;
    public static final int POLICY_VIOLATION = 1008;
    public static final int MESSAGE_TOO_BIG = 1009;
    public static final int MANDATORY_EXTENSION = 1010;
    public static final int INTERNAL_ERROR = 1011;
    public static final int SERVICE_RESTART = 1012;
    public static final int TRY_AGAIN_LATER = 1013;
    public static final int BAD_GATEWAY = 1014;
    /** Never on the wire: stands for a failed TLS handshake (§7.4.1). */
    public static final int TLS_HANDSHAKE = 1015;

    private static final int FIRST_REGISTERED = 3000;
    private static final int FIRST_PRIVATE = 4000;
    private static final int LAST_PRIVATE = 4999;
    private static final int RESERVED = 1004;

    private CloseCode() {}

    /**
     * Tells whether a Close frame may carry the code: the codes of RFC 6455 §7.4.1 and of the IANA registry that are
     * meant for the wire, and 3000–4999.
     */
    public static boolean isAllowedOnWire(int code) {
        // RFC 6455 §7.4.1: 1004 is reserved; 1005, 1006 and 1015 "MUST NOT be set as a status code in a Close control
        // frame by an endpoint". §7.4.2: 0-999 are not used, 1016-2999 are reserved for revisions of the protocol.
        if (code >= FIRST_REGISTERED) {
            return code <= LAST_PRIVATE;
        }
        return code >= NORMAL_CLOSURE
                && code <= BAD_GATEWAY
                && code != RESERVED
                && code != NO_STATUS_RECEIVED
                && code != ABNORMAL_CLOSURE;
    }

    /** Returns the code's IANA name in words, that of its range where it has none, or "unknown" outside of those. */
    public static String nameOf(int code) {
        return switch (code) {
            case NORMAL_CLOSURE -> "normal closure";
            case GOING_AWAY -> "going away";
            case PROTOCOL_ERROR -> "protocol error";
            case UNSUPPORTED_DATA -> "unsupported data";
            case NO_STATUS_RECEIVED -> "no status received";
            case ABNORMAL_CLOSURE -> "abnormal closure";
            case INVALID_FRAME_PAYLOAD_DATA -> "invalid frame payload data";
            case POLICY_VIOLATION -> "policy violation";
            case MESSAGE_TOO_BIG -> "message too big";
            case MANDATORY_EXTENSION -> "mandatory extension";
            case INTERNAL_ERROR -> "internal error";
            case SERVICE_RESTART -> "service restart";
            case TRY_AGAIN_LATER -> "try again later";
            case BAD_GATEWAY -> "bad gateway";
            case TLS_HANDSHAKE -> "TLS handshake";
            default -> rangeOf(code);
        };
    }

    /** RFC 6455 §7.4.2: 3000-3999 are registered for libraries and applications, 4000-4999 are for private use. */
    private static String rangeOf(int code) {
        if (code < FIRST_REGISTERED || code > LAST_PRIVATE) {
            return "unknown";
        }
        return code < FIRST_PRIVATE ? "registered" : "private use";
    }
}
