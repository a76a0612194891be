package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Utf8Validator;

/**
 * Judges text over the fragments of a message (RFC 6455 §8.1), and each frame's payload on its own, in one pass.
 *
 * <p>After the first fault of a message only the frames are judged: one wrong byte is told once.
 */
final class TextJudge {
    /** Nothing is wrong. */
    static final int VALID = Utf8Validator.VALID;

    private final Utf8Validator validator = new Utf8Validator();
    /** Whether a fault is one of the message; false when the message has no known text, or its fault was told. */
    private boolean judging;
    /** Whether the current frame is valid on its own so far. */
    private boolean frameValid;

    /** Begins a message, whose text is judged or not. */
    void beginMessage(boolean judged) {
        judging = judged;
        validator.reset();
    }

    void beginFrame() {
        frameValid = validator.isComplete();
        if (!judging) {
            frameValid = true;
            validator.reset();
        }
    }

    /** Gives up on the message: its bytes are not all at hand. */
    void giveUp() {
        judging = false;
        frameValid = false;
        validator.reset();
    }

    /** Judges no further: what came of the message, up to a character perhaps, is all that will be seen. */
    void cutShort() {
        judging = false;
        validator.reset();
    }

    /** Returns the index in the array of the byte that is a fault of the message, or {@link #VALID}. */
    int judge(byte[] bytes, int offset, int length) {
        if (!judging && !frameValid) {
            return VALID;
        }
        int bad = validator.validate(bytes, offset, length);
        if (bad == VALID) {
            return VALID;
        }
        boolean told = judging;
        giveUp();
        return told ? bad : VALID;
    }

    /** Returns how many bytes the message's last character lacks, when that is a fault of a message that ends here. */
    int missingAtEnd() {
        return judging ? validator.missing() : 0;
    }

    /** Tells whether the current frame's payload, which ends here, is valid on its own. */
    boolean isFrameValid() {
        return frameValid && validator.isComplete();
    }
}
