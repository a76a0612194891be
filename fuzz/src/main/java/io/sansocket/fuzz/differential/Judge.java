package io.sansocket.fuzz.differential;

import java.util.List;

/** One implementation: takes streams in their pieces, and says what it makes of each. */
interface Judge extends AutoCloseable {
    /** The most payload bytes that a frame or a message may have, told to every implementation that has a limit. */
    int LIMIT = 70_000;

    /** Returns the name it is chosen by. */
    String name();

    /** Returns the version that is judged. */
    String version();

    /** Tells whether it can be asked about a stream; not every implementation has every window size. */
    default boolean takes(Stream stream) {
        return true;
    }

    /** Returns a verdict for each of the streams, which it takes. */
    List<Verdict> judge(List<Stream> streams);

    @Override
    default void close() {}
}
