package io.sansocket.core.rule;

import static io.sansocket.core.rule.CloseCode.ABNORMAL_CLOSURE;
import static io.sansocket.core.rule.CloseCode.INTERNAL_ERROR;
import static io.sansocket.core.rule.CloseCode.INVALID_FRAME_PAYLOAD_DATA;
import static io.sansocket.core.rule.CloseCode.POLICY_VIOLATION;
import static io.sansocket.core.rule.CloseCode.PROTOCOL_ERROR;

/**
 * The one catalogue of rules. An id never changes: it appears in exceptions, logs, metrics, JSON and reports.
 *
 * <p>The protocol fails the connection at the first rule a peer breaks; the doctor collects them all and goes on.
 *
 * @since 0.1
 */
public enum Rule {
    // Frames: RFC 6455 §5.
    RESERVED_BITS("reserved-bits", "5.2", PROTOCOL_ERROR, "a reserved bit must be 0 unless an extension defines it"),
    RESERVED_OPCODE("reserved-opcode", "5.2", PROTOCOL_ERROR, "opcodes 3-7 and b-f are reserved"),
    CONTROL_FRAME_FRAGMENTED(
            "control-frame-fragmented", "5.5", PROTOCOL_ERROR, "a control frame must not be fragmented"),
    CONTROL_FRAME_TOO_LONG(
            "control-frame-too-long", "5.5", PROTOCOL_ERROR, "a control frame's payload has at most 125 bytes"),
    UNMASKED_CLIENT_FRAME("unmasked-client-frame", "5.1", PROTOCOL_ERROR, "a frame from a client must be masked"),
    MASKED_SERVER_FRAME("masked-server-frame", "5.1", PROTOCOL_ERROR, "a frame from a server must not be masked"),
    NON_MINIMAL_LENGTH(
            "non-minimal-length", "5.2", PROTOCOL_ERROR, "the payload length must take the fewest bytes that hold it"),
    LENGTH_OUT_OF_RANGE(
            "length-out-of-range",
            "5.2",
            PROTOCOL_ERROR,
            "the most significant bit of a 64-bit payload length must be 0"),
    UNEXPECTED_CONTINUATION(
            "unexpected-continuation",
            "5.4",
            PROTOCOL_ERROR,
            "a continuation frame needs a fragmented message to continue"),
    EXPECTED_CONTINUATION(
            "expected-continuation",
            "5.4",
            PROTOCOL_ERROR,
            "the fragments of a message must not be mixed with another message"),
    INVALID_UTF8("invalid-utf8", "8.1", INVALID_FRAME_PAYLOAD_DATA, "text must be valid UTF-8"),
    INVALID_CLOSE_CODE("invalid-close-code", "7.4", PROTOCOL_ERROR, "the close code must be one meant for the wire"),
    INVALID_CLOSE_PAYLOAD(
            "invalid-close-payload",
            "5.5.1",
            PROTOCOL_ERROR,
            "a Close frame's payload is empty or starts with a 2-byte code"),
    MESSAGE_TOO_BIG(
            "message-too-big", "7.4.1", CloseCode.MESSAGE_TOO_BIG, "a frame or message is larger than the limit"),
    TOO_MANY_FRAGMENTS("too-many-fragments", "7.4.1", POLICY_VIOLATION, "a message has more fragments than the limit"),
    COMPRESSED_DATA_INVALID(
            "compressed-data-invalid",
            "RFC 7692 7.2.2",
            INVALID_FRAME_PAYLOAD_DATA,
            "a compressed message must be valid DEFLATE data"),
    COMPRESSED_DATA_TRUNCATED(
            "compressed-data-truncated",
            "RFC 7692 7.2.2",
            INVALID_FRAME_PAYLOAD_DATA,
            "a compressed message must end at the end of a DEFLATE block"),
    EXTENSION_FAILED(
            "extension-failed", "7.4.1", INTERNAL_ERROR, "an extension of the receiver failed in its own code"),

    // The end of the stream: RFC 6455 §7.
    INCOMPLETE_FRAME("incomplete-frame", "7.1.7", ABNORMAL_CLOSURE, "the stream ended inside a frame"),
    INCOMPLETE_MESSAGE(
            "incomplete-message", "7.1.7", ABNORMAL_CLOSURE, "the stream ended between the fragments of a message"),
    MISSING_CLOSE_FRAME("missing-close-frame", "7.1.5", ABNORMAL_CLOSURE, "the stream ended without a Close frame"),
    DATA_AFTER_CLOSE("data-after-close", "5.5.1", Rule.NONE, "nothing may follow a Close frame"),

    // Time.
    FRAME_STALLED(
            "frame-stalled",
            Rule.POLICY,
            POLICY_VIOLATION,
            "no byte of an unfinished frame came for the progress timeout"),
    PONG_TIMEOUT("pong-timeout", Rule.POLICY, INTERNAL_ERROR, "no Pong answered a keepalive Ping in time"),
    CLOSE_TIMEOUT("close-timeout", "7.1.1", ABNORMAL_CLOSURE, "the closing handshake did not end in time"),

