package io.sansocket.engine;

import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** Bytes as they are, over TCP or a Unix domain socket. */
public final class PlainTransport implements Transport {
    private final SocketChannel channel;
    private boolean outputShut;

    /** Takes a connected channel, or one that is connecting. */
    public PlainTransport(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void start(Runnable resume) {}

    @Override
    public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public TransportEnd end() {
        return TransportEnd.PEER_EOF;
    }

    @Override
    public boolean takesOutput() {
        return true;
    }

    @Override
    public void flush() {}

    @Override
    public int ops(int wanted) {
        return wanted;
    }

    @Override
    public boolean hasBuffered() {
        return false;
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (!outputShut) {
            outputShut = true;
            channel.shutdownOutput();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public Optional<SSLSession> tlsSession() {
        return Optional.empty();
    }
}
