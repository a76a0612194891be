package io.sansocket.fuzz.differential;

/** Something that a stream has, lawful or not, where implementations are known to part. */
enum Fact {
    /** A control frame stands between the fragments of a compressed message. */
    CONTROL_INSIDE_COMPRESSED,
    /** A Close frame stands between the fragments of a message. */
    CLOSE_INSIDE_MESSAGE,
    /** A frame inside a message has more payload than the limit leaves behind what came of the message so far. */
    MORE_THAN_IS_LEFT,
    /** A compressed message, as it is sent, is beyond the limit for what it decompresses to. */
    BEYOND_LIMIT_AS_SENT,
    /** A DEFLATE block has BFINAL set. */
    FINAL_BLOCK,
    /** The first frame of a compressed message has a payload, and no output. */
    NO_OUTPUT,
    /** A reference reaches further than the window that was agreed, or than what there is. */
    BEYOND_WINDOW
}
