package io.sansocket;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.engine.Application;
import io.sansocket.engine.Conduit;
import io.sansocket.engine.EventLoop;
import io.sansocket.engine.TlsTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The loop's side of a connection: takes the protocol's events to the listener or the inbox, and what was sent to the
 * protocol. The loop's thread alone touches it, except for what is said to be otherwise.
 */
final class Session implements Application {
    /** What the loop gives the protocol ahead of the channel, in bytes: the rest waits where it can still be dropped. */
    private static final int AHEAD = 64 * 1024;
    /** What is read at once where a thread takes the messages: what it does not take is kept. */
    private static final int PULL_READ = 64 * 1024;

    final Protocol protocol;
    private final Opener opener;
    final Log log;
    /** This end's address and the peer's, while the channel was open. */
    final SocketAddress local;

    final SocketAddress remote;

    @SuppressWarnings("NullAway.Init") // set before the conduit is started
    Conduit conduit;

    private @Nullable WebSocket webSocket;
    private @Nullable Listener listener;
    /** Made with the first send that somebody waits for; null again when the connection has ended. */
    private @Nullable Sends sends;
    /** Made with the application's first Ping; null again when the connection has ended. */
    private @Nullable Pings pings;

    /** How many bytes are held of what is not whole. */
    private long held;
    /** Whether the channel is read; not so while the inbox is full. */
    private boolean reading = true;
    /** How much was sent on the loop since the conduit asked last. */
    private long sent;
    /** Whether the inbox is full. */
    private boolean full;
    /** Whether this end asked to close: what still comes is not kept beyond what the inbox holds. */
    private boolean closing;
    /** What the application closes with, once the outbox is empty; null while it does not. */
    private @Nullable CloseStatus pendingClose;

    Session(Protocol protocol, Opener opener, System.Logger logger, SocketChannel channel) {
        this.protocol = protocol;
        this.opener = opener;
        local = Addresses.local(channel);
        remote = Addresses.remote(channel);
        log = new Log(logger, remote);
    }

    // ---- what happens ----

    @Override
    public boolean text(String text) {
        WebSocket open = connection();
        log.text(text);
        if (listener == null) {
            if (isKept()) {
                keep(open.boxes().messages.put(new Message.Text(text), 2L * text.length()));
            }
        } else {
            try {
                listener.onText(open, text);
            } catch (RuntimeException | Error e) {
                listenerFailed(e);
            }
        }
        return reading;
    }

    @Override
    public boolean binary(ByteBuffer data) {
        WebSocket open = connection();
        log.binary(data);
        if (listener == null) {
            if (isKept()) {
                keep(open.boxes().messages.put(new Message.Binary(data), data.remaining()));
            }
        } else {
            tell(listener, open, data);
        }
        return reading;
    }

    @Override
    public boolean binaryInPlace(ByteBuffer borrowed) {
        if (listener == null) {
            return binary(
                    ByteBuffer.allocate(borrowed.remaining()).put(borrowed).flip());
        }
        log.binary(borrowed);
        tell(listener, connection(), borrowed);
        return reading;
    }

    private void tell(Listener told, WebSocket open, ByteBuffer data) {
        try {
            told.onBinary(open, data);
        } catch (RuntimeException | Error e) {
            listenerFailed(e);
        }
    }

    private WebSocket connection() {
        return Objects.requireNonNull(webSocket);
    }

    @Override
    public boolean event(Event event) {
        log.event(event);
        WebSocket open = webSocket;
        if (event instanceof Closed closed) {
            end(closed);
        } else if (open == null) {
            opening(event);
        } else {
            try {
                deliver(open, event);
            } catch (RuntimeException | Error e) {
                listenerFailed(e);
            }
        }
        return reading;
    }

    private void opening(Event event) {
        if (event instanceof Event.Opened opened) {
            open(opened);
        } else {
            opener.opening(this, event);
        }
    }

    private void open(Event.Opened opened) {
        WebSocket made = new WebSocket(this, opener.traffic(), new Handshake(opened), opener.isStreamed());
        webSocket = made;
        listener = opener.listener();
        if (listener == null) {
            conduit.readAtMost(PULL_READ);
        }
        try {
            opener.opened(made);
            if (listener != null) {
                listener.onOpen(made);
                sent = 0; // a greeting is no answer
            }
        } catch (RuntimeException | Error e) {
            listenerFailed(e);
        }
    }

