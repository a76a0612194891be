package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Utf8Validator;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.report.FrameReport;
import java.util.ArrayList;
import java.util.List;

/** Judges the payload of Close frames (RFC 6455 §5.5.1, §7.4): a code, and a reason in UTF-8. */
final class CloseJudge {
    static final long VALID = Utf8Validator.VALID;

    private static final int CODE_LENGTH = 2;
    private static final int BYTE = 0xFF;

    /** A breach, with the offending byte's place in the payload. */
    record Fault(Rule rule, long position, String message) {}

    private final Utf8Validator reason = new Utf8Validator();
    private boolean judging;
    private boolean reasonValid;

    void begin() {
        reason.reset();
        judging = true;
        reasonValid = true;
    }

    /** The capture lacks bytes of the payload. */
    void giveUp() {
        judging = false;
        reasonValid = false;
    }

    /** Returns the place in the payload of the first byte that cannot be part of a reason, or {@link #VALID}. */
    long judge(byte[] bytes, int length, long position) {
        int from = (int) Math.min(length, Math.max(0, CODE_LENGTH - position));
        int bad = reasonValid ? reason.validate(bytes, from, length - from) : Utf8Validator.VALID;
        if (bad == Utf8Validator.VALID) {
            return VALID;
        }
        reasonValid = false;
        return position + bad;
    }

    /** Judges the whole payload, of which the beginning was kept. */
    List<Fault> end(PayloadCollector payload) {
        var faults = new ArrayList<Fault>();
        if (!judging) {
            return faults;
        }
        if (payload.length() == 1) {
            // RFC 6455 §5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer".
            faults.add(new Fault(
                    Rule.INVALID_CLOSE_PAYLOAD, 0, "the Close frame's payload is 1 byte, a close code takes 2"));
        }
        int code = code(payload);
        if (code != FrameReport.NO_CODE && !CloseCode.isAllowedOnWire(code)) {
            faults.add(new Fault(
                    Rule.INVALID_CLOSE_CODE, 0, "close code " + code + " is not one that a Close frame may carry"));
        }
        if (reasonValid && !reason.isComplete()) {
            reasonValid = false;
            faults.add(new Fault(
                    Rule.INVALID_UTF8,
                    payload.length(),
                    "the close reason ends inside a character, which needs " + reason.missing()
                            + (reason.missing() == 1 ? " more byte" : " more bytes")));
        }
        return faults;
    }

    int code(PayloadCollector payload) {
        return payload.length() < CODE_LENGTH
                ? FrameReport.NO_CODE
                : ((payload.byteAt(0) & BYTE) << Byte.SIZE) | (payload.byteAt(1) & BYTE);
    }

    /** Tells whether the payload so far is a code and a reason, or nothing. */
    boolean isValid(PayloadCollector payload) {
        return payload.length() != 1 && reasonValid && reason.isComplete();
    }
}
