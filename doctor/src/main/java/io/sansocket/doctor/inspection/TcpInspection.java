package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.ResponseRules;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.tcp.ConnectionListener;
import io.sansocket.doctor.tcp.HoleCause;
import io.sansocket.doctor.tcp.Side;
import io.sansocket.doctor.tcp.TcpConnection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection: finds out whether it carries WebSocket, and if so passes its bytes on to a {@link Conversation}.
 *
 * <p>Theory of operation. A side is watched for an HTTP head wherever a segment begins with one, for a connection may
 * carry ordinary HTTP before. A request to upgrade makes what its sender sends behind it wait for the response. A 101
 * ends the watching; another final response ends the attempt, and there may be a next. A 101 that the capture file holds
 * in front of its request makes what its sender sends behind it wait for the request, but not for long. A connection
 * without heads is watched for frames: only when both sides' bytes prove enough, see {@link FrameChain}, it is reported
 * at all.
 */
final class TcpInspection implements ConnectionListener {
    private static final int FIRST_FINAL_STATUS = 200;
    /** The bits of evidence from both sides for a connection to be WebSocket that no handshake announced. */
    private static final int ENOUGH_EVIDENCE = 24;
    /** How many segments behind a 101 wait for a request that the capture holds out of order, or not at all. */
    private static final int PATIENCE = 32;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private record SideEnding(Side side, boolean reset) {}

    private final TcpConnection tcp;
    private final Ledger ledger;
    private final InspectionOptions options;
    private final SideWatch initiator;
    private final SideWatch responder;
    private final List<SideEnding> endings = new ArrayList<>();

    /** A handshake whose response has not come. */
    private @Nullable Opening opening;
    /** A 101 whose request has not come; its memory is to be released. */
    private @Nullable HeadCollector overtaking;

    private int heldBehindOvertaking;
    /** Requests for something else than WebSocket that no final response was seen to. */
    private int unanswered;
    /** Whose request it is; meaningful from the first head of a handshake on. */
    private Side client = Side.INITIATOR;

    private @Nullable Conversation conversation;

    TcpInspection(TcpConnection tcp, Ledger ledger, InspectionOptions options) {
        this.tcp = tcp;
        this.ledger = ledger;
        this.options = options;
        initiator = new SideWatch(ledger.workspace);
        responder = new SideWatch(ledger.workspace);
    }

    private SideWatch watch(Side side) {
        return side == Side.INITIATOR ? initiator : responder;
    }

    private Role role(Side side) {
        return side == client ? Role.CLIENT : Role.SERVER;
    }

    @Override
    public boolean wantsMore(Side from) {
        return conversation != null
                || opening != null
                || overtaking != null
                || !initiator.isHopeless()
                || !responder.isHopeless();
    }

    @Override
    public void data(Side from, ByteBuffer bytes, PacketRef packet) {
        var in = bytes.duplicate();
        boolean more = true;
        while (more && in.hasRemaining()) {
            Conversation talk = conversation;
            if (talk != null) {
                talk.stream(role(from)).data(in, packet);
                return;
            }
            more = watched(from, in, packet);
        }
    }

    /** Takes bytes while nobody knows what they are; tells whether to go on with the rest of the segment. */
    private boolean watched(Side from, ByteBuffer in, PacketRef packet) {
        SideWatch watch = watch(from);
        if (overtaking != null && from != client) {
            heldBehindOvertaking++;
            if (heldBehindOvertaking <= PATIENCE && watch.hold(in, packet)) {
                return false;
            }
            settle();
            return true;
        }
        if (opening != null && from == client) {
            if (watch.hold(in, packet)) {
                return false;
            }
            talk();
            return true;
        }
        if (!watch.expectsHead(in)) {
            return noHead(watch, in, packet);
        }
        int start = in.position();
        HeadCollector head = watch.head();
        HeadCollector.State state = head.accept(in);
        watch.count(in.position() - start);
        return switch (state) {
            case OPEN -> false;
            case REQUEST -> request(from, head, in);
            case RESPONSE -> response(from, head, in);
            case TOO_LONG -> tooLong(from, head);
            case NONE -> {
                watch.endHead(false);
                yield in.hasRemaining() && noHead(watch, in, packet);
            }
        };
    }

