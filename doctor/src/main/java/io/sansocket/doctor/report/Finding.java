package io.sansocket.doctor.report;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong, missing or worth to know.
 *
 * @param connection the number of the connection
 * @param from whose stream it is about
 * @param rule the rule of the catalogue
 * @param severity how much it weighs
 * @param offset the place of the offending byte; for a rule of the handshake, its place in the direction's bytes with the
 *     head
 * @param frame the {@link FrameReport#index} of the frame it is about; 0 when it is about none
 * @param message the sentence for people: what, where, how much, the limit
 * @param lengths the lengths of the frame that is not whole, or null
 * @param position the offending byte's place in the frame's payload; {@link #NONE} when it is not in one
 * @param endedBy who cut the frame or the message, or null
 * @since 0.1
 */
public record Finding(
        long connection,
        Role from,
        Rule rule,
        Severity severity,
        long offset,
        long frame,
        String message,
        @Nullable Lengths lengths,
        long position,
        @Nullable EndedBy endedBy)
        implements Report {
    /** No such number. */
    public static final long NONE = -1;

    /**
     * How long a frame's payload is.
     *
     * @param declared by the header; {@link #NONE} when the finding is not about one frame
     * @param received there; {@link #NONE} when the finding is not about one frame
     * @param missing not there
     */
    public record Lengths(long declared, long received, long missing) {
        /** Compares what a frame declares with what is there. */
        public static Lengths of(long declared, long received) {
            return new Lengths(declared, received, declared - received);
        }

        /** Says how many bytes a capture lacks, wherever they belong. */
        public static Lengths lacking(long missing) {
            return new Lengths(NONE, NONE, missing);
        }
    }

    /** Checks that nothing is missing. */
    public Finding {
        Objects.requireNonNull(rule);
        Objects.requireNonNull(message);
    }

    /** Makes a finding without lengths and positions. */
    public Finding(long connection, Role from, Rule rule, Severity severity, long offset, long frame, String message) {
        this(connection, from, rule, severity, offset, frame, message, null, NONE, null);
    }

    /** Returns this finding with the place in the frame's payload. */
    public Finding at(long newPosition) {
        return new Finding(connection, from, rule, severity, offset, frame, message, lengths, newPosition, endedBy);
    }

    /** Returns this finding with the lengths of the frame. */
    public Finding with(Lengths newLengths) {
        return new Finding(connection, from, rule, severity, offset, frame, message, newLengths, position, endedBy);
    }

    /** Returns this finding with who cut the stream. */
    public Finding endedBy(EndedBy who) {
        return new Finding(connection, from, rule, severity, offset, frame, message, lengths, position, who);
    }
}
