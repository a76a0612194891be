package io.sansocket.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * What a {@link FaultyPeer} does on a connection, step by step. The same script does for a server and for a client, where
 * nothing else is said.
 *
 * <p>When the steps are done the peer is silent: it neither reads nor writes, and its socket stays open until the peer is
 * closed. A script does not change; each method returns a new one with one step more.
 *
 * @since 0.1
 */
public final class Script {
    static final Script EMPTY = new Script(List.of());

    private static final String TLS = "tls";
    private static final String HTTP_TEXT =
            "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html><body>no upstream</body></html>";

    private final List<Step> steps;

    private Script(List<Step> steps) {
        this.steps = steps;
    }

    List<Step> steps() {
        return steps;
    }

    boolean beginsTls() {
        return !steps.isEmpty() && steps.get(0).name().equals(TLS);
    }

    private Script then(String name, Step.Action action) {
        return then(new Step(name, false, action));
    }

    private Script then(Step step) {
        if (!steps.isEmpty() && steps.get(steps.size() - 1).last()) {
            throw new IllegalStateException(
                    "nothing can follow " + steps.get(steps.size() - 1).name() + ", not " + step.name());
        }
        var more = new ArrayList<>(steps);
        more.add(step);
        return new Script(List.copyOf(more));
    }

    // ---- TLS ----

    /**
     * Begins TLS and does its handshake; what follows goes over it. Certificates are the context's: a wrong name is a
     * certificate for another one.
     */
    public Script tls(SSLContext context) {
        Objects.requireNonNull(context);
        return then(TLS, conversation -> conversation.beginTls(context));
    }

    /** Returns this script over TLS, from its first step. */
    public Script overTls(SSLContext context) {
        var all = new ArrayList<>(EMPTY.tls(context).steps);
        all.addAll(steps);
        return new Script(List.copyOf(all));
    }

    // ---- the opening handshake ----

    /** Does the opening handshake: a server reads the request and accepts it, a client asks and is accepted. */
    public Script handshake() {
        return then("handshake", conversation -> conversation.handshake().run());
    }

    /**
     * Sends the first bytes of a lawful head and no more: a client of its request, a server of its response, for which it
     * reads the request first.
     */
    public Script partOfHead(int bytes) {
        return then("partOfHead", conversation -> conversation.handshake().sendPart(bytes));
    }

    /** Accepts the request, with a {@code Sec-WebSocket-Accept} that answers another key; a server's only. */
    public Script wrongAccept() {
        return then("wrongAccept", conversation -> conversation.handshake().acceptWrongly());
    }

    /**
     * Reads the other end's head and answers nothing; {@link #raw} may follow, or {@link #handshake}, which answers the
     * request.
     */
    public Script readHead() {
        return then("readHead", conversation -> conversation.handshake().readHead());
    }

    // ---- lawful frames ----

    /** Sends a frame. */
    public Script frame(PeerFrame frame) {
        return then("frame " + frame, conversation -> conversation.send(conversation.encode(frame)));
    }

    /** Sends a text message. */
    public Script text(String text) {
        return frame(PeerFrame.text(text));
    }

    /** Sends a binary message. */
    public Script binary(byte... data) {
        return frame(PeerFrame.binary(data));
    }

    /** Sends a Ping. */
    public Script ping(String payload) {
        return frame(PeerFrame.ping(payload));
    }

    /** Sends the first fragment of a text message. */
    public Script fragment(String text) {
        return frame(PeerFrame.fragment(text));
    }

    /** Sends a Close frame; a second one, or data behind it, is unlawful and can be sent all the same. */
    public Script close(int code) {
        return frame(PeerFrame.close(code));
    }

    // ---- unlawful bytes ----

    /** Sends bytes as they are. */
    public Script raw(byte... bytes) {
        byte[] copy = bytes.clone();
        return then("raw", conversation -> conversation.send(copy));
    }

