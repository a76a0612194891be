package io.sansocket.fuzz.differential;

import java.util.List;
import java.util.Set;

/** A stream of which the core and a peer say different things, and what there is to say about that. */
final class Case {
    private static final Set<String> DEFLATE_RULES = Set.of("compressed-data-invalid", "compressed-data-truncated");
    private static final int FIRST_UNUSED_CODE = 5000;
    private static final int FIRST_TWO_BYTES = 2;

    private final Stream stream;
    private final Expected expected;
    private final String peer;
    private final Verdict theirs;

    Case(Stream stream, Expected expected, String peer, Verdict theirs) {
        this.stream = stream;
        this.expected = expected;
        this.peer = peer;
        this.theirs = theirs;
    }

    String peer() {
        return peer;
    }

    Verdict theirs() {
        return theirs;
    }

    Verdict ours() {
        return expected.verdict();
    }

    /** Tells whether we fail the connection by one of these rules. */
    boolean weFail(String... rules) {
        return ours().end().fails() && List.of(rules).contains(expected.rule());
    }

    boolean weFailByDeflate() {
        return ours().end().fails() && DEFLATE_RULES.contains(expected.rule());
    }

    boolean weReceiveClose(int code) {
        return ours().end().ending() == Verdict.Ending.CLOSE && ours().end().code() == code;
    }

    boolean theyReceiveClose(int code) {
        return theirs.end().ending() == Verdict.Ending.CLOSE && theirs.end().code() == code;
    }

    boolean weReceiveAnyClose() {
        return ours().end().ending() == Verdict.Ending.CLOSE;
    }

    boolean theyReceiveCodeFrom5000() {
        int code = theirs.end().code();
        return theirs.end().ending() == Verdict.Ending.CLOSE && (code < 0 || code >= FIRST_UNUSED_CODE);
    }

    boolean theyReceiveAnyClose() {
        return theirs.end().ending() == Verdict.Ending.CLOSE;
    }

    /** Tells whether Java-WebSocket fails as it does when a frame is wrong. */
    boolean theyFailByFrame() {
        return theyFail(1002)
                || theyFail(1007)
                || theyFail(1008)
                || theyFail(1009)
                || theySay("threw java.lang.NullPointerException");
    }

    boolean theyFailAtAll() {
        return theirs.end().fails();
    }

    boolean theyFail(int code) {
        return theirs.end().failsWith(code);
    }

    boolean theySay(String words) {
        return theirs.why().contains(words);
    }

    boolean compresses() {
        return stream.deflate() != null;
    }

    boolean breaks(String rule) {
        return expected.frame().breaches().contains(rule);
    }

    // ---- what was handed on ----

    /** Returns how many items both handed on, before the first difference. */
    private int common() {
        int count = 0;
        while (count < Math.min(ours().items().size(), theirs.items().size())
                && ours().items().get(count).equals(theirs.items().get(count))) {
            count++;
        }
        return count;
    }

    /** Tells whether both handed on the same, but for what the peer lost with its failure. */
    boolean sameItems() {
        return ours().items().equals(theirs.items()) || lostWithFailure();
    }

    /** Tells whether they handed on all that we did, and went on. */
    boolean theyGoOn() {
        return common() == ours().items().size() || lostWithFailure();
    }

    /** Tells whether they handed on all that we did, and no message besides. */
    boolean theyWait() {
        int count = ours().items().size();
        boolean more = common() == count
                && theirs.items().subList(count, theirs.items().size()).stream().noneMatch(Verdict.Item::isMessage);
        return more || lostWithFailure();
    }

    /**
     * Tells whether all that is missing came in one piece with where we end: Java-WebSocket decodes all frames of a piece
     * before it hands on the first.
     */
    boolean lostWithFailure() {
        return lostInPieceOf(expected.frame().start());
    }

    private boolean lostInPieceOf(int offset) {
        int lost = theirs.items().size();
        if (!peer.equals("java-websocket")
                || !theirs.end().fails()
                || common() < lost
                || lost >= ours().items().size()) {
            return false;
        }
        int endOfPiece = stream.endOfPiece(expected.itemEnds().get(lost) - 1);
        return offset < endOfPiece;
    }

    /** Tells whether all that they lack was lost with a failure that is the same as ours. */
    boolean onlyLostWithFailure() {
        return lostWithFailure() && ours().end().equals(theirs.end());
    }

    /** Tells whether they part from us at a fact, or behind it. */
    boolean partSince(Fact fact) {
        Expected.Onset onset = expected.onset(fact);
        return onset != null && (common() >= onset.items() || lostInPieceOf(onset.offset()));
    }

    /** Tells whether they fail at a fact, in its frame. */
    boolean failAt(Fact fact) {
        Expected.Onset onset = expected.onset(fact);
        int count = theirs.items().size();
        return onset != null && theirs.end().fails() && count == onset.items() && common() == count;
    }

