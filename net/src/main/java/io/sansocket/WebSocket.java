package io.sansocket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.engine.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection, of a client or of a server.
 *
 * <pre>{@code
 * try (var ws = WebSocket.connect("ws://localhost:8765")) {
 *     ws.send("hello");
 *     System.out.println(ws.receiveText());
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread. Those that wait can be interrupted, and leave nothing half done. On an event
 * loop, as in a {@link Listener}, none waits: sends and {@link #close()} return at once, and what cannot do without waiting
 * throws an {@link IllegalStateException} that names its twin.
 *
 * @since 0.1
 */
public final class WebSocket implements AutoCloseable, Iterable<Message> {
    private final Session session;
    private final Handshake handshake;
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();

    /** Made when they are needed first; guarded by this object's monitor. */
    private volatile @Nullable ConcurrentMap<String, Object> attributes;
    /** Guarded by the monitor, too. */
    private @Nullable MessagePublisher messages;

    WebSocket(Session session, Handshake handshake) {
        this.session = session;
        this.handshake = handshake;
    }

    /**
     * Connects to a server, with the defaults, and waits until the connection is open.
     *
     * @param uri a ws or wss URI
     * @throws IllegalArgumentException if it is not one
     * @throws HandshakeRefusedException if the server answers with another status than 101
     * @throws javax.net.ssl.SSLException if TLS does not come about; the message says why
     * @throws ConnectionClosedException if the connection ends before it is open
     * @throws IOException if the server cannot be reached
     */
    public static WebSocket connect(String uri) throws IOException, InterruptedException {
        return builder(uri).connect();
    }

    /** Connects to a server as {@link #connect(String)} does. */
    public static WebSocket connect(URI uri) throws IOException, InterruptedException {
        return builder(uri).connect();
    }

    /**
     * Returns a builder, for all that can be chosen about a connection.
     *
     * @throws IllegalArgumentException if it is not a ws or wss URI
     */
    public static WebSocketBuilder builder(String uri) {
        return builder(WebSocketBuilder.uri(uri));
    }

    /** Returns a builder as {@link #builder(String)} does. */
    public static WebSocketBuilder builder(URI uri) {
        return new WebSocketBuilder(uri);
    }

    /**
     * Sends a text message, and waits until there is room for it among what is to be sent.
     *
     * @throws IllegalArgumentException if the text holds half a surrogate pair
     * @throws SendQueueFullException by the policies that do not wait
     * @throws ConnectionClosedException if the connection has ended
     * @throws InterruptedException if the thread is interrupted while it waits; then nothing is sent
     */
    public void send(String text) throws IOException, InterruptedException {
        if (!Sending.isDirect(session) || !session.sendNow(text)) {
            send(new Message.Text(text));
        }
    }

    /** Sends a binary message as {@link #send(ByteBuffer)} does. The array must not change before it is sent. */
    public void send(byte[] data) throws IOException, InterruptedException {
        send(new Message.Binary(ByteBuffer.wrap(data)));
    }

    /**
     * Sends a binary message: the buffer's remaining bytes, as {@link #send(String)} does. Its position stays where it is,
     * and its bytes must not change before they are sent, for which see {@link #sendAsync}.
     */
    public void send(ByteBuffer data) throws IOException, InterruptedException {
        if (!Sending.isDirect(session) || !session.sendNow(data)) {
            send(new Message.Binary(data.slice()));
        }
    }

    /** Sends a message, as {@link #send(String)} does. */
    public void send(Message message) throws IOException, InterruptedException {
        Sending.put(session, new Outgoing(message, null, null));
    }

    /**
     * Sends a message without waiting. Completes when its last byte was given to the system; fails with what {@link
     * #send(String)} throws. By {@link OverflowPolicy#BLOCK} it is queued although too much waits already, up to 16 times
     * the limit.
     */
    @CanIgnoreReturnValue
    public CompletableFuture<@Nullable Void> sendAsync(Message message) {
        var sent = new CompletableFuture<@Nullable Void>();
        Sending.putLater(session, new Outgoing(message, null, sent));
        return sent;
    }

    /** Sends a text message as {@link #sendAsync(Message)} does. */
    @CanIgnoreReturnValue
    public CompletableFuture<@Nullable Void> sendAsync(String text) {
        return sendAsync(new Message.Text(text));
    }

    /** Sends a binary message as {@link #sendAsync(Message)} does. Its bytes must not change until that completes. */
    @CanIgnoreReturnValue
    public CompletableFuture<@Nullable Void> sendAsync(ByteBuffer data) {
        return sendAsync(new Message.Binary(data.slice()));
    }

    /**
     * Begins a text message that is sent as it is written, in fragments (RFC 6455 §5.4). What other threads send meanwhile
     * waits until it is closed. One such message is open at a time: by every {@link OverflowPolicy}, this waits until the one
     * before is closed.
     *
     * @throws ConnectionClosedException if the connection has ended, or ends while this waits
     * @throws IllegalStateException if one is open and this is an event loop's thread, which must not wait
     * @throws InterruptedException if the thread is interrupted while it waits; then none is begun
     */
    public MessageWriter sendText() throws IOException, InterruptedException {
        return MessageWriter.open(session);
    }

    /** Begins a binary message that is sent as it is written, as {@link #sendText()} does. */
    public MessageOutputStream sendBinary() throws IOException, InterruptedException {
        return MessageOutputStream.open(session);
    }

    /**
     * Sends a Ping. Completes with the time until its Pong came; fails with a {@link ConnectionClosedException} when the
     * connection ends before that, and with an {@link IllegalStateException} when too many Pings wait for their Pong.
     */
    public CompletableFuture<Duration> ping() {
        var nanos = new CompletableFuture<Long>();
        session.onLoop(() -> session.ping(nanos), nanos);
        return nanos.handle((time, failure) -> {
            if (failure == null) {
                return Duration.ofNanos(time);
            }
            ConnectionClosedException ended = session.end();
            throw new CompletionException(ended == null ? failure : ended);
        });
    }

    /**
     * Receives the next message, and waits for it.
     *
     * @throws ConnectionClosedException if the connection has ended and every message was received
     * @throws InterruptedException if the thread is interrupted while it waits; then nothing is lost
     * @throws IllegalStateException if a listener receives the messages, or they are received as streams
     */
    public Message receive() throws IOException, InterruptedException {
        return Receiving.messages(session).take();
    }

    /**
     * Receives the next message, and waits so long for it.
     *
     * @throws TimeoutException if none came; it is received by the next call then
     */
    public Message receive(Duration timeout) throws IOException, InterruptedException, TimeoutException {
        return Receiving.messages(session).take(timeout);
    }

    /**
     * Receives the next message, which must be a text.
     *
     * @throws IllegalStateException if it is binary; {@link #receive()} returns it then
     */
    public String receiveText() throws IOException, InterruptedException {
        return ((Message.Text) Receiving.messages(session).take(Receiving::requireText)).text();
    }

    /**
     * Receives the next message when it comes; several calls are served in their order. Continuations run on the loop.
     *
     * <p>A future that is cancelled, or times out by {@link CompletableFuture#orTimeout}, takes no message: the next call
     * receives it. To cancel a future that was derived from this one does not reach this one.
     */
    public CompletableFuture<Message> receiveAsync() {
        return Receiving.messagesLater(session).takeLater();
    }

    /**
     * Receives the next piece of a message, and waits for it. Only where messages are received as streams.
     *
     * @throws IllegalStateException if a listener receives the messages, or they are received whole
     */
    public Fragment receiveFragment() throws IOException, InterruptedException {
        return Receiving.fragments(session).take();
    }

    /**
     * Receives the next message as a stream, and waits for its first bytes. Only where messages are received as streams.
     *
     * @throws IllegalStateException as {@link #receiveFragment}
     */
    public IncomingMessage receiveStream() throws IOException, InterruptedException {
        return new IncomingMessage(this, receiveFragment());
    }

    /**
     * Returns the messages that come, one after the other: {@code for (Message message : connection)}. It ends when the
     * connection ends as it should ({@link Closed#isOrdinary}); else it throws an {@link UncheckedIOException} whose cause is the {@link
     * ConnectionClosedException}. When the thread is interrupted it throws one, too, and the thread stays interrupted.
     */
    @Override
    public Iterator<Message> iterator() {
        return new MessageIterator(session);
    }

    /**
     * Returns the messages that come as a publisher, always the same, for one subscriber; no more is read than is asked for.
     * Who comes second, or where a listener receives, is told {@link IllegalStateException} by {@code onError}.
     */
    public Flow.Publisher<Message> messages() {
        synchronized (this) {
            if (messages == null) {
                messages = new MessagePublisher(this);
            }
            return messages;
        }
    }

    /** Reads nothing more from the peer, for a {@link Listener} that is at its limit; {@link #resume} goes on. */
    public void pause() {
        session.pause();
    }

    /** Reads on after {@link #pause}. */
    public void resume() {
        session.resume();
    }

    /** Closes with 1000 (normal closure), as {@link #close(int, String)} does. */
    @Override
    public void close() {
        close(CloseCode.NORMAL_CLOSURE, "");
    }

    /**
     * Closes the connection: sends what waits, then a Close frame, and waits for the peer's, for the close timeout at most.
     * When it is closed already nothing happens. When the thread is interrupted it returns at once, and the thread stays
     * interrupted; the connection closes all the same.
     *
     * @param code 1000–1003, 1007–1014 or 3000–4999
     * @param reason at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if the code may not be sent, or the reason is too long
     */
    public void close(int code, String reason) {
        CompletableFuture<Closed> done = closeAsync(code, reason);
        if (EventLoop.isLoopThread()) {
            return;
        }
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError(e); // it never fails
        }
    }

    /** Closes the connection without waiting. Completes with how it ended. */
    @CanIgnoreReturnValue
    public CompletableFuture<Closed> closeAsync(int code, String reason) {
        var status = new CloseStatus(code, reason);
        ClosePayload.format(status); // the caller's fault is thrown here
        session.onLoop(() -> session.close(status), null);
        return closed();
    }

    /** Returns what completes when the connection has ended, with how. It never fails. */
    public CompletableFuture<Closed> closed() {
        return closed.copy();
    }

    /** Tells whether the connection has not ended yet. */
    public boolean isOpen() {
        return session.end() == null;
    }

    /**
     * Returns the messages that were queued and of which no byte was sent, once the connection has ended; before that it is
     * empty. Bytes that the protocol had are counted in {@link Closed#unsent}. Among them are those that {@link
     * OverflowPolicy#CLOSE} refused, and one written in fragments if it was closed.
     */
    public List<Message> unsent() {
        return session.unsent();
    }

    /**
     * Tells what the connection waits for. Waits for the event loop, where the answer is.
     *
     * @throws IllegalStateException on another connection's event loop: {@link #progressAsync} does not wait
     */
    public Progress progress() {
        if (EventLoop.isLoopThread() && !session.conduit.loop().isCurrent()) {
            throw new IllegalStateException("an event loop must not wait for another one: use progressAsync()");
        }
        return progressAsync().join();
    }

    /** Tells what the connection waits for, as soon as its event loop has told. */
    public CompletableFuture<Progress> progressAsync() {
        return Waiting.ask(session);
    }

    /** Returns the time from the last answered Ping to its Pong; empty before the first. */
    public Optional<Duration> latency() {
        long nanos = session.latency();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /** Returns the agreed subprotocol. */
    public Optional<String> subprotocol() {
        return Optional.ofNullable(handshake.subprotocol());
    }

    /** Returns the agreed extensions. */
    public List<ExtensionOffer> extensions() {
        return handshake.extensions();
    }

    /** Returns the client's request. It is read anew for each call. */
    public HttpRequest request() {
        return handshake.request();
    }

    /** Returns the server's response. It is read anew for each call. */
    public HttpResponse response() {
        return handshake.response();
    }

    /** Returns this end's address. */
    public SocketAddress localAddress() {
        return session.local;
    }

    /** Returns the peer's address. */
    public SocketAddress remoteAddress() {
        return session.remote;
    }

    /** Returns what TLS agreed to, with the peer's certificate; empty on a connection without TLS. */
    public Optional<SSLSession> tlsSession() {
        return session.conduit.transport().tlsSession();
    }

    /** Returns what the application has attached to this connection, to be read and changed by any thread. */
    public ConcurrentMap<String, Object> attributes() {
        ConcurrentMap<String, Object> map = attributes;
        if (map == null) {
            synchronized (this) {
                map = attributes;
                if (map == null) {
                    map = new ConcurrentHashMap<>();
                    attributes = map;
                }
            }
        }
        return map;
    }

    /** Returns the peer and how the connection stands, in a line. */
    @Override
    public String toString() {
        ConnectionClosedException ended = session.end();
        return "WebSocket to " + Addresses.show(session.remote) + ", " + (ended == null ? "open" : ended.closed());
    }

    Session session() {
        return session;
    }

    /** Tells who waits for the end. On the loop. */
    void tellClosed(Closed how) {
        closed.complete(how);
    }
}
