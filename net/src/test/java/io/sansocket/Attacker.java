package io.sansocket;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client without a library, which holds next to no memory: it writes what it is given, and reads when it is told to. */
final class Attacker implements Closeable {
    private static final String REQUEST = String.join(
            "\r\n",
            "GET /attack HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate",
            "",
            "");

    /** After so long without room the peer is taken to read no more. */
    private static final int FULL_MILLIS = 250;

    private final SocketChannel channel;
    private final Selector selector;

    private Attacker(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** Connects, and says nothing. */
    static Attacker connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        Selector selector = Selector.open();
        channel.register(selector, SelectionKey.OP_WRITE);
        return new Attacker(channel, selector);
    }

    /** Connects and does the opening handshake. */
    static Attacker open(int port) throws IOException {
        Attacker attacker = connect(port);
        attacker.write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        attacker.readHead();
        return attacker;
    }

    /** Writes, and tells whether the peer took it all; else it reads no more. */
    boolean write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            if (channel.write(left) == 0 && selector.select(key -> {}, FULL_MILLIS) == 0) {
                return false;
            }
        }
        return true;
    }

    private void readHead() throws IOException {
        String end = "\r\n\r\n";
        var head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.length() < end.length()
                || !head.substring(head.length() - end.length()).equals(end)) {
            if (read(one.clear()) < 0) {
                throw new EOFException("the head ends behind " + head);
            }
            head.append((char) one.get(0));
        }
    }

    /** Reads until the peer ends its stream, and returns how many bytes came; a reset is an end, too. */
    long readToEnd() {
        long count = 0;
        ByteBuffer target = ByteBuffer.allocate(4096);
        try {
            for (int read = read(target); read >= 0; read = read(target.clear())) {
                count += read;
            }
        } catch (IOException e) {
            return count;
        }
        return count;
    }

    private int read(ByteBuffer target) throws IOException {
        SelectionKey key = channel.keyFor(selector);
        key.interestOps(SelectionKey.OP_READ);
        selector.select(ready -> {});
        int count = channel.read(target);
        key.interestOps(SelectionKey.OP_WRITE);
        return count;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }

    /** Returns a masked frame whose key is zero; the first byte is as it goes over the wire. */
    static byte[] frame(int first, byte... payload) {
        return header(first, payload.length, payload);
    }

    /** Returns a frame of which less is there than it declares. */
    static byte[] header(int first, long declared, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (declared <= 125) {
            frame.put((byte) (0x80 | declared));
        } else if (declared <= 0xFFFF) {
            frame.put((byte) 0xFE).putShort((short) declared);
        } else {
            frame.put((byte) 0xFF).putLong(declared);
        }
        frame.putInt(0).put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** Returns bytes so often. */
    static byte[] times(int count, byte[] bytes) {
        byte[] all = new byte[count * bytes.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }
}
