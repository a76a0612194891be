package io.sansocket.cli;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as people write them. */
final class AddressText {
    private AddressText() {}

    /** Returns an address without asking for names. */
    static String of(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return address.toString();
    }
}
