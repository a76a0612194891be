package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.Utf8;
import io.sansocket.core.protocol.IncomingFrames.Mode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The states of a connection and all that moves it between them: what comes in, time, and the application's close. */
final class Connection {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Role role;
    private final Settings settings;
    private final FrameSender sender;
    private final OutputQueue output;
    private final EventQueue events = new EventQueue();
    private final IncomingFrames frames;
    private final FrameDecoder decoder;
    private final Deadlines deadlines;

    private State state = State.HANDSHAKE;
    /** The opening handshake; set before the first byte comes, null again once the connection is open. */
    private @Nullable Opening opening;

    private ExtensionChain extensions = ExtensionChain.EMPTY;
    /** The time of the call that is under way. */
    private long now;

    private long lastByteAt;
    /** Whether a sink, or the engine, has enough: what the peer sent since then is not looked at. */
    private boolean heldBack;
    /** How closing goes; null before anything is known of it. */
    private @Nullable Ending ending;

    Connection(Role role, Settings settings, FrameSender sender, OutputQueue output, long now) {
        this.role = role;
        this.settings = settings;
        this.sender = sender;
        this.output = output;
        this.now = now;
        lastByteAt = now;
        frames = new IncomingFrames(this, settings);
        decoder = new FrameDecoder(role.peer(), frames);
        deadlines = new Deadlines(settings, now);
    }

    void begin(Opening handshake) {
        opening = handshake;
    }

    // ---- the calls of an engine ----

    /** Takes all bytes; what they are waits as events. */
    void receive(ByteBuffer in, long time) {
        begin(in, time, Mode.PULL);
        while (in.hasRemaining() && reads()) {
            read(in);
        }
        end(in);
    }

    /** Takes bytes frame by frame, as long as the sink wants more: no frame is read before all is taken that came of others. */
    void receive(ByteBuffer in, long time, MessageSink sink, boolean inPlace) {
        begin(in, time, inPlace && settings.delivery() == Delivery.WHOLE ? Mode.PUSH_IN_PLACE : Mode.PUSH);
        heldBack = true;
        try {
            boolean goesOn = events.handOn(sink);
            while (goesOn && in.hasRemaining() && reads()) {
                readSome(in);
                goesOn = frames.handOn(in, sink) && events.handOn(sink);
            }
            heldBack = !goesOn;
        } finally {
            end(in);
        }
    }

    /** Nothing is read until the next call of receive. */
    void holdBack() {
        heldBack = true;
    }

    void deliverTo(MessageSink sink) {
        receive(NOTHING, now, sink, false);
    }

    private void begin(ByteBuffer in, long time, Mode mode) {
        frames.begin(mode);
        now = time;
        heldBack = false;
        if (in.hasRemaining()) {
            lastByteAt = time;
        }
    }

    private void end(ByteBuffer in) {
        frames.rest();
        if (!reads()) {
            // RFC 6455 §7.1.7: an endpoint "MUST NOT continue to attempt to process data" once it fails the connection;
            // §1.4: "after receiving a control frame indicating the connection should be closed, a peer discards any
            // further data received."
            in.position(in.limit());
        }
    }

    private boolean reads() {
        return state == State.OPEN || state == State.CLOSE_SENT || state == State.HANDSHAKE;
    }

    /** Reads, but no more at a time than may be inflated before a sink is asked. */
    private void readSome(ByteBuffer in) {
        if (settings.delivery() == Delivery.WHOLE || extensions.isEmpty()) {
            read(in);
            return;
        }
        int limit = in.limit();
        in.limit(Math.min(limit, in.position() + MessageAssembler.SCRATCH));
        read(in);
        in.limit(limit);
    }

    /** Reads the opening handshake, or frames; in front of a sink, one. */
    private void read(ByteBuffer in) {
        if (state == State.HANDSHAKE) {
            opening().receive(in);
            return;
        }
        decoder.decode(in);
        if (state == State.OPEN) {
            if (isInFrame()) {
                deadlines.frameGoesOn(now);
            } else {
                deadlines.endStep();
            }
        }
        endWhenAllIsSaid();
    }

    private boolean isInFrame() {
        return decoder.inHeader() || decoder.inPayload();
    }

    /** Reads the frames that came before the opening handshake was answered, also where a sink answered it. */
    void receiveEarly(ByteBuffer in) {
        Mode mode = frames.mode();
        frames.mode(Mode.PULL);
        while (in.hasRemaining() && reads()) {
            read(in);
        }
        frames.rest();
        frames.mode(mode);
    }