    private void deliver(WebSocket open, Event event) {
        if (event instanceof Event.TextFragment text) {
            deliver(
                    open,
                    new Fragment.Text(text.text(), text.last()),
                    2L * text.text().length());
        } else if (event instanceof Event.BinaryFragment binary) {
            deliver(
                    open,
                    new Fragment.Binary(binary.data(), binary.last()),
                    binary.data().remaining());
        } else if (event instanceof Event.Pong pong) {
            pong(open, pong);
        } else if (listener != null && event instanceof Event.Ping ping) {
            listener.onPing(open, ping.payload());
        } else if (listener != null && event instanceof Event.Stalled stalled) {
            listener.onStalled(open, stalled.progress());
        }
    }

    private void deliver(WebSocket open, Fragment fragment, long size) {
        if (listener != null) {
            listener.onFragment(open, fragment);
        } else if (isKept()) {
            keep(open.boxes().fragments.put(fragment, size));
        }
    }

    /** Tells whether what comes is kept: not what comes on top of a full inbox while the application waits for the end. */
    private boolean isKept() {
        return !(closing && full);
    }

    private void keep(boolean room) {
        full = !room;
        if (full && reading && !closing) {
            reading = false;
            conduit.receive(false);
        }
    }

    private void pong(WebSocket open, Event.Pong pong) {
        boolean answers = pings != null && pings.answer(pong);
        if (!answers && listener != null) {
            listener.onPong(open, pong.payload());
        }
    }

    private void listenerFailed(Throwable fault) {
        log.failed("a listener", "the connection is closed with 1011", fault);
        closeNow(new CloseStatus(CloseCode.INTERNAL_ERROR, "the application failed"));
    }

    private void end(Closed closed) {
        closing = true; // what is sent from here on goes to the outbox, which tells that it comes too late
        var exception = new ConnectionClosedException(closed, conduit.failure());
        if (endedInTls()) {
            log.tlsFailed(TlsFault.ofServer(conduit.failure(), exception));
        } else if (webSocket != null) {
            log.closed(closed, conduit.failure()); // of others the opener knows how much that means
        }
        WebSocket open = webSocket;
        // Who is told by what follows finds how it ended, and what was not sent.
        List<Outgoing> left = open == null ? List.of() : open.end(exception);
        if (sends != null) {
            sends.fail(exception);
            sends = null;
        }
        if (pings != null) {
            pings.fail(exception);
            pings = null;
        }
        opener.closed(this, open, exception);
        if (open != null) {
            open.tellEnd(exception, left);
            try {
                if (listener != null) {
                    listener.onClosed(open, closed);
                }
            } catch (RuntimeException | Error e) {
                log.failed("a listener", "it was told of the end", e);
            }
            open.tellClosed(closed); // at last: who waited for this may take it that all others know
        }
    }

    /** Notes that the loop's thread has sent something, as a listener does that answers. */
    void noteSent(long bytes) {
        sent += bytes;
    }

    @Override
    public long takeSent() {
        long taken = sent;
        sent = 0;
        return taken;
    }

    @Override
    public long queued() {
        Outbox outbox = webSocket == null ? null : webSocket.outboxIfAny();
        return outbox == null ? 0 : outbox.bytes();
    }

    @Override
    public void released() {
        hold(0);
        opener.released(this);
    }

    /** Tells whether the connection ended before it was open, and because of TLS. */
    boolean endedInTls() {
        return webSocket == null
                && conduit.transport() instanceof TlsTransport tls
                && (!tls.isEstablished() || conduit.failure() instanceof SSLException);
    }

    // ---- what goes out ----

    @Override
    public void writable() {
        if (sends != null) {
            sends.complete(conduit.written());
        }
        if (webSocket != null) {
            pump(webSocket);
        }
    }

    @Override
    public void batchEnd() {
        if (webSocket != null) {
            webSocket.latency(protocol.latency());
        }
        hold(protocol.bufferedInput() + conduit.unread());
    }

