package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.EndedBy;

/**
 * How a stream ended.
 *
 * @param by who or what ended it
 * @param words the same for people
 */
record Ending(EndedBy by, String words) {
    static final Ending OF_INPUT = new Ending(EndedBy.UNKNOWN, "the input ends here");
    static final Ending OF_CAPTURE = new Ending(EndedBy.CAPTURE_END, "the capture ends here");
    static final Ending HOLE = new Ending(EndedBy.HOLE, "the capture lacks the bytes behind");
    static final Ending SNAPLEN = new Ending(EndedBy.SNAPLEN, "the capture cut the packet off");

    static Ending fin(Role sender) {
        return new Ending(EndedBy.FIN, "the " + sender + " ended the stream (FIN)");
    }

    static Ending reset(Role by) {
        return new Ending(EndedBy.RESET, "the " + by + " reset the connection (RST)");
    }
}
