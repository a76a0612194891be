package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.Utf8;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The states of a connection and all that moves it between them: what comes in, time, and the application's close. */
final class Connection {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Role role;
    private final Settings settings;
    private final FrameSender sender;
    private final OutputQueue output;
    private final Queue<Event> events = new ArrayDeque<>();
    private final MessageAssembler messages;
    private final FrameDecoder decoder;
    private final Keepalive keepalive;
    private final Timer handshakeTimer;
    private final Timer closeTimer;
    private final Timer stallTimer;

    private State state = State.HANDSHAKE;
    /** The opening handshake; set before the first byte comes, null again once the connection is open. */
    private @Nullable Opening opening;

    private ExtensionChain extensions = ExtensionChain.EMPTY;
    /** The time of the call that is under way. */
    private long now;

    private long lastByteAt;
    // What will be in the terminal event; see Closed.
    private @Nullable CloseStatus closeSent;
    private @Nullable CloseStatus closeReceived;
    private boolean peerFirst;
    private @Nullable Violation violation;
    /** Why there is nothing to expect, where no violation says it; empty when there is. */
    private String ending = "";
    /** Where the stream stood when the connection closed; null until then. */
    private @Nullable Progress lastProgress;

    Connection(Role role, Settings settings, FrameSender sender, OutputQueue output, long now) {
        this.role = role;
        this.settings = settings;
        this.sender = sender;
        this.output = output;
        this.now = now;
        lastByteAt = now;
        messages = new MessageAssembler(settings.limits(), settings.delivery(), events::add);
        decoder = new FrameDecoder(role.peer(), new IncomingFrames(messages, this));
        keepalive = new Keepalive(settings.timeouts(), settings.limits().maxPendingPings());
        handshakeTimer = new Timer(settings.timeouts().handshake());
        closeTimer = new Timer(settings.timeouts().close());
        stallTimer = new Timer(settings.timeouts().progress());
        handshakeTimer.start(now);
    }

    void begin(Opening handshake) {
        opening = handshake;
    }

    // ---- the calls of an engine ----

    void receive(ByteBuffer in, long time) {
        now = time;
        if (in.hasRemaining()) {
            lastByteAt = time;
        }
        if (state == State.HANDSHAKE) {
            opening().receive(in);
        }
        if (state == State.OPEN || state == State.CLOSE_SENT) {
            decoder.decode(in);
            watchForStall();
        }
        // RFC 6455 §7.1.7: an endpoint "MUST NOT continue to attempt to process data" once it fails the connection;
        // §1.4: "After receiving a control frame indicating the connection should be closed, a peer discards any
        // further data received."
        in.position(in.limit());
    }

    private void watchForStall() {
        if (state == State.OPEN && (decoder.inPayload() || decoder.inHeader())) {
            stallTimer.start(now);
        } else {
            stallTimer.cancel();
        }
    }

    void transportEnded(TransportEnd end, long time) {
        now = time;
        switch (state) {
            case HANDSHAKE -> opening().transportEnded(end);
            case OPEN, CLOSE_SENT -> close(end, unfinished(end));
            case CLOSE_EXCHANGED, FAILING -> close(end, violation);
            case CLOSED -> {}
        }
    }

    /** Names what the stream ended inside of (RFC 6455 §7.1.5, §7.1.7). */
    private Violation unfinished(TransportEnd end) {
        Progress at = frames();
        Rule rule =
                switch (at.phase()) {
                    case IN_HEADER, IN_PAYLOAD -> Rule.INCOMPLETE_FRAME;
                    case BETWEEN_FRAGMENTS -> Rule.INCOMPLETE_MESSAGE;
                    default -> Rule.MISSING_CLOSE_FRAME;
                };
        String how = rule == Rule.MISSING_CLOSE_FRAME ? " without a Close frame " : " ";
        return new Violation(rule, at.offset(), end + how + at);
    }

