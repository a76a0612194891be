package io.sansocket.bench;

import io.sansocket.core.protocol.Protocol;
import java.util.Arrays;

/**
 * Prints how much heap an open connection takes that says nothing: the server's end, without extensions, its handshake
 * answered and transmitted. To be run with {@code -XX:+UseSerialGC -Xmx1g}.
 */
public final class IdleHeap {
    private static final int CONNECTIONS = 50_000;
    private static final int ROUNDS = 3;
    private static final int COLLECTIONS = 4;

    private IdleHeap() {}

    /** Measures some times; the first also has what is loaded and made once. */
    public static void main(String[] args) {
        var connections = new Protocol[CONNECTIONS];
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.fill(connections, null);
            long before = used();
            for (int i = 0; i < CONNECTIONS; i++) {
                connections[i] = Sessions.server();
            }
            System.out.println((used() - before) / CONNECTIONS + " bytes for each of " + connections.length);
        }
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
