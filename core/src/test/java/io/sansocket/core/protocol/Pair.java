package io.sansocket.core.protocol;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.Role;
import io.sansocket.core.testing.BufferKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/** A client and a server on a virtual wire and a virtual clock. */
final class Pair {
    private final Endpoint client;
    private final Endpoint server;
    private int chunk = Integer.MAX_VALUE;
    private BufferKind kind = BufferKind.HEAP;
    private boolean clientEnded;
    private boolean serverEnded;

    private Pair(Settings forClient, Settings forServer, ExtensionProvider... extensions) {
        client = Endpoint.unopened(Role.CLIENT, forClient, 0, extensions);
        server = Endpoint.unopened(Role.SERVER, forServer, 0, extensions);
    }

    /** Returns a pair whose opening handshake is still to be run. */
    static Pair unopened(Settings forClient, Settings forServer, ExtensionProvider... extensions) {
        return new Pair(forClient, forServer, extensions);
    }

    /** Returns a pair whose opening handshake is done and forgotten. */
    static Pair open(Settings forClient, Settings forServer, ExtensionProvider... extensions) {
        Pair pair = new Pair(forClient, forServer, extensions);
        pair.run();
        pair.server.next(Event.HandshakeRequest.class);
        pair.server.accept();
        pair.run();
        pair.client.next(Event.Opened.class);
        pair.server.next(Event.Opened.class);
        return pair;
    }

    static Pair open(ExtensionProvider... extensions) {
        return open(Settings.CLIENT, Settings.SERVER, extensions);
    }

    static Pair open() {
        return open(new ExtensionProvider[0]);
    }

    /** Lets the wire carry pieces of this size, in buffers of this kind. */
    Pair wire(int newChunk, BufferKind newKind) {
        chunk = newChunk;
        kind = newKind;
        return this;
    }

    Endpoint client() {
        return client;
    }

    Endpoint server() {
        return server;
    }

    /** Moves bytes, and ends of streams, both ways until nothing moves. */
    Pair run() {
        boolean moved = true;
        while (moved) {
            boolean toServer = carry(client, server);
            moved = carry(server, client) || toServer;
            if (!clientEnded && client.protocol.isOutputDone()) {
                clientEnded = true;
                server.eof();
                moved = true;
            }
            if (!serverEnded && server.protocol.isOutputDone()) {
                serverEnded = true;
                client.eof();
                moved = true;
            }
        }
        return this;
    }

    private boolean carry(Endpoint from, Endpoint to) {
        byte[] bytes = from.takeSent();
        for (int at = 0; at < bytes.length; ) {
            int end = (int) Math.min(bytes.length, (long) at + chunk);
            ByteBuffer part = kind.of(Arrays.copyOfRange(bytes, at, end));
            to.receive(part);
            at = end;
        }
        return bytes.length > 0;
    }

    /** Moves both clocks, stops at every deadline on the way, and runs the wire there. */
    Pair advance(Duration duration) {
        long until = client.now + duration.toNanos();
        while (client.hasDeadlineUntil(until) || server.hasDeadlineUntil(until)) {
            long deadline = earliest(until);
            client.now = deadline;
            server.now = deadline;
            client.protocol.timeout(deadline);
            server.protocol.timeout(deadline);
            run();
            client.assertNothingIsDue();
            server.assertNothingIsDue();
        }
        client.now = until;
        server.now = until;
        return this;
    }

    private long earliest(long until) {
        long earliest = until;
        for (Endpoint end : new Endpoint[] {client, server}) {
            if (end.hasDeadlineUntil(earliest)) {
                earliest = end.protocol.deadline();
            }
        }
        return earliest;
    }

    /** Nothing is left unread or unsent. */
    void assertExhausted() {
        client.assertExhausted();
        server.assertExhausted();
    }
}