    void transmitted() {
        // RFC 6455 §7.1.1: "the server MUST close the WebSocket Connection immediately" … "The client SHOULD wait for
        // the server to close the connection".
        if (state == State.CLOSE_EXCHANGED && role == Role.SERVER && output.isEmpty()) {
            close(TransportEnd.LOCAL, null);
        }
    }

    @Nullable
    Event nextEvent() {
        return events.poll();
    }

    boolean isOutputDone() {
        return output.isEmpty() && (state == State.FAILING || state == State.CLOSED);
    }

    // ---- the opening handshake ----

    /** Notes the time of a call that answers the handshake. */
    void tick(long time) {
        now = time;
    }

    void deliver(Event event) {
        events.add(event);
    }

    void open(Event.Opened opened, List<Extension> negotiated) {
        extensions = new ExtensionChain(negotiated);
        decoder.allowReservedBits(extensions.reservedBits());
        messages.use(extensions);
        sender.use(extensions);
        state = State.OPEN;
        opening = null;
        handshakeTimer.cancel();
        keepalive.start(now);
        events.add(opened);
    }

    /** Ends a handshake that failed, once the answer to it is transmitted and the peer has closed. */
    void refuse(@Nullable Violation broken, String why) {
        violation = broken;
        ending = why;
        state = State.FAILING;
        beginClosing();
    }

    // ---- what frames do; IncomingFrames calls these ----

    void receivePing(ByteBuffer payload) {
        events.add(new Event.Ping(payload));
        // RFC 6455 §5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response, unless it
        // already received a Close frame."
        if (state == State.OPEN) {
            sender.answerPing(payload.duplicate());
        }
    }

    void receivePong(ByteBuffer payload) {
        Event.Pong pong = keepalive.received(payload, now);
        if (pong != null) {
            events.add(pong);
        }
    }

    void receiveClose(CloseStatus status) {
        closeReceived = status;
        // RFC 6455 §5.5.1: "If an endpoint receives a Close frame and did not previously send a Close frame, the
        // endpoint MUST send a Close frame in response. (When sending a Close frame in response, the endpoint typically
        // echos the status code it received.)"
        if (state == State.OPEN) {
            peerFirst = true;
            sendClose(CloseStatus.of(status.code()));
        }
        state = State.CLOSE_EXCHANGED;
        transmitted();
    }

    // ---- closing ----

