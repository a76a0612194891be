package io.sansocket;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.engine.TlsTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The loop's side of a connection: takes what comes, and how it ends, to the listener or the inbox. The loop's thread alone
 * touches it, except for what is said to be otherwise.
 *
 * <p>How it sends is in {@link Pump}, what it shares with other threads in {@link MeetingPoint}.
 */
final class Session extends Pump {
    /** What is read at once where a thread takes the messages: what it does not take is kept. */
    private static final int PULL_READ = 64 * 1024;

    private final Opener opener;
    /** This end's address and the peer's, while the channel was open. */
    final SocketAddress local;

    final SocketAddress remote;

    private @Nullable WebSocket webSocket;
    private @Nullable Listener listener;
    /** Made with the application's first Ping; null again when the connection has ended. */
    private @Nullable Pings pings;

    /** How many bytes are held of what is not whole. */
    private long held;
    /** Whether the channel is read; not so while the inbox is full. */
    private boolean reading = true;
    /** Whether the inbox is full. */
    private boolean full;

    Session(Protocol protocol, Opener opener, System.Logger logger, SocketChannel channel) {
        this(protocol, opener, logger, Addresses.local(channel), Addresses.remote(channel));
    }

    private Session(Protocol protocol, Opener opener, System.Logger logger, SocketAddress local, SocketAddress remote) {
        super(opener.traffic(), protocol, new Log(logger, remote));
        this.opener = opener;
        this.local = local;
        this.remote = remote;
    }

    @Override
    public boolean text(String text) {
        WebSocket open = connection();
        log.text(text);
        if (listener == null) {
            if (isKept()) {
                keep(boxes().messages.put(new Message.Text(text), 2L * text.length()));
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
                keep(boxes().messages.put(new Message.Binary(data), data.remaining()));
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
        WebSocket made = new WebSocket(this, new Handshake(opened));
        webSocket = made;
        listener = opener.listener();
        if (listener == null) {
            conduit.readAtMost(PULL_READ);
        }
        try {
            opener.opened(made);
            if (listener != null) {
                listener.onOpen(made);
                takeSent(); // a greeting is no answer
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
            keep(boxes().fragments.put(fragment, size));
        }
    }

    /** Tells whether what comes is kept: not what comes on top of a full inbox while the application waits for the end. */
    private boolean isKept() {
        return !(isClosing() && full);
    }

    private void keep(boolean room) {
        full = !room;
        if (full && reading && !isClosing()) {
            reading = false;
            conduit.receive(false);
        }
    }

    @Override
    void receive(boolean wanted) {
        reading = wanted;
        full = full && !wanted;
        conduit.receive(wanted);
    }

    void ping(CompletableFuture<Long> latency) {
        if (pings == null) {
            pings = new Pings();
        }
        pings.send(protocol, conduit.now(), latency);
        conduit.settle();
    }

    private void pong(WebSocket open, Event.Pong pong) {
        latency(protocol.latency()); // who is told of the Pong may ask for it
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
        sendNoMore();
        var exception = new ConnectionClosedException(closed, conduit.failure());
        if (endedInTls()) {
            log.tlsFailed(TlsFault.ofServer(conduit.failure(), exception));
        } else if (webSocket != null) {
            log.closed(closed, conduit.failure()); // of others the opener knows how much that means
        }
        WebSocket open = webSocket;
        // Who is told by what follows finds how it ended, and what was not sent.
        Unsent left = noteEnd(exception);
        failSends(exception);
        if (pings != null) {
            pings.fail(exception);
            pings = null;
        }
        opener.closed(this, open, exception);
        tellEnd(exception, left);
        if (open != null) {
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

    /** Tells whether the opening handshake was done, however it is now. On the loop. */
    boolean hasOpened() {
        return webSocket != null;
    }

    /** Tells whether the connection ended before it was open, and because of TLS. */
    boolean endedInTls() {
        return webSocket == null
                && conduit.transport() instanceof TlsTransport tls
                && (!tls.isEstablished() || conduit.failure() instanceof SSLException);
    }

    @Override
    public void batchEnd() {
        latency(protocol.latency());
        hold(protocol.bufferedInput() + conduit.unread());
    }

    @Override
    public void released() {
        hold(0);
        opener.released(this);
    }

    /** Counts what is held of what is not whole. */
    private void hold(long bytes) {
        if (bytes == held) {
            return;
        }
        MemoryBudget budget = traffic.budget();
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

    /** Tells what the connection waits for. On the loop. */
    Progress progress() {
        return Waiting.of(protocol.progress(), conduit, reading, full && !isClosing());
    }

    /** Tells whether a listener is told what happens. From any thread. */
    boolean hasListener() {
        return opener.listener() != null;
    }

    /** Tells whether messages are received as streams. From any thread. */
    boolean isStreamed() {
        return opener.isStreamed();
    }
}