    // The opening handshake: RFC 6455 §4.
    HANDSHAKE_METHOD("handshake-method", "4.1", 405, "the request method must be GET"),
    HANDSHAKE_VERSION("handshake-version", "4.2.1", 426, "Sec-WebSocket-Version must be 13"),
    HANDSHAKE_HTTP_VERSION("handshake-http-version", "4.1", 505, "the HTTP version must be at least 1.1"),
    HANDSHAKE_UPGRADE("handshake-upgrade", "4.1", 426, "Upgrade must name websocket"),
    HANDSHAKE_CONNECTION("handshake-connection", "4.1", 400, "Connection must name Upgrade"),
    HANDSHAKE_HOST("handshake-host", "4.1", 400, "there must be exactly one valid Host header"),
    HANDSHAKE_KEY("handshake-key", "4.2.1", 400, "Sec-WebSocket-Key must be 16 bytes in base64"),
    HANDSHAKE_STATUS("handshake-status", "4.1", Rule.NONE, "the response's status must be 101"),
    HANDSHAKE_ACCEPT("handshake-accept", "4.1", Rule.NONE, "Sec-WebSocket-Accept must answer the key that was sent"),
    HANDSHAKE_SUBPROTOCOL("handshake-subprotocol", "4.1", 400, "the subprotocol must be one that was offered"),
    HANDSHAKE_EXTENSION("handshake-extension", "9.1", 400, "extensions must be well-formed and among those offered"),
    HANDSHAKE_HEADER_SYNTAX(
            "handshake-header-syntax", "4.1", 400, "the head must follow the grammar of HTTP/1.1 (RFC 9112)"),
    HANDSHAKE_BODY("handshake-body", "4.1", 400, "a handshake has no body"),
    HANDSHAKE_TOO_LARGE("handshake-too-large", Rule.POLICY, 431, "the head is larger than the limit"),
    HANDSHAKE_TIMEOUT("handshake-timeout", Rule.POLICY, 408, "the opening handshake did not end in time"),
    HANDSHAKE_INCOMPLETE("handshake-incomplete", "4.1", Rule.NONE, "the stream ended inside the opening handshake"),
    HANDSHAKE_ORIGIN("handshake-origin", "10.2", 403, "the Origin is not one the server allows"),

    // What a capture lacks; found by the doctor alone.
    CAPTURE_HOLE("capture-hole", Rule.CAPTURE, Rule.NONE, "the capture lacks bytes of the stream"),
    CAPTURE_TRUNCATED("capture-truncated", Rule.CAPTURE, Rule.NONE, "the capture, not the peer, cut the bytes off"),
    OVERLAP_CONFLICT(
            "overlap-conflict", Rule.CAPTURE, Rule.NONE, "two TCP segments carry different bytes for the same place"),
    NO_HANDSHAKE("no-handshake", Rule.CAPTURE, Rule.NONE, "the capture does not hold the opening handshake"),

    // The doctor's opinions.
    LENGTH_MISTAKE("length-mistake", Rule.OPINION, Rule.NONE, "a frame's declared length is probably wrong"),
    FOREIGN_DATA("foreign-data", Rule.OPINION, Rule.NONE, "these bytes look like another protocol's");

    /** What {@link #closeCode()} and {@link #httpStatus()} return where there is none. */
    public static final int NONE = 0;

    private static final String POLICY = "a limit of the receiver";
    private static final String CAPTURE = "a fact about the capture";
    private static final String OPINION = "an opinion";
    private static final int FIRST_CLOSE_CODE = 1000;

    private final String id;
    private final String section;
    private final int code;
    private final String sentence;

    Rule(String id, String section, int code, String sentence) {
        this.id = id;
        this.section = section;
        this.code = code;
        this.sentence = sentence;
    }

    /** Returns the stable id, for example {@code reserved-bits}. */
    public String id() {
        return id;
    }

    /** Returns where the rule comes from, for example {@code RFC 6455 §5.2}, or that it is a limit of the receiver. */
    public String source() {
        if (section.startsWith("RFC ")) {
            int space = section.lastIndexOf(' ');
            return section.substring(0, space) + " §" + section.substring(space + 1);
        }
        return Character.isDigit(section.charAt(0)) ? "RFC 6455 §" + section : section;
    }

    /** Returns the close code a breach is answered with, 1006 where no Close frame can be sent, or {@link #NONE}. */
    public int closeCode() {
        return code >= FIRST_CLOSE_CODE ? code : NONE;
    }

    /** Returns the HTTP status a server refuses the opening handshake with, or {@link #NONE}. */
    public int httpStatus() {
        return code < FIRST_CLOSE_CODE ? code : NONE;
    }

    /** Returns the rule in one sentence. */
    public String sentence() {
        return sentence;
    }

    @Override
    public String toString() {
        return id;
    }
}
