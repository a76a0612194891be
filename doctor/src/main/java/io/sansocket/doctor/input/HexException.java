package io.sansocket.doctor.input;

import java.io.IOException;

/**
 * Text that is no hex.
 *
 * <p>The message names the line, the column and the character. The bytes in front of the fault were delivered.
 *
 * @since 0.1
 */
public final class HexException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean atEnd;

    HexException(long line, long column, String message, boolean atEnd) {
        super("line " + line + ", column " + column + ": " + message);
        this.atEnd = atEnd;
    }

    /** Tells whether the text is fine and just stops too early. */
    boolean isAtEnd() {
        return atEnd;
    }
}
