package io.sansocket.core.http;

import org.jspecify.annotations.Nullable;

/** The grammar of one line of a head, fed byte by byte; CR, LF and the limits are the parser's. */
sealed interface HeadLine permits RequestLine, StatusLine, FieldLine {
    /** Judges the byte at an index of the line. */
    @Nullable
    Fault accept(int index, int b);

    /** Judges the end of a line that is not empty. */
    @Nullable
    Fault end(int length);
}
