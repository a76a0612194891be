package io.sansocket.testkit;

import io.sansocket.core.frame.Role;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.rule.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of a {@link Pair}: sends, and keeps what happened until the test looks at it.
 *
 * <p>What it sends moves with the next {@link Pair#run} or {@link Pair#advance}.
 *
 * @since 0.1
 */
public final class End {
    private final Role role;
    private final Protocol protocol;
    private final LongSupplier clock;
    private final Deque<Event> unread = new ArrayDeque<>();
    private Consumer<Event> handler = event -> {};
    private @Nullable Closed closed;

    End(Role role, Protocol protocol, LongSupplier clock) {
        this.role = role;
        this.protocol = protocol;
        this.clock = clock;
    }

    /** Returns whether this is the client or the server. */
    public Role role() {
        return role;
    }

    /** Returns the protocol itself, for what has no method here; give it {@link Pair#now} for the time. */
    public Protocol protocol() {
        return protocol;
    }

    /** Sends a text message, as {@link Protocol#sendText}. */
    public End sendText(String text) {
        protocol.sendText(text);
        return this;
    }

    /** Sends a binary message, as {@link Protocol#sendBinary}. */
    public End sendBinary(byte... data) {
        protocol.sendBinary(ByteBuffer.wrap(data.clone()));
        return this;
    }

    /** Sends a ledger's message, as text or binary as it says. */
    public End send(LedgerMessage message) {
        if (message.isText()) {
            protocol.sendText(message.text());
        } else {
            protocol.sendBinary(message.bytes());
        }
        return this;
    }

    /** Sends a Ping with a text of at most 125 bytes, as {@link Protocol#sendPing}. */
    public End ping(String payload) {
        protocol.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)), now());
        return this;
    }

    /** Begins the closing handshake with a code, as {@link Protocol#close}. */
    public End close(int code) {
        return close(CloseStatus.of(code));
    }

    /** Begins the closing handshake, as {@link Protocol#close}. */
    public End close(CloseStatus status) {
        protocol.close(status, now());
        return this;
    }

    /**
     * Accepts the request, which {@link Pair#open} does by itself.
     *
     * @throws IllegalStateException if this is the client, or no request waits
     */
    public End accept() {
        return accept(null, HttpHeaders.empty());
    }

    /**
     * Accepts the request, as {@link ServerProtocol#accept(String, HttpHeaders, long)}.
     *
     * @throws IllegalStateException if this is the client, or no request waits
     */
    public End accept(@Nullable String subprotocol, HttpHeaders headers) {
        server().accept(subprotocol, headers, now());
        return this;
    }

    /**
     * Refuses the request, as {@link ServerProtocol#refuse}.
     *
     * @throws IllegalStateException if this is the client, or no request waits
     */
    public End refuse(HttpResponse response) {
        server().refuse(response, now());
        return this;
    }

    private ServerProtocol server() {
        if (protocol instanceof ServerProtocol server) {
            return server;
        }
        throw new IllegalStateException("a client answers no request");
    }

    /**
     * Hands each event to a handler as it comes, too; it may send and close. Events that wait are handed over at once; the
     * handler set last is the one that counts.
     */
    public End onEvent(Consumer<Event> newHandler) {
        handler = Objects.requireNonNull(newHandler);
        List.copyOf(unread).forEach(handler);
        return this;
    }

    /** Returns the events since the last look. */
    public List<Event> events() {
        var events = new ArrayList<>(unread);
        unread.clear();
        return events;
    }

    /**
     * Expects that these events came since the last look, and no others. Two events are the same when they are equal;
     * for those that carry time or heads take {@link #next}.
     *
     * @throws AssertionError if others came
     */
    public End expect(Event... expected) {
        List<Event> events = events();
        if (!events.equals(List.of(expected))) {
            throw new AssertionError("the " + role + " was expected to get " + List.of(expected) + ", it got " + events
                    + "; now " + protocol.progress());
        }
        return this;
    }

    /**
     * Takes the next event.
     *
     * @throws AssertionError if there is none, or it is of another kind
     */
    public <E extends Event> E next(Class<E> kind) {
        Event event = unread.poll();
        if (kind.isInstance(event)) {
            return kind.cast(event);
        }
        String found = event == null ? "nothing; " + protocol.progress() : event.toString();
        throw new AssertionError(
                "the " + role + " was expected to get a " + kind.getSimpleName() + ", it got " + found);
    }

    /**
     * Returns how the connection ended; again at each call.
     *
     * @throws AssertionError if it has not ended
     */
    public Closed closed() {
        if (closed == null) {
            throw new AssertionError("the " + role + "'s connection has not ended: " + protocol.progress());
        }
        return closed;
    }

    /** Tells whether the connection has ended. */
    public boolean isClosed() {
        return closed != null;
    }

    // ---- what the pair does ----

    void receive(ByteBuffer bytes) {
        protocol.receive(bytes, now());
        settle();
    }

    void receiveEof() {
        protocol.receiveEof(now());
        settle();
    }

    void receiveReset() {
        protocol.receiveReset(now());
        settle();
    }

    boolean isDue(long time) {
        return protocol.deadline() != Protocol.NO_DEADLINE && protocol.deadline() - time <= 0;
    }

    void timeout() {
        protocol.timeout(now());
        settle();
    }

    /** Takes the events. */
    boolean settle() {
        boolean moved = false;
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            moved = true;
            unread.add(event);
            if (event instanceof Closed end) {
                closed = end;
            }
            handler.accept(event);
        }
        return moved;
    }

    private long now() {
        return clock.getAsLong();
    }
}
