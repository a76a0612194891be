package io.sansocket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The addresses of a channel, also when it is closed and has none any more. */
final class Addresses {
    private static final SocketAddress GONE = InetSocketAddress.createUnresolved("closed", 0);

    private Addresses() {}

    static SocketAddress local(SocketChannel channel) {
        try {
            return orGone(channel.getLocalAddress());
        } catch (IOException e) {
            return GONE;
        }
    }

    static SocketAddress remote(SocketChannel channel) {
        try {
            return orGone(channel.getRemoteAddress());
        } catch (IOException e) {
            return GONE;
        }
    }

    private static SocketAddress orGone(@Nullable SocketAddress address) {
        return address == null ? GONE : address;
    }

    /** Returns an address as people write it, without asking for names. */
    static String show(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        String text = address.toString();
        return text.isEmpty() ? "an unnamed socket" : text;
    }
}