    void transportEnded(TransportEnd how, long time) {
        now = time;
        switch (state) {
            case HANDSHAKE -> opening().transportEnded(how);
            case OPEN, CLOSE_SENT -> end(how, diagnosis().unfinished(how));
            case CLOSE_EXCHANGED, FAILING -> {
                if (how == TransportEnd.PEER_EOF || how == TransportEnd.PEER_TRUNCATED) {
                    // The peer ended one direction; in the other it may still hear why (half-close, RFC 9293 §3.6).
                    ending().peerEnded = how;
                    endWhenAllIsSaid();
                } else {
                    end(how, ending().violation);
                }
            }
            case CLOSED -> {}
        }
    }

    void transmitted() {
        endWhenAllIsSaid();
    }

    private void endWhenAllIsSaid() {
        if (!output.isEmpty() || (state != State.CLOSE_EXCHANGED && state != State.FAILING)) {
            return;
        }
        TransportEnd peerEnded = ending().peerEnded;
        if (peerEnded != null) {
            end(peerEnded, ending().violation);
        } else if (state == State.CLOSE_EXCHANGED && role == Role.SERVER) {
            // RFC 6455 §5.5.1: "The server MUST close the underlying TCP connection immediately; the client SHOULD wait
            // for the server to close the connection but MAY close the connection at any time".
            end(TransportEnd.LOCAL, null);
        }
    }

    long bufferedInput() {
        return opening == null ? frames.buffered() : opening.received();
    }

    @Nullable
    Event nextEvent() {
        return events.poll();
    }

    boolean isOutputDone() {
        return output.isEmpty() && (state == State.FAILING || state == State.CLOSED);
    }

    // ---- the opening handshake ----

    /** Returns the opening handshake that is under way, if it is this kind of one. */
    <O extends Opening> @Nullable O opening(Class<O> kind) {
        return kind.isInstance(opening) ? kind.cast(opening) : null;
    }

    void deliver(Event event) {
        events.add(event);
    }

    /** Notes the time of a call that answers the handshake. */
    void tick(long time) {
        now = time;
    }

    void open(Event.Opened opened, List<Extension> negotiated) {
        use(negotiated.isEmpty() ? ExtensionChain.EMPTY : new ExtensionChain(negotiated));
        decoder.allowReservedBits(extensions.reservedBits());
        state = State.OPEN;
        opening = null;
        deadlines.open(now);
        events.add(opened);
    }

    private void use(ExtensionChain chain) {
        extensions = chain;
        sender.use(chain);
    }

    ExtensionChain extensions() {
        return extensions;
    }

    /** Gives back what messages needed: none comes or goes any more. The peer may take its time to close. */
    private void endMessages() {
        frames.forgetMessage();
        extensions.release();
        use(ExtensionChain.EMPTY);
    }

    /** Ends a handshake that failed, once the answer to it is transmitted and the peer has closed. */
    void refuse(@Nullable Violation broken, String why) {
        ending().violation = broken;
        ending().closing = why;
        state = State.FAILING;
        deadlines.beginClosing(now);
    }

    // ---- what frames do; IncomingFrames calls these ----

    void receivePing(byte[] payload) {
        events.add(new Event.Ping(ByteBuffer.wrap(payload)));
        // RFC 6455 §5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response, unless it
        // already received a Close frame." Behind our own Close frame there is nothing more to send.
        if (state == State.OPEN) {
            sender.answerPing(payload);
        }
    }

    void receivePong(ByteBuffer payload) {
        Event.Pong pong = deadlines.received(payload, now);
        if (pong != null) {
            events.add(pong);
        }
    }

    void receiveClose(CloseStatus status) {
        ending().closeReceived = status;
        // RFC 6455 §5.5.1: "If an endpoint receives a Close frame and did not previously send a Close frame, the
        // endpoint MUST send a Close frame in response. (When sending a Close frame in response, the endpoint typically
        // echos the status code it received.)"
        if (state == State.OPEN) {
            ending().peerFirst = true;
            sendClose(CloseStatus.of(status.code()));
        }
        endMessages();
        state = State.CLOSE_EXCHANGED;
        ending().closing = "the closing handshake is done";
    }