    /** Sends a text's bytes in UTF-8 as they are. */
    public Script raw(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends a frame's header and the first bytes of its payload.
     *
     * @throws IllegalArgumentException if the payload has fewer bytes
     */
    public Script truncate(PeerFrame frame, int payloadBytes) {
        if (payloadBytes < 0 || payloadBytes > frame.payloadLength()) {
            throw new IllegalArgumentException(
                    "the payload has " + frame.payloadLength() + " bytes, " + payloadBytes + " of them cannot be sent");
        }
        return then("truncate " + frame, conversation -> {
            byte[] bytes = conversation.encode(frame);
            conversation.send(bytes, bytes.length - frame.payloadLength() + payloadBytes);
        });
    }

    /** Sends the first bytes of a frame's header. A header has at least 2, a client's at least 6. */
    public Script truncateHeader(PeerFrame frame, int headerBytes) {
        return then("truncateHeader " + frame, conversation -> {
            byte[] bytes = conversation.encode(frame);
            int header = bytes.length - frame.payloadLength();
            if (headerBytes < 0 || headerBytes > header) {
                throw new IllegalArgumentException(
                        "the header has " + header + " bytes, " + headerBytes + " of them cannot be sent");
            }
            conversation.send(bytes, headerBytes);
        });
    }

    /** Sends a frame that is masked where it must not be, or not masked where it must (RFC 6455 §5.1). */
    public Script badMask(PeerFrame frame) {
        return then("badMask " + frame, conversation -> conversation.send(conversation.encodeWrongly(frame)));
    }

    /** Sends the header of a binary frame that declares a length, in 64 bits whatever it is; a negative one sets the MSB. */
    public Script hugeLength(long declared) {
        return then("hugeLength", conversation -> conversation.send(conversation.header(declared)));
    }

    /** Sends an HTTP response where a frame is due, as proxies do that lose their upstream. */
    public Script httpText() {
        return raw(HTTP_TEXT);
    }

    // ---- how it writes and reads ----

    /** From here on writes bytes one by one, with a flush after each. */
    public Script dribble() {
        return then("dribble", Conversation::dribble);
    }

    /** Reads a number of bytes. With {@link #stall} behind it, this is a peer that reads slowly and then no more. */
    public Script read(int bytes) {
        return then("read", conversation -> conversation.read(bytes));
    }

    /** Reads until the other end's Close frame has come. */
    public Script readUntilClose() {
        return then("readUntilClose", Conversation::readUntilClose);
    }

    /** Reads until the other end's stream ends, lawfully or not. */
    public Script readUntilEnd() {
        return then("readUntilEnd", Conversation::readUntilEnd);
    }

    /** Reads until the other end's Close frame, and answers it as it should. */
    public Script answerClose(int code) {
        return readUntilClose().close(code);
    }

    /** Runs something of the test's own, as counting down a latch. */
    public Script call(Runnable action) {
        return then("call", conversation -> action.run());
    }

    // ---- how it ends ----

    /** Ends its stream: FIN, over TLS with close_notify before it. It reads nothing more unless a later step does. */
    public Script fin() {
        return then("fin", Conversation::fin);
    }

    /** Ends its stream and goes on reading until the other end does. */
    public Script halfClose() {
        return fin().readUntilEnd();
    }

    /** Ends the TCP stream without TLS's close_notify: what an attacker can do (RFC 8446 §6.1). Needs {@link #tls}. */
    public Script finWithoutCloseNotify() {
        return then("finWithoutCloseNotify", Conversation::finWithoutCloseNotify);
    }

    /** Resets the connection: RST. */
    public Script reset() {
        return then(new Step("reset", true, Conversation::reset));
    }

    /** Does nothing until the peer is closed. */
    public Script stall() {
        return then(new Step("stall", true, conversation -> {}));
    }

    /** Reads and discards everything, and never answers: half-open. */
    public Script swallow() {
        return then(new Step("swallow", true, Conversation::swallow));
    }

    /** Returns the names of the steps. */
    @Override
    public String toString() {
        return String.join(", ", steps.stream().map(Step::name).toList());
    }
}
