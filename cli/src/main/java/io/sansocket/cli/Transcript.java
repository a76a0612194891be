package io.sansocket.cli;

import io.sansocket.Listener;
import io.sansocket.core.http.HttpResponse;

/** What is written on standard output about a connection: its events, and why there is none. */
interface Transcript extends Listener {
    /** The server answered the opening handshake with another status than 101. */
    default void refused(HttpResponse response) {}

    /** There is no connection, for this reason. */
    default void failed(String reason) {}

    /** Tells that nobody reads any more, as behind {@code | head}. */
    boolean isUnread();
}
