package io.sansocket.fuzz.differential;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The catalogue: each kind of difference between the core and a peer, the sentence that decides it, and who is right. A
 * kind says exactly when it applies; the first that does is a difference's kind.
 */
enum Kind {
    EMPTY_CLOSE_IS_1000(
            List.of("java-websocket"),
            "RFC 6455 §7.1.5",
            "If this Close control frame contains no status code, _The WebSocket Connection Close Code_ is considered to be 1005.",
            "report 1005 for a Close frame without a payload",
            "reports 1000",
            Right.WE,
            it -> it.weReceiveClose(1005) && it.theyReceiveClose(1000) && it.sameItems()),
    HALF_A_CODE_IS_1002(
            List.of("java-websocket"),
            "RFC 6455 §5.5.1",
            "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer (in network byte order)"
                    + " representing a status code with value /code/ defined in Section 7.4.",
            "fail with 1002",
            "reports that the peer closed with 1002",
            Right.WE,
            it -> it.weFail("invalid-close-payload") && it.theyReceiveClose(1002) && it.sameItems()),
    REASON_THROWS(
            List.of("java-websocket"),
            "RFC 6455 §8.1",
            "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid"
                    + " UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.",
            "fail the connection",
            "throws a NullPointerException out of its decoder when a close reason is not UTF-8",
            Right.WE,
            it -> it.weFail("invalid-utf8", "invalid-close-code")
                    && it.breaks("invalid-utf8")
                    && it.theySay("threw java.lang.NullPointerException")
                    && it.sameItems()),
    CODE_1007_WITHOUT_REASON(
            List.of("java-websocket"),
            "RFC 6455 §5.5.1",
            "Following the 2-byte integer, the body MAY contain UTF-8-encoded data with value /reason/",
            "take a Close frame with 1007 and no reason",
            "fails with 1007",
            Right.WE,
            it -> it.weReceiveClose(1007) && it.theyFail(1007) && it.sameItems()),
    CODE_1014_UNKNOWN(
            List.of("wsproto"),
            "RFC 6455 §7.4.2",
            "Status codes in the range 1000-2999 are reserved for definition by this protocol, its future revisions, and"
                    + " extensions specified in a permanent and readily available public specification.",
            "take 1014, which the IANA registry has",
            "fails with 1002",
            Right.WE,
            it -> (it.weReceiveClose(1014) || (it.weFail("invalid-utf8") && it.breaks("close-code-1014")))
                    && it.theyFail(1002)
                    && it.sameItems()),
    REASON_CUT_TAKEN(
            List.of("netty"),
            "RFC 6455 §8.1",
            "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid"
                    + " UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.",
            "fail with 1007 when a close reason ends inside a character",
            "takes it",
            Right.WE,
            it -> it.weFail("invalid-utf8") && it.breaks("reason-cut") && it.theyReceiveAnyClose() && it.sameItems()),
    CODE_FROM_5000(
            List.of("netty"),
            "RFC 6455 §7.4.2",
            "Status codes in the range 4000-4999 are reserved for private use and thus can't be registered.",
            "refuse codes above 4999, for which the RFC has no use",
            "takes them, those from 32768 as negative numbers",
            Right.BOTH,
            it -> it.weFail("invalid-close-code") && it.theyReceiveCodeFrom5000() && it.sameItems()),
    CLOSE_INSIDE_MESSAGE(
            List.of("websockets"),
            "RFC 6455 §5.4",
            "Control frames (see Section 5.5) MAY be injected in the middle of a fragmented message.",
            "take a Close frame between the fragments of a message",
            "fails with 1002",
            Right.WE,
            it -> it.theySay("incomplete fragmented message") && it.failAt(Fact.CLOSE_INSIDE_MESSAGE)),
    CLOSES_WITHOUT_CLOSE_FRAME(
            List.of("netty"),
            "RFC 6455 §7.1.7",
            "the endpoint SHOULD send a Close frame with an appropriate status code (Section 7.4) before proceeding to"
                    + " _Close the WebSocket Connection_.",
            "send a Close frame when failing",
            "closes without one when a Close frame's payload or compressed data is wrong or a message is too big",
            Right.WE,
            it -> (it.weFailByDeflate() || it.weFail("invalid-close-code", "invalid-utf8", "message-too-big"))
                    && it.theyFail(Verdict.End.NO_CODE)
                    && it.sameItems()),
    MASK_UNCHECKED(
            List.of("java-websocket"),
            "RFC 6455 §5.1",
            "The server MUST close the connection upon receiving a frame that is not masked.",
            "fail with 1002; so does a client that gets a masked frame",
            "takes frames with and without a mask in both roles",
            Right.WE,
            it -> it.weFail("unmasked-client-frame", "masked-server-frame") && it.theyGoOn()),
    LENGTH_NOT_MINIMAL(
            List.of("java-websocket", "websockets"),
            "RFC 6455 §5.2",
            "in all cases, the minimal number of bytes MUST be used to encode the length",
            "fail with 1002",
            "takes lengths in any form (websockets those of control frames, too)",
            Right.WE,
            it -> (it.weFail("non-minimal-length")
                            || (it.weFail("control-frame-too-long") && it.breaks("non-minimal-length")))
                    && it.theyGoOn()),
    RESERVED_BITS_UNCHECKED(
            List.of("netty"),
            "RFC 6455 §5.2",
            "If a nonzero value is received and none of the negotiated extensions defines the meaning of such a nonzero"
                    + " value, the receiving endpoint MUST _Fail the WebSocket Connection_.",
            "fail with 1002 for RSV2, RSV3, and RSV1 where permessage-deflate has no use for it",
            "takes all reserved bits once an extension is agreed",
            Right.WE,
            it -> it.weFail("reserved-bits") && it.compresses() && it.theyGoOn()),
    TRUNCATED_DATA_TAKEN(
            List.of("netty", "java-websocket", "websockets", "wsproto"),
            "RFC 7692 §7.2.1",
            "After this step, the last octet of the compressed data contains (possibly part of) the DEFLATE header bits"
                    + " with the \"BTYPE\" bits set to 00.",
            "fail with 1007 when the data ends anywhere else",
            "hands on what came out, and reads the next message from where this one stopped",
            Right.WE,
            it -> it.weFail("compressed-data-truncated") && it.theyGoOn() && !(it.sameItems() && it.theyFailAtAll())),
    OTHER_CODE_FOR_DEFLATE(
            List.of("java-websocket", "websockets"),
            "RFC 6455 §7.1.7",
            "the endpoint SHOULD send a Close frame with an appropriate status code (Section 7.4) before proceeding to"
                    + " _Close the WebSocket Connection_.",
            "fail with 1007 when compressed data is wrong: no RFC names the code",
            "fails with 1008 (Java-WebSocket) or 1002 (websockets)",
            Right.BOTH,
            it -> it.weFailByDeflate() && it.theyFail(it.codeForDeflate()) && it.sameItems()),
    TAIL_IS_TOO_BIG(
            List.of("websockets"),
            "RFC 7692 §7.2.2",
            "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message.",
            "fail with 1007 when the four octets are not the end of the data",
            "fails with 1009 when they decompress to something behind a long frame",
            Right.BOTH,
            it -> it.weFail("compressed-data-truncated", "invalid-utf8")
                    && it.breaks("compressed-data-truncated")
                    && it.theySay("PayloadTooBig(None")
                    && it.theyFail(1009)
                    && it.sameItems()),
    CONTROL_INSIDE_COMPRESSED(
            List.of("java-websocket", "wsproto"),
            "RFC 6455 §5.4",
            "Control frames (see Section 5.5) MAY be injected in the middle of a fragmented message.",
            "go on decompressing behind a control frame between the fragments of a compressed message",
            "takes the fragments behind it as not compressed: hands on wrong bytes, or fails",
            Right.WE,
            it -> it.partSince(Fact.CONTROL_INSIDE_COMPRESSED)),
    FINAL_BLOCK_ENDS_ALL(
            List.of("netty", "java-websocket", "websockets", "wsproto"),
            "RFC 7692 §7.2.1",
            "An endpoint MAY use both DEFLATE blocks with the \"BFINAL\" bit set to 0 and DEFLATE blocks with the \"BFINAL\""
                    + " bit set to 1.",
            "go on behind a final block",
            "drops what follows it, in this message and in those that follow, or repeats what came before it"
                    + " (Java-WebSocket)",
            Right.WE,
            it -> it.partSince(Fact.FINAL_BLOCK)),
    NO_OUTPUT_REFUSED(
            List.of("netty"),
            "RFC 7692 §7.2.1",
            "An endpoint fragments a compressed message by splitting the result of running this algorithm.",
            "take a first frame too short to decompress to anything, and an empty message in other than one octet",
            "fails when the first frame of a compressed message puts nothing out",
            Right.WE,
            it -> it.failAt(Fact.NO_OUTPUT) && it.theySay("cannot read uncompressed buffer")),
    WINDOW_EXCEEDED(
            List.of("netty", "java-websocket", "websockets", "wsproto"),
            "RFC 7692 §7.2.2",
            "the server MAY reduce the size of its LZ77 sliding window to decompress received messages down to the w-th"
                    + " power of 2 bytes.",
            "keep the agreed window between messages, 32 KiB within one",
            "keeps 32 KiB always (Java), or the agreed window always (Python)",
            Right.BOTH,
            it -> it.partSince(Fact.BEYOND_WINDOW)),
    NO_LIMIT(
            List.of("wsproto", "java-websocket", "netty"),
            "RFC 6455 §10.4",
            "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or"
                    + " total message size after reassembly from multiple frames MUST protect themselves against exceeding"
                    + " those limits.",
            "fail with 1009 at a limit for frames and messages, compressed or not",
            "has no limit (wsproto), or none for a frame's decompressed size (Netty, Java-WebSocket)",
            Right.BOTH,
            it -> it.weFail("message-too-big")
                    && it.theyGoOn()
                    && (it.peer().equals("wsproto") || it.breaks("decoded-too-big"))),
    NO_ROOM_TO_HAVE_GROWN(
            List.of("netty", "java-websocket", "websockets"),
            "RFC 6455 §10.4",
            "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or"
                    + " total message size after reassembly from multiple frames MUST protect themselves against exceeding"
                    + " those limits.",
            "leave a compressed message room to be somewhat larger as sent than the limit for what it decompresses to",
            "fails with 1009 at a compressed frame that is larger than the limit",
            Right.BOTH,
            it -> it.failAtOrInPieceOf(Fact.BEYOND_LIMIT_AS_SENT) && it.theyFail(1009)),
    SIZE_AS_SENT_UNLIMITED(
            List.of("netty", "java-websocket"),
            "RFC 6455 §10.4",
            "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or"
                    + " total message size after reassembly from multiple frames MUST protect themselves against exceeding"
                    + " those limits.",
            "limit a compressed message's size as it is sent, too",
            "limits what its fragments decompress to, alone",
            Right.BOTH,
            it -> it.weFail("message-too-big") && it.isContinuation() && it.breaks("sent-too-big") && it.theyGoOn()),
    LIMIT_FOR_WHAT_IS_LEFT(
            List.of("websockets"),
            "RFC 6455 §10.4",
            "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or"
                    + " total message size after reassembly from multiple frames MUST protect themselves against exceeding"
                    + " those limits.",
            "limit a message's size as sent and as decompressed, each for itself",
            "allows every frame, compressed ones and control frames too, only what the message so far leaves of the limit",
            Right.BOTH,
            it -> it.failAt(Fact.MORE_THAN_IS_LEFT) && it.theyFail(1009) && it.theySay("PayloadTooBig(")),
    SIZE_SUMMED_LATE(
            List.of("java-websocket"),
            "RFC 6455 §10.4",
            "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or"
                    + " total message size after reassembly from multiple frames MUST protect themselves against exceeding"
                    + " those limits.",
            "fail with 1009 at the frame whose header tells that the message passes the limit",
            "adds the sizes up with a message's first frame and with its last, and meets another end before that",
            Right.BOTH,
            it -> it.weFail("message-too-big") && it.isContinuation() && it.messageIsUnfinished() && it.theyWait()),
    TEXT_JUDGED_WHOLE(
            List.of("java-websocket", "websockets"),
            "RFC 6455 §8.1",
            "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid"
                    + " UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.",
            "fail at the first byte that cannot be UTF-8",
            "looks at a text when its message is whole, and meets another end before that",
            Right.BOTH,
            it -> it.weFail("invalid-utf8") && it.messageIsUnfinished() && it.theyWait()),
    SURROGATE_WAITED_FOR(
            List.of("wsproto"),
            "RFC 6455 §8.1",
            "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid"
                    + " UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.",
            "fail at the second byte of a surrogate, which nothing can make right",
            "waits for the third, as Python's incremental decoder does, and meets another end before that",
            Right.BOTH,
            it -> it.weFail("invalid-utf8") && it.breaks("surrogate-cut") && it.theyWait()),
    LATER_IN_THE_FRAME(
            List.of("netty", "java-websocket", "websockets", "wsproto"),
            "RFC 6455 §7.1.7",
            "Certain algorithms and specifications require an endpoint to _Fail the WebSocket Connection_.",
            "fail at the first byte that breaks a rule: no sentence says when",
            "waits for the second byte, the whole header or the whole frame, and the stream ends before",
            Right.BOTH,
            it -> it.endsBeforeTheyLook() && it.sameItems()),
    EARLIER_IN_THE_FRAME(
            List.of("netty", "java-websocket", "websockets"),
            "RFC 6455 §7.1.7",
            "Certain algorithms and specifications require an endpoint to _Fail the WebSocket Connection_.",
            "judge a frame's size with its header, and a close payload when it is there",
            "fails when the length is read: before the masking key, or the one byte of a Close frame's payload",
            Right.BOTH,
            it -> it.theyNeedNoMore() && it.sameItems()),
    ANOTHER_RULE_FIRST(
            List.of("netty", "java-websocket", "websockets", "wsproto"),
            "RFC 6455 §7.1.7",
            "Certain algorithms and specifications require an endpoint to _Fail the WebSocket Connection_.",
            "name the first rule that a frame breaks, by its bytes",
            "looks at the frame's rules in another order, and sends the code of another one that it breaks",
            Right.BOTH,
            it -> (it.anotherRuleFirst() || it.decompressFirst()) && it.sameItems()),
    BYTES_BEHIND_CLOSE_READ(
            List.of("java-websocket"),
            "RFC 6455 §1.4",
            "after receiving a control frame indicating the connection should be closed, a peer discards any further data"
                    + " received.",
            "discard what follows a Close frame",
            "decodes all frames of a piece before it looks at the first, and fails because of one behind the Close frame",
            Right.WE,
            it -> it.weReceiveAnyClose() && it.theyFailByFrame() && it.hasBytesBehind() && it.sameItems()),
    LATER_FRAME_FIRST(
            List.of("java-websocket"),
            "RFC 6455 §7.1.7",
            "An endpoint MUST NOT continue to attempt to process data (including a responding Close frame) from the remote"
                    + " endpoint after being instructed to _Fail the WebSocket Connection_.",
            "stop at the first frame that breaks a rule",
            "decodes all frames of a piece before it looks at their order, at the size and the text of their message, and"
                    + " fails because of a later one",
            Right.WE,
            it -> it.weFail(
                            "invalid-utf8",
                            "expected-continuation",
                            "unexpected-continuation",
                            "invalid-close-payload",
                            "message-too-big",
                            "compressed-data-truncated")
                    && it.theyFailByFrame()
                    && it.hasBytesBehind()
                    && it.sameItems()),
    LOST_WITH_FAILURE(
            List.of("java-websocket"),
            "RFC 6455 §6.2",
            "it is said that _A WebSocket Message Has Been Received_ with type /type/ and data /data/.",
            "hand on what came before the frame that breaks a rule",
            "decodes all frames of a piece before it hands on the first, and loses them when a later one is wrong",
            Right.WE,
            Case::onlyLostWithFailure);

    /** Who does as the RFC says. */
    enum Right {
        WE,
        BOTH
    }

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> peers;

    private final String source;
    private final String sentence;
    private final String ours;
    private final String theirs;
    private final Right right;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that hold nothing
    private final Predicate<Case> applies;

    Kind(
            List<String> peers,
            String source,
            String sentence,
            String ours,
            String theirs,
            Right right,
            Predicate<Case> applies) {
        this.peers = peers;
        this.source = source;
        this.sentence = sentence;
        this.ours = ours;
        this.theirs = theirs;
        this.right = right;
        this.applies = applies;
    }

    /** Returns the kind of a difference; none when it is unexplained. */
    static Optional<Kind> of(Case difference) {
        for (Kind kind : values()) {
            if (kind.peers.contains(difference.peer()) && kind.applies.test(difference)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    List<String> peers() {
        return peers;
    }

    String source() {
        return source;
    }

    String sentence() {
        return sentence;
    }

    String ours() {
        return ours;
    }

    String theirs() {
        return theirs;
    }

    Right right() {
        return right;
    }
}
