package io.sansocket.engine;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** The order in which a host's addresses are tried where it has several of IPv4 and of IPv6. */
final class AddressFamilies {
    private AddressFamilies() {}

    /**
     * Lets the families take turns, each in its own order, that of the first address first. RFC 8305 §4: "the client
     * SHOULD modify the ordered list to interleave address families", so that a family that does not work costs one wait.
     */
    static List<SocketAddress> inTurns(List<? extends SocketAddress> addresses) {
        Map<Class<?>, Queue<SocketAddress>> families = new LinkedHashMap<>();
        for (SocketAddress address : addresses) {
            families.computeIfAbsent(family(address), any -> new ArrayDeque<>()).add(address);
        }
        List<SocketAddress> ordered = new ArrayList<>();
        while (ordered.size() < addresses.size()) {
            for (Queue<SocketAddress> family : families.values()) {
                SocketAddress next = family.poll();
                if (next != null) {
                    ordered.add(next);
                }
            }
        }
        return ordered;
    }

    private static Class<?> family(SocketAddress address) {
        boolean named = address instanceof InetSocketAddress inet && inet.getAddress() != null;
        return named ? ((InetSocketAddress) address).getAddress().getClass() : address.getClass();
    }
}
