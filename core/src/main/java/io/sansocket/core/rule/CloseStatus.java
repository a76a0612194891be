package io.sansocket.core.rule;

import java.util.Objects;

/**
 * What one Close frame said (RFC 6455 §5.5.1).
 *
 * @param code the status code; {@link CloseCode#NO_STATUS_RECEIVED} for a Close frame without one
 * @param reason the reason; empty when there is none
 * @since 0.1
 */
public record CloseStatus(int code, String reason) {
    /** A Close frame with an empty payload. */
    public static final CloseStatus NONE = new CloseStatus(CloseCode.NO_STATUS_RECEIVED, "");

    /** Checks that nothing is missing. */
    public CloseStatus {
        Objects.requireNonNull(reason);
    }

    /** Returns a status without a reason. */
    public static CloseStatus of(int code) {
        return new CloseStatus(code, "");
    }

    /** Tells whether the Close frame carries a code. */
    public boolean hasCode() {
        return code != CloseCode.NO_STATUS_RECEIVED;
    }

    /** Returns the code, its name and the reason, made safe to show: it is the peer's text. */
    @Override
    public String toString() {
        if (!hasCode()) {
            return "without a code";
        }
        String named = code + " (" + CloseCode.nameOf(code) + ")";
        return reason.isEmpty() ? named : named + " " + Excerpt.of(reason);
    }
}
