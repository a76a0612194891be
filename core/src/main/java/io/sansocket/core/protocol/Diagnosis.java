package io.sansocket.core.protocol;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;

/**
 * Where the incoming stream stands, and what its end or its silence means there. Made when somebody asks.
 *
 * @param lastByteAt when the last byte came
 * @param brokenAt where the stream broke a rule, or {@link Ending#NOT_BROKEN}
 */
record Diagnosis(FrameDecoder decoder, IncomingFrames incoming, Timeouts timeouts, long lastByteAt, long brokenAt) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Returns where the stream stands: in a payload that breaks a rule, at the byte that does, whatever came with it. */
    Progress frames() {
        Progress at = Progress.of(decoder, incoming.fragments(), incoming.wireBytes(), lastByteAt);
        long upToBroken = brokenAt + 1 - at.offset() - at.headerReceived();
        return decoder.inPayload() && upToBroken > 0 && upToBroken < at.received() ? at.withReceived(upToBroken) : at;
    }

    Progress handshake(Opening opening) {
        return Progress.ofHandshake(opening.received(), lastByteAt, opening.progress());
    }

    /** Names what the stream ended inside of (RFC 6455 §7.1.5, §7.1.7). */
    Violation unfinished(TransportEnd end) {
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

    Violation stalled(long now) {
        return new Violation(
                Rule.FRAME_STALLED, decoder.offset(), "no byte came for " + silence(now) + " ms " + frames());
    }

    Violation missingPong(long now) {
        return new Violation(
                Rule.PONG_TIMEOUT,
                decoder.offset(),
                "no Pong came for %d ms, the last byte came %d ms ago"
                        .formatted(timeouts.pong().toMillis(), silence(now)));
    }

    Violation missingClose() {
        return new Violation(
                Rule.CLOSE_TIMEOUT,
                decoder.offset(),
                "no Close frame answered ours for " + timeouts.close().toMillis() + " ms " + frames());
    }

    private long silence(long now) {
        return (now - lastByteAt) / NANOS_PER_MILLI;
    }
}