    // ---- closing ----

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException("the connection is not open: " + progress());
        }
    }

    void sendPing(ByteBuffer payload, long time) {
        deadlines.sent(payload, time);
    }

    /** Begins the closing handshake (RFC 6455 §7.1.2). */
    void close(CloseStatus status, long time) {
        now = time;
        if (state == State.HANDSHAKE) {
            ending().closing =
                    "this end gave the opening handshake up; " + opening().progress();
            end(TransportEnd.LOCAL, null);
        } else if (state == State.OPEN) {
            sendClose(status);
            state = State.CLOSE_SENT;
            ending().closing = "Close " + status + " is sent";
        }
    }

    private void sendClose(CloseStatus status) {
        sender.sendClose(ClosePayload.format(status));
        ending().closeSent = status;
        deadlines.beginClosing(now);
    }

    /** _Fails the WebSocket Connection_ (RFC 6455 §7.1.7). */
    void fail(Violation broken) {
        ending().violation = broken;
        ending().brokenAt = broken.offset();
        // RFC 6455 §7.1.7: "If _The WebSocket Connection is Established_ prior to the point where the endpoint is
        // required to _Fail the WebSocket Connection_, the endpoint SHOULD send a Close frame with an appropriate
        // status code".
        if (state == State.OPEN) {
            String reason = broken.rule().id() + ": " + broken.message();
            sendClose(new CloseStatus(broken.rule().closeCode(), Utf8.truncate(reason, ClosePayload.MAX_REASON)));
        }
        endMessages();
        state = State.FAILING;
        ending().closing = "";
    }

    /** The end: nothing comes in or goes out any more. */
    void end(TransportEnd how, @Nullable Violation broken) {
        Ending so = ending();
        so.violation = broken;
        Progress last = so.closing.isEmpty() ? stood() : stood().with(stood().phase(), so.closing);
        so.lastProgress = last.with(Phase.CLOSED, last.note());
        opening = null;
        state = State.CLOSED;
        deadlines.stop();
        deadlines.forgetPings();
        endMessages();
        events.add(new Closed(so.closeSent, so.closeReceived, so.peerFirst, how, broken, last, output.size()));
        output.clear();
        sender.forgetPong();
    }

    // ---- time ----

    long deadline() {
        return deadlines.earliest();
    }

    void timeout(long time) {
        now = time;
        if (deadlines.isStepDue(time)) {
            stepTimedOut();
        }
        keepAlive();
    }

    private void stepTimedOut() {
        switch (state) {
            case HANDSHAKE -> opening().timedOut();
            case OPEN -> stalled();
            case CLOSE_SENT -> end(TransportEnd.LOCAL_TIMEOUT, diagnosis().missingClose());
            default -> end(TransportEnd.LOCAL_TIMEOUT, ending().violation);
        }
    }

    private void stalled() {
        if (heldBack) {
            // The rest of the frame may be among what waits for the sink.
            deadlines.frameGoesOn(now);
            return;
        }
        deadlines.endStep();
        events.add(new Event.Stalled(diagnosis().frames()));
        if (settings.stallPolicy() == StallPolicy.FAIL) {
            fail(diagnosis().stalled(now));
        }
    }

    private void keepAlive() {
        if (deadlines.isPongOverdue(now) && !mayPongStillCome()) {
            fail(diagnosis().missingPong(now));
        }
        ByteBuffer ping = deadlines.pingDue(now);
        if (ping != null) {
            sender.sendPing(ping);
        }
    }

    /** A Pong cannot overtake what the peer sent before it, nor what waits for a sink: whoever sends is alive. */
    private boolean mayPongStillCome() {
        return deadlines.extendPong(heldBack ? now : lastByteAt, now);
    }

    long latency() {
        return deadlines.latency();
    }

    // ---- diagnosis ----

    Progress progress() {
        return switch (state) {
            case HANDSHAKE, OPEN -> stood();
            case CLOSE_SENT -> stood().with(Phase.CLOSING, ending().closing + "; waiting for the peer's");
            case CLOSE_EXCHANGED -> stood().with(Phase.CLOSING, ending().closing + "; " + lastStep());
            case FAILING -> stood().with(Phase.CLOSING, ending().why() + "; " + lastStep());
            case CLOSED -> Objects.requireNonNull(ending().lastProgress);
        };
    }

    private String lastStep() {
        return output.isEmpty() ? "waiting for the peer to close" : output.size() + " bytes wait to be transmitted";
    }

    private Progress stood() {
        Progress at = opening == null ? diagnosis().frames() : diagnosis().handshake(opening);
        return state == State.HANDSHAKE || state == State.OPEN ? at : at.with(Phase.CLOSING, at.note());
    }

    private Diagnosis diagnosis() {
        long brokenAt = ending == null ? Ending.NOT_BROKEN : ending.brokenAt;
        return new Diagnosis(decoder, frames, settings.timeouts(), lastByteAt, brokenAt);
    }

    private Ending ending() {
        if (ending == null) {
            ending = new Ending();
        }
        return ending;
    }

    private Opening opening() {
        return Objects.requireNonNull(opening, "no opening handshake is under way");
    }
}