    /** Tells whether they fail at a fact, in its frame, and perhaps lose with it what came in one piece with it. */
    boolean failAtOrInPieceOf(Fact fact) {
        Expected.Onset onset = expected.onset(fact);
        return failAt(fact) || (onset != null && theirs.end().fails() && lostInPieceOf(onset.offset()));
    }

    // ---- when and in what order rules are looked at ----

    /** Tells whether bytes behind the frame in which we end came in one piece with its last one. */
    boolean hasBytesBehind() {
        return expected.frame().isWhole()
                && expected.frame().end()
                        < stream.endOfPiece((int) expected.frame().end() - 1);
    }

    /** Tells whether they stop at another rule that the same frame breaks. */
    boolean anotherRuleFirst() {
        return expected.frame().breaches().stream()
                .filter(rule -> !rule.equals(expected.rule()))
                .anyMatch(rule -> theyFail(code(rule)));
    }

    private int code(String rule) {
        return switch (rule) {
            case "message-too-big", HeaderRules.BEYOND_LIMIT_AS_SENT -> 1009;
            case "invalid-utf8" -> 1007;
            case "compressed-data-invalid", "compressed-data-truncated" -> codeForDeflate();
            default -> 1002;
        };
    }

    /** Returns what they send when compressed data is wrong. */
    int codeForDeflate() {
        return switch (peer) {
            case "netty" -> Verdict.End.NO_CODE;
            case "java-websocket" -> 1008;
            case "websockets" -> 1002;
            default -> 1007;
        };
    }

    /** Tells whether they decompress a frame before they see that it may not come, and fail at that. */
    boolean decompressFirst() {
        // Java-WebSocket looks for UTF-8 in what came out, too, and websockets at its size, before any other rule.
        boolean text = peer.equals("java-websocket") && expected.frame().opcode() == WireFrame.TEXT && theyFail(1007);
        boolean size = peer.equals("websockets") && theyFail(1009) && theySay("PayloadTooBig(");
        boolean outOfOrder = weFail("expected-continuation", "unexpected-continuation");
        return compresses()
                && ((outOfOrder && (theyFail(codeForDeflate()) || text))
                        || ((outOfOrder || weFail("reserved-bits")) && size));
    }

    /** Tells whether the stream ends before the byte at which the peer looks at the rule. */
    boolean endsBeforeTheyLook() {
        return ours().end().fails()
                && theirs.end().equals(Verdict.End.EOF)
                && (!expected.frame().isWhole() && expected.frame().received() < bytesTheyNeed());
    }

    private long bytesTheyNeed() {
        return switch (expected.rule()) {
            case "reserved-opcode" -> FIRST_TWO_BYTES;
            case "reserved-bits" ->
                switch (peer) {
                    case "netty" -> FIRST_TWO_BYTES;
                    case "wsproto" -> headerLength();
                    default -> Long.MAX_VALUE;
                };
            case "control-frame-fragmented", "control-frame-too-long" ->
                isWebsocketsOrElse("control-frame-too-long") ? Long.MAX_VALUE : FIRST_TWO_BYTES;
            case "unexpected-continuation", "expected-continuation" ->
                switch (peer) {
                    case "netty" -> FIRST_TWO_BYTES;
                    case "wsproto" -> header().end() - header().start() + 1L;
                    default -> Long.MAX_VALUE;
                };
            case "unmasked-client-frame", "masked-server-frame" ->
                peer.equals("wsproto") ? headerLength() : FIRST_TWO_BYTES;
            case "invalid-utf8", "compressed-data-invalid", "message-too-big" ->
                peer.equals("wsproto") ? 0 : Long.MAX_VALUE;
            default -> 0;
        };
    }

    private boolean isWebsocketsOrElse(String rule) {
        return peer.equals("websockets")
                || (peer.equals("java-websocket") && !expected.rule().equals(rule));
    }

    /** Returns the header of the frame in which we end, of which there is one byte at least. */
    private WireHeader header() {
        return new WireHeader(stream.bytes(), expected.frame().start());
    }

    /** Returns the size of the current header without its masking key. */
    private int headerLength() {
        return header().lengthEnd() - header().start();
    }

    boolean isContinuation() {
        return expected.frame().opcode() == WireFrame.CONTINUATION;
    }

    /** Tells whether our frame is not the one that ends the message, or is not whole. */
    boolean messageIsUnfinished() {
        return expected.frame().opcode() != WireFrame.CLOSE
                && !(header().fin() && expected.frame().isWhole());
    }

    /** Tells whether the header alone tells them what the rest of the frame will not change. */
    boolean theyNeedNoMore() {
        if (!ours().end().equals(Verdict.End.EOF) || !expected.rule().equals("incomplete-frame")) {
            return false;
        }
        boolean tooBig = theyFail(1009) && (breaks("message-too-big") || breaks(HeaderRules.BEYOND_LIMIT_AS_SENT));
        boolean halfCode = theyFail(1002) && expected.frame().opcode() == WireFrame.CLOSE && header().form() == 1;
        return tooBig || halfCode;
    }
}
