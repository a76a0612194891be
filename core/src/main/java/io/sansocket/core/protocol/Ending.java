package io.sansocket.core.protocol;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Violation;
import org.jspecify.annotations.Nullable;

/** What is known of a connection's end before it has come; most of it will be in {@link Closed}. An open one has none. */
final class Ending {
    static final long NOT_BROKEN = -1;

    @Nullable
    CloseStatus closeSent;

    @Nullable
    CloseStatus closeReceived;

    boolean peerFirst;

    @Nullable
    Violation violation;

    /** Where the stream broke a rule, or {@link #NOT_BROKEN}. */
    long brokenAt = NOT_BROKEN;
    /** How far closing has come, in words, where that is no matter of frames; else empty. */
    String closing = "";
    /** How the peer has ended its stream, where this end has something left to say; else null. */
    @Nullable
    TransportEnd peerEnded;

    /** Where the stream stood when the connection closed; null until then. */
    @Nullable
    Progress lastProgress;

    /** Returns why the connection fails, in words. */
    String why() {
        return violation == null ? closing : violation.toString();
    }
}
