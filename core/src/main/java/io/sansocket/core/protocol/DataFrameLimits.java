package io.sansocket.core.protocol;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import org.jspecify.annotations.Nullable;

/** Judges data frames by their headers, before anything of them is kept: the limits of frames and messages. */
final class DataFrameLimits {
    /** The largest array that every JVM can make. */
    static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    /**
     * What encoding may add for each frame, in bytes: the marks that end it and let the peer read what came. DEFLATE takes
     * no more than eight for the shortest.
     */
    private static final int FRAME_ROOM = 16;
    /** What encoding may add to all bytes together, as a part of them: DEFLATE adds less to those that do not compress. */
    private static final int ENCODED_PART = 8;

    private DataFrameLimits() {}

    /** Returns the most bytes that a message may have: whole messages must fit an array. */
    static long maxMessage(Settings settings) {
        long limit = settings.limits().maxMessage();
        return settings.delivery() == Delivery.STREAMED ? limit : Math.min(limit, MAX_ARRAY);
    }

    /**
     * Judges a frame by its header.
     *
     * @param encoded whether extensions encoded its message: the limits are for what they decode, and what they encode may be
     *     somewhat larger
     * @param fragments the whole frames of its message before it
     * @param wireBytes their payload bytes
     */
    static @Nullable Violation judge(
            FrameDecoder frame, Settings settings, boolean encoded, int fragments, long wireBytes) {
        Limits limits = settings.limits();
        long declared = frame.payloadLength();
        if (declared > asSent(limits.maxFramePayload(), encoded, 1)) {
            return tooBig(frame, "a frame of " + declared + " payload bytes", limits.maxFramePayload(), encoded, 1);
        }
        long maxMessage = maxMessage(settings);
        if (declared > asSent(maxMessage, encoded, fragments + 1) - wireBytes) {
            long size = Long.MAX_VALUE - wireBytes < declared ? Long.MAX_VALUE : wireBytes + declared;
            return tooBig(frame, "a message of at least " + size + " bytes", maxMessage, encoded, fragments + 1);
        }
        if (fragments == limits.maxFragments()) {
            return new Violation(
                    Rule.TOO_MANY_FRAGMENTS,
                    frame.frameOffset(),
                    "a message of at least " + (fragments + 1) + " fragments, the limit is " + limits.maxFragments());
        }
        return null;
    }

    /** Returns the most bytes that may be sent, in so many frames, for a payload within a limit. */
    private static long asSent(long limit, boolean encoded, int frames) {
        if (!encoded) {
            return limit;
        }
        long room = limit / ENCODED_PART + (long) FRAME_ROOM * frames;
        return limit > Limits.UNLIMITED - room ? Limits.UNLIMITED : limit + room;
    }

    private static Violation tooBig(FrameDecoder frame, String what, long limit, boolean encoded, int frames) {
        String most = encoded ? asSent(limit, true, frames) + " as it is encoded, for " + limit : String.valueOf(limit);
        return new Violation(Rule.MESSAGE_TOO_BIG, frame.frameOffset(), what + ", the limit is " + most);
    }
}