    private boolean noHead(SideWatch watch, ByteBuffer in, PacketRef packet) {
        if (overtaking != null) {
            settle();
            return true;
        }
        if (opening == null) {
            watch.considerFrames(in, packet);
            judgeEvidence();
            return false;
        }
        if (watch.isHttp()) {
            // The body of an earlier response.
            watch.count(in.remaining());
            return false;
        }
        // The capture lacks the response: these may be frames.
        talk();
        return true;
    }

    private boolean request(Side from, HeadCollector head, ByteBuffer in) {
        watch(from).endHead(true);
        if (opening != null) {
            return false;
        }
        if (!head.asksForWebSocket()) {
            unanswered++;
            return passBody(from, head, in);
        }
        client = from;
        var asked = new Opening();
        asked.request(head.bytes());
        opening = asked;
        watch(from).expectFrames();
        if (overtaking != null) {
            settle();
        }
        return true;
    }

    /** Passes over the body of an ordinary head: HTTP/1.1 allows the next head in the same segment (RFC 9112 §9.3.2). */
    private boolean passBody(Side from, HeadCollector head, ByteBuffer in) {
        int length = (int) Math.min(head.contentLength(), in.remaining());
        in.position(in.position() + length);
        watch(from).count(length);
        return in.hasRemaining();
    }

    private boolean response(Side from, HeadCollector head, ByteBuffer in) {
        int status = head.status();
        boolean switches = status == ResponseRules.SWITCHING_PROTOCOLS;
        if (switches
                && opening == null
                && head.asksForWebSocket()
                && watch(from.other()).mayBringRequest()) {
            overtake(from);
            return true;
        }
        watch(from).endHead(true);
        if (!switches && status < FIRST_FINAL_STATUS) {
            // RFC 9110 §15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final
            // response".
            return true;
        }
        boolean answersEarlierRequest = !switches && unanswered > 0;
        if (answersEarlierRequest || (opening == null && !(switches && head.asksForWebSocket()))) {
            unanswered = Math.max(0, unanswered - 1);
            return passBody(from, head, in);
        }
        Opening asked = openingFrom(from.other());
        asked.response(head.bytes(), status);
        if (asked.framesFollow()) {
            watch(from).expectFrames();
            talk();
            return true;
        }
        refuse(asked);
        return false;
    }

    /** Keeps a 101 until its request comes, without which it cannot be judged. */
    private void overtake(Side from) {
        client = from.other();
        overtaking = watch(from).takeHead();
        watch(from).expectFrames();
    }

    /** Judges the 101 that came too early: by the request, if that came, or alone. */
    private void settle() {
        HeadCollector early = Objects.requireNonNull(overtaking);
        overtaking = null;
        openingFrom(client).response(early.bytes(), early.status());
        early.release();
        talk();
    }

    private Opening openingFrom(Side requester) {
        Opening known = opening;
        if (known == null) {
            known = new Opening();
            opening = known;
            client = requester;
        }
        return known;
    }

    private boolean tooLong(Side from, HeadCollector head) {
        watch(from).endHead(true);
        if (overtaking != null) {
            settle();
            return true;
        }
        if (opening != null || (head.asksForWebSocket() && !head.isResponse())) {
            Opening asked = openingFrom(head.isResponse() ? from.other() : from);
            asked.tooLong(role(from));
            refuse(asked);
        }
        return false;
    }

    /** Reports a handshake that no frames follow. Another may follow, as behind a 401. */
    private void refuse(Opening refused) {
        refused.report(ledger, ledger.nextConnection(), endpoint(client), endpoint(client.other()), false);
        opening = null;
        initiator.expectHttp();
        responder.expectHttp();
    }

