package io.sansocket.core.frame;

import io.sansocket.core.rule.ProtocolViolationException;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;

/**
 * The stream ended inside a frame, or between the fragments of a message (RFC 6455 §7.1.7).
 *
 * @since 0.1
 */
public final class IncompleteFrameException extends ProtocolViolationException {
    private static final long serialVersionUID = 1L;

    private final transient Progress progress;

    IncompleteFrameException(Rule rule, Progress progress) {
        super(new Violation(rule, progress.offset(), "the stream ended " + progress));
        this.progress = progress;
    }

    /** Returns where the stream stood when it ended: the frame's offset, header and opcode. */
    public Progress progress() {
        return progress;
    }

    /** Returns the payload bytes the frame declared; {@link Progress#UNKNOWN} when its header was cut. */
    public long declared() {
        return progress.declared();
    }

    /** Returns the payload bytes that came. */
    public long received() {
        return progress.received();
    }

    /** Returns the payload bytes that did not come; {@link Progress#UNKNOWN} when the header was cut. */
    public long missing() {
        return progress.missing();
    }
}
