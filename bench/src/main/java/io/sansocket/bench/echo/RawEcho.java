package io.sansocket.bench.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sends back what comes, whatever it is: one selector, one buffer, one read and one write each time. */
final class RawEcho {
    private static final int BUFFER = 512 * 1024;

    private final Selector selector = Selector.open();
    private final ByteBuffer shared = ByteBuffer.allocateDirect(BUFFER);

    private RawEcho() throws IOException {}

    static void serve(int port) throws IOException {
        var echo = new RawEcho();
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Server.BACKLOG);
        listening.configureBlocking(false).register(echo.selector, SelectionKey.OP_ACCEPT);
        Server.ready();
        while (true) {
            echo.selector.select(echo::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.channel() instanceof SocketChannel channel) {
                move(key, channel);
            } else {
                accept((ServerSocketChannel) key.channel());
            }
        } catch (IOException e) {
            close(key);
        }
    }

    private void accept(ServerSocketChannel listening) throws IOException {
        SocketChannel accepted = listening.accept();
        if (accepted != null) {
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        }
    }

    /** Writes what is left, which is attached to the key; or else reads, and writes that. */
    private void move(SelectionKey key, SocketChannel channel) throws IOException {
        if (key.attachment() instanceof ByteBuffer left) {
            channel.write(left);
            if (!left.hasRemaining()) {
                key.attach(null);
                key.interestOps(SelectionKey.OP_READ);
            }
            return;
        }
        if (channel.read(shared.clear()) < 0) {
            close(key);
            return;
        }
        channel.write(shared.flip());
        if (shared.hasRemaining()) {
            key.attach(ByteBuffer.allocateDirect(shared.remaining()).put(shared).flip());
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("a connection cannot be closed: " + e);
        }
    }
}
