package io.sansocket.testkit;

import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;

/** The scripts of the fault cases: what leads up to a moment, and the fault there. */
final class FaultScripts {
    private static final int PART_OF_HEAD = 20;
    private static final int TLS_RECORD_HEADER = 5;
    private static final PeerFrame MESSAGE = PeerFrame.text("x".repeat(202));
    private static final int MOST_OF_MESSAGE = 199;
    private static final int PART_OF_HEADER = 3;
    private static final long TERABYTE = 1L << 40;
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    /** A handshake record of 512 bytes that holds a ClientHello (RFC 8446 §4, §5.1), and its first bytes. */
    private static final byte[] PART_OF_CLIENT_HELLO = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3};

    private FaultScripts() {}

    static Script of(FaultCase fault) {
        Role peer = fault.tested().peer();
        Script start = FaultyPeer.script();
        return switch (fault.fault()) {
            case FIN -> before(fault.moment(), peer).fin();
            case HALF_CLOSE -> before(fault.moment(), peer).halfClose();
            case TLS_TRUNCATION -> before(fault.moment(), peer).finWithoutCloseNotify();
            case RESET -> before(fault.moment(), peer).reset();
            case STALL -> before(fault.moment(), peer).stall();
            case SWALLOW -> before(fault.moment(), peer).swallow();
            case DRIBBLE -> dribble(fault.moment(), peer);
            case WRONG_ACCEPT -> failed(start.wrongAccept());
            case BAD_MASK -> failed(start.handshake().badMask(MESSAGE));
            case HUGE_LENGTH -> failed(start.handshake().hugeLength(TERABYTE));
            case NEGATIVE_LENGTH -> failed(start.handshake().hugeLength(Long.MIN_VALUE));
            case HTTP_TEXT -> failed(start.handshake().httpText());
            case SECOND_CLOSE ->
                closed(start.handshake().close(NORMAL).close(GOING_AWAY).readUntilClose(), peer);
            case DATA_AFTER_CLOSE ->
                closed(start.handshake().close(NORMAL).text("late").readUntilClose(), peer);
        };
    }

    /** Returns what leads up to the middle of something. */
    private static Script before(Moment moment, Role peer) {
        Script start = FaultyPeer.script();
        return switch (moment) {
            case ACCEPT -> start;
            case TLS -> peer == Role.SERVER ? start.read(TLS_RECORD_HEADER) : start.raw(PART_OF_CLIENT_HELLO);
            case HEAD -> start.partOfHead(PART_OF_HEAD);
            case FIRST_HEADER -> start.handshake().truncateHeader(MESSAGE, PART_OF_HEADER);
            case PAYLOAD -> start.handshake().truncate(MESSAGE, MOST_OF_MESSAGE);
            case CONTROL_FRAME -> start.handshake().truncate(PeerFrame.ping("hello"), 2);
            case BETWEEN_FRAGMENTS -> start.handshake().fragment("hello");
            case BETWEEN_FRAMES -> start.handshake().text("hello");
            case CLOSE_SENT -> start.handshake().readUntilClose();
            case CLOSE_RECEIVED -> start.handshake().close(NORMAL).readUntilClose();
        };
    }

    /** Returns a lawful life of which the part that begins at the moment is dribbled. */
    private static Script dribble(Moment moment, Role peer) {
        Script start = FaultyPeer.script();
        Script life =
                switch (moment) {
                    case HEAD -> start.dribble().handshake();
                    case FIRST_HEADER -> start.handshake().dribble().frame(MESSAGE);
                    case CONTROL_FRAME -> start.handshake().dribble().ping("hello");
                    case BETWEEN_FRAGMENTS ->
                        start.handshake()
                                .fragment("hello")
                                .dribble()
                                .frame(PeerFrame.of(true, Opcode.CONTINUATION, (byte) '!'));
                    case CLOSE_SENT -> start.handshake().readUntilClose().dribble();
                    case CLOSE_RECEIVED -> start.handshake().dribble();
                    default -> throw new IllegalStateException("nothing is dribbled at " + moment);
                };
        Script said = life.close(NORMAL);
        return closed(moment == Moment.CLOSE_SENT ? said : said.readUntilClose(), peer);
    }

    /** RFC 6455 §7.1.1: "The underlying TCP connection, in most normal cases, SHOULD be closed first by the server". */
    private static Script closed(Script script, Role peer) {
        return peer == Role.SERVER ? script.fin() : script.readUntilEnd();
    }

    /** Lets the end under test say what is wrong, and end first. */
    private static Script failed(Script script) {
        return script.readUntilEnd().fin();
    }
}
