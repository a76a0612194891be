package io.sansocket.engine;

import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of one connection over a channel that does not block: plain, or through TLS. The loop's thread alone uses it. */
public interface Transport {
    /** What {@link #read} returns when the peer's stream has ended. */
    int END = -1;

    /** Returns the channel to wait for. */
    SocketChannel channel();

    /**
     * Reads what is there.
     *
     * @return how many bytes; 0 when none are there for now, {@link #END} when the peer ended its stream
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes what goes.
     *
     * @return how many bytes; fewer than remain when the channel takes no more for now
     */
    int write(ByteBuffer source) throws IOException;

    /** Returns how the peer's stream ended, once {@link #read} has returned {@link #END}. */
    TransportEnd end();

    /**
     * Returns what to wait for beside what the connection wants: a bit set of {@link java.nio.channels.SelectionKey}, as
     * when TLS must write before it can read; 0 for nothing.
     */
    int pendingOps();

    /** Tells whether bytes wait inside, so that reading must go on although the channel is silent. */
    boolean hasBuffered();

    /** Ends this end's stream. More may be read. Nothing happens where that was done before, or cannot be done now. */
    void shutdownOutput() throws IOException;

    /** Closes the channel, at once. */
    void close() throws IOException;
}