    private void judgeEvidence() {
        Role first = initiator.chainSender();
        Role second = responder.chainSender();
        if (initiator.evidence() + responder.evidence() >= ENOUGH_EVIDENCE && (first == null || first != second)) {
            boolean initiatorIsClient = first == null ? second == Role.SERVER : first == Role.CLIENT;
            client = initiatorIsClient ? Side.INITIATOR : Side.RESPONDER;
            talk();
        }
    }

    /** Begins to take frames apart. */
    private void talk() {
        Opening known = opening == null ? new Opening() : opening;
        opening = null;
        long id = ledger.nextConnection();
        known.report(ledger, id, endpoint(client), endpoint(client.other()), false);
        var talk = new Conversation(id, ledger, options, known);
        conversation = talk;
        watch(client).handOver(talk.stream(Role.CLIENT));
        watch(client.other()).handOver(talk.stream(Role.SERVER));
        endings.forEach(ending -> end(talk, ending));
    }

    private String endpoint(Side side) {
        return (side == Side.INITIATOR ? tcp.initiator() : tcp.responder()).toString();
    }

    @Override
    public void hole(Side from, long length, PacketRef packet, HoleCause cause) {
        Ending ending = cause == HoleCause.SNAPLEN ? Ending.SNAPLEN : Ending.HOLE;
        SideWatch watch = watch(from);
        Conversation talk = conversation;
        unanswered = 0;
        if (talk != null) {
            talk.stream(role(from)).hole(length, packet, ending);
        } else if ((opening != null && from == client) || (overtaking != null && from != client)) {
            watch.hold(length, packet, ending);
        } else {
            holeInHead(from, watch.head());
            if (overtaking != null) {
                settle();
            }
            watch.count(length);
            watch.endHead(watch.head().isInHead());
            watch.forgetFrames();
            talk = conversation;
            if (talk != null) {
                talk.stream(role(from)).hole(length, packet, ending);
            }
        }
    }

    /** Makes what can be made of a head that the capture does not hold to its end. */
    private void holeInHead(Side from, HeadCollector head) {
        if (head.isResponse() && head.status() == ResponseRules.SWITCHING_PROTOCOLS) {
            openingFrom(from.other()).responseCut();
            talk();
        } else if (head.isInHead() && !head.isResponse() && opening == null && head.asksForWebSocket()) {
            openingFrom(from).requestCut();
        }
    }

    @Override
    public void overlapConflict(Side from, long offset, int length, PacketRef packet) {
        Conversation talk = conversation;
        if (talk != null) {
            talk.stream(role(from)).overlapConflict(offset - watch(from).origin(), length, packet);
        }
    }

    @Override
    public void fin(Side from, PacketRef packet) {
        if (overtaking != null && from == client) {
            settle();
        }
        end(new SideEnding(from, false));
    }

    @Override
    public void reset(Side from, PacketRef packet) {
        if (overtaking != null) {
            settle();
        }
        end(new SideEnding(from, true));
    }

    private void end(SideEnding ending) {
        Conversation talk = conversation;
        if (talk == null) {
            endings.add(ending);
        } else {
            end(talk, ending);
        }
    }

    private void end(Conversation talk, SideEnding ending) {
        if (ending.reset()) {
            talk.reset(role(ending.side()));
        } else {
            talk.fin(role(ending.side()));
        }
    }

    @Override
    public void captureEnd() {
        if (overtaking != null) {
            settle();
        }
        if (conversation == null) {
            headCut(client);
            headCut(client.other());
        }
        if (conversation == null && opening != null) {
            talk();
        }
        Conversation talk = conversation;
        if (talk != null) {
            talk.end(Ending.OF_CAPTURE);
        }
        initiator.release();
        responder.release();
    }

    /** Reports a head of a handshake that the stream does not hold to its end. */
    private void headCut(Side from) {
        HeadCollector head = watch(from).head();
        if (conversation != null || !head.isInHead()) {
            return;
        }
        if (head.isResponse() && opening != null) {
            response(from, head, NOTHING);
        } else if (!head.isResponse() && opening == null && head.asksForWebSocket()) {
            request(from, head, NOTHING);
        }
    }
}