    void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException("the connection is not open: " + progress());
        }
    }

    void sendPing(ByteBuffer payload, long time) {
        keepalive.sent(payload, time);
    }

    /** Begins the closing handshake (RFC 6455 §7.1.2). */
    void close(CloseStatus status, long time) {
        now = time;
        if (state == State.HANDSHAKE) {
            ending = "this end gave the opening handshake up";
            close(TransportEnd.LOCAL, null);
        } else if (state == State.OPEN) {
            sendClose(status);
            state = State.CLOSE_SENT;
        }
    }

    private void sendClose(CloseStatus status) {
        sender.sendClose(ClosePayload.format(status));
        closeSent = status;
        beginClosing();
    }

    /** From here on, only the close timeout runs. */
    private void beginClosing() {
        handshakeTimer.cancel();
        stallTimer.cancel();
        keepalive.stop();
        closeTimer.start(now);
    }

    /** _Fails the WebSocket Connection_ (RFC 6455 §7.1.7). */
    void fail(Violation broken) {
        violation = broken;
        // RFC 6455 §7.1.7: "If _The WebSocket Connection is Established_ prior to the point where the endpoint is
        // required
        // to _Fail the WebSocket Connection_, the endpoint SHOULD send a Close frame with an appropriate status code".
        if (state == State.OPEN) {
            String reason = broken.rule().id() + ": " + broken.message();
            sendClose(new CloseStatus(broken.rule().closeCode(), Utf8.truncate(reason, ClosePayload.MAX_REASON)));
        }
        state = State.FAILING;
    }

    /** The end: nothing comes in or goes out any more, but for what an engine may still flush. */
    void close(TransportEnd end, @Nullable Violation broken) {
        violation = broken;
        Progress last = framesOrHandshake().with(Phase.CLOSED, ending);
        lastProgress = last;
        state = State.CLOSED;
        beginClosing();
        closeTimer.cancel();
        extensions.release();
        events.add(new Closed(closeSent, closeReceived, peerFirst, end, broken, last, output.size()));
        output.clear();
    }

    // ---- time ----

    long deadline() {
        long earliest = keepalive.deadline(Protocol.NO_DEADLINE);
        earliest = handshakeTimer.earlier(earliest);
        earliest = closeTimer.earlier(earliest);
        return stallTimer.earlier(earliest);
    }

    void timeout(long time) {
        now = time;
        if (handshakeTimer.isDue(time)) {
            handshakeTimer.cancel();
            opening().timedOut();
        }
        if (stallTimer.isDue(time)) {
            stallTimer.cancel();
            stalled();
        }
        keepAlive();
        if (closeTimer.isDue(time)) {
            closeLate();
        }
    }

    private void stalled() {
        Progress at = frames();
        events.add(new Event.Stalled(at));
        if (settings.stallPolicy() == StallPolicy.FAIL) {
            fail(new Violation(Rule.FRAME_STALLED, decoder.offset(), "no byte came for " + silence() + " ms " + at));
        }
    }

    private void keepAlive() {
        if (keepalive.isPongOverdue(now)) {
            judgeMissingPong();
        }
        ByteBuffer ping = keepalive.pingDue(now);
        if (ping != null) {
            sender.sendPing(ping.duplicate());
        }
    }

    private void judgeMissingPong() {
        long timeout = settings.timeouts().pong().toNanos();
        if (decoder.inPayload() && now - lastByteAt < timeout) {
            keepalive.extendPong(lastByteAt);
            return;
        }
        String message =
                "no Pong came for %d ms, the last byte came %d ms ago".formatted(timeout / NANOS_PER_MILLI, silence());
        fail(new Violation(Rule.PONG_TIMEOUT, decoder.offset(), message));
    }

    private long silence() {
        return (now - lastByteAt) / NANOS_PER_MILLI;
    }

    private void closeLate() {
        if (state == State.CLOSE_SENT) {
            String message = "no Close frame answered ours for "
                    + settings.timeouts().close().toMillis() + " ms " + frames();
            close(TransportEnd.LOCAL_TIMEOUT, new Violation(Rule.CLOSE_TIMEOUT, decoder.offset(), message));
        } else {
            close(TransportEnd.LOCAL_TIMEOUT, violation);
        }
    }

    long latency() {
        return keepalive.latency();
    }

    // ---- diagnosis ----

    Progress progress() {
        return switch (state) {
            case HANDSHAKE -> handshake();
            case OPEN -> frames();
            case CLOSE_SENT -> frames().with(Phase.CLOSING, "Close " + closeSent + " sent, waiting for the peer's");
            case CLOSE_EXCHANGED -> frames().with(Phase.CLOSING, "both Close frames are sent, " + lastStep());
            case FAILING ->
                framesOrHandshake()
                        .with(
                                Phase.CLOSING,
                                (violation == null ? ending : violation) + "; waiting for the peer to close");
            case CLOSED -> Objects.requireNonNull(lastProgress);
        };
    }

    private String lastStep() {
        return role == Role.CLIENT ? "waiting for the server to close" : "ours is not transmitted yet";
    }

    private Progress framesOrHandshake() {
        return opening == null ? frames() : handshake();
    }

    private Progress frames() {
        return Progress.of(decoder, messages.fragments(), messages.wireBytes(), lastByteAt);
    }

    private Progress handshake() {
        return Progress.ofHandshake(opening().received(), lastByteAt, opening().progress());
    }

    private Opening opening() {
        return Objects.requireNonNull(opening, "no opening handshake is under way");
    }
}
