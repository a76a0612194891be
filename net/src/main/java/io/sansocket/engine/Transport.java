package io.sansocket.engine;

import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** The bytes of one connection over a channel that does not block: plain, or through TLS. The loop's thread alone uses it. */
public interface Transport {
    /** What {@link #read} returns when the peer's stream has ended. */
    int END = -1;

    /** Returns the channel to wait for. */
    SocketChannel channel();

    /**
     * Begins.
     *
     * @param resume to be run on the loop, from outside all calls, when reading and writing may go on although the channel
     *     has not said so
     */
    void start(Runnable resume) throws IOException;

    /**
     * Reads what is there.
     *
     * @param target has room for 64 KiB at least, several records of TLS
     * @return how many bytes; 0 when none are there for now, {@link #END} when the peer ended its stream
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes what goes. What does not must come first in the next call's source: TLS may have begun with it.
     *
     * @return how many bytes; fewer than remain when the channel takes no more for now
     */
    int write(ByteBuffer source) throws IOException;

    /** Returns how the peer's stream ended, once {@link #read} has returned {@link #END}. */
    TransportEnd end();

    /** Tells whether writing makes sense: not before TLS is up. */
    boolean takesOutput();

    /** Writes what waits inside, as far as it goes. */
    void flush() throws IOException;

    /**
     * Returns what to wait for, where the connection wants this: bit sets of {@link java.nio.channels.SelectionKey}. They
     * differ when TLS must write before it can read, or waits for something else than the channel.
     */
    int ops(int wanted);

    /** Tells whether bytes wait inside, so that reading must go on although the channel is silent. */
    boolean hasBuffered();

    /** Ends this end's stream. More may be read. Nothing happens where that was done before, or cannot be done now. */
    void shutdownOutput() throws IOException;

    /** Closes the channel, at once. */
    void close() throws IOException;

    /** Returns what was agreed to by TLS; empty without TLS. From any thread, once bytes have passed. */
    Optional<SSLSession> tlsSession();
}