    /** Counts what is held of what is not whole. */
    private void hold(long bytes) {
        if (bytes == held) {
            return;
        }
        MemoryBudget budget = opener.traffic().budget();
        budget.change(held, bytes);
        boolean grew = bytes > held;
        held = bytes;
        // What is not read because of this end is not the peer's to answer for.
        if (grew && reading && budget.isExceededBy(bytes)) {
            conduit.loop().execute(() -> giveUp(budget));
        }
    }

    /** Closes a connection that holds too much, unless the end of another has made room meanwhile. */
    private void giveUp(MemoryBudget budget) {
        if (!budget.isExceededBy(held)) {
            return;
        }
        log.warn("holds " + held + " bytes of what is not whole, and the memory budget is exceeded (" + budget
                + "): closed with 1013");
        closeNow(new CloseStatus(CloseCode.TRY_AGAIN_LATER, "out of memory for unfinished messages"));
        conduit.cut(new IOException("the memory budget is exceeded: " + budget));
    }

    /** Tells whether a message may go straight to the protocol: it is open, and has room. */
    boolean hasRoom() {
        return !closing && conduit.waiting() < (conduit.isBlocked() ? AHEAD : EventLoop.BUFFER_SIZE);
    }

    /** Gives the protocol what waits in the outbox, as far as there is room, and at last the Close that waits behind it. */
    void pump(WebSocket open) {
        Outbox outbox = open.outboxIfAny();
        Outgoing next = null;
        while (outbox != null && hasRoom() && (next = outbox.poll()) != null) {
            send(open, next);
        }
        CloseStatus status = pendingClose;
        if (status != null && hasRoom() && next == null) {
            closeNow(status);
        }
        conduit.settle();
    }

    /** Gives a text to the protocol without more ado, and tells whether it took it: else the connection is closing. */
    boolean sendNow(String text) {
        if (closing || log.isVerbose()) {
            return false;
        }
        try {
            protocol.sendText(text);
        } catch (IllegalStateException e) {
            return false;
        }
        noteSent(text.length());
        conduit.settle();
        return true;
    }

    /** Gives bytes to the protocol as {@link #sendNow(String)} does. */
    boolean sendNow(ByteBuffer data) {
        if (closing || log.isVerbose()) {
            return false;
        }
        int size = data.remaining();
        try {
            if (conduit.loop().isLent()) {
                protocol.sendBinary(data);
            } else {
                protocol.sendBinaryByReference(data);
            }
        } catch (IllegalStateException e) {
            return false;
        }
        noteSent(size);
        conduit.settle();
        return true;
    }

    /**
     * Gives a message to the protocol.
     *
     * @throws IllegalArgumentException if it cannot be sent
     */
    void send(WebSocket open, Outgoing message) {
        try {
            message.sendTo(protocol, conduit.loop().isLent());
        } catch (IllegalStateException e) {
            // The connection is closing; how it ends is what the sender will be told.
            closing = true;
            open.outbox().addLate(message);
            return;
        }
        log.sent(message);
        if (message.sent() != null) {
            if (sends == null) {
                sends = new Sends();
            }
            sends.add(conduit.written() + conduit.waiting(), message.sent());
        }
    }

    void ping(CompletableFuture<Long> latency) {
        if (pings == null) {
            pings = new Pings();
        }
        pings.send(protocol, conduit.now(), latency);
        conduit.settle();
    }

    /** Begins the closing handshake, once what is in the outbox has gone. */
    void close(WebSocket open, CloseStatus status) {
        if (pendingClose == null) {
            pendingClose = status;
            open.outbox().close();
            pump(open);
        }
    }

    /** Begins the closing handshake at once. */
    void closeNow(CloseStatus status) {
        if (!closing) {
            closing = true;
            log.closing(status);
            protocol.close(status, conduit.now());
            receive(true);
        }
    }

    /** Tells what the connection waits for. On the loop. */
    Progress progress() {
        return Waiting.of(protocol.progress(), conduit, reading, full && !closing);
    }

    /** Tells whether a listener is told what happens. From any thread. */
    boolean hasListener() {
        return opener.listener() != null;
    }

    /** Says whether the application wants more to come. */
    void receive(boolean wanted) {
        reading = wanted;
        full = full && !wanted;
        conduit.receive(wanted);
    }
}
