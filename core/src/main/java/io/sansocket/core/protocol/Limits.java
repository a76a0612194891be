package io.sansocket.core.protocol;

import io.sansocket.core.http.HttpLimits;

/**
 * The most a peer may make this end hold, in bytes and in counts. Every default is finite.
 *
 * @param maxFramePayload the most payload bytes a frame may declare: 1 MiB
 * @param maxMessage the most payload bytes a message may have, as sent and after extensions decoded it: 1 MiB. For
 *     what extensions encoded, frames and messages get room to have grown: an eighth, and 16 bytes for each frame
 * @param maxFragments the most frames a message may come in, empty ones counted: 16,384
 * @param maxBufferedOutput the most bytes that may wait to be transmitted before a send is refused: 16 MiB
 * @param maxPendingPings the most Pings of the application that may wait for their Pong: 16
 * @param maxEarlyData the most bytes held that came before the application answered the handshake request: 64 KiB
 * @param maxRefusalBody the most bytes kept of the body of a response other than 101: 64 KiB
 * @param maxInformationalResponses the most 1xx responses before the one that counts: 5
 * @param http the limits of the opening handshake's head
 * @since 0.1
 */
public record Limits(
        long maxFramePayload,
        long maxMessage,
        int maxFragments,
        long maxBufferedOutput,
        int maxPendingPings,
        int maxEarlyData,
        int maxRefusalBody,
        int maxInformationalResponses,
        HttpLimits http) {
    /** No limit, for who can show that none is needed, as when messages are streamed. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** A client's defaults. */
    public static final Limits CLIENT = defaults(HttpLimits.RESPONSE);

    /** A server's defaults. */
    public static final Limits SERVER = defaults(HttpLimits.REQUEST);

    /**
     * Checks that every limit is positive.
     *
     * @throws IllegalArgumentException if one is not
     */
    public Limits {
        requirePositive("maxFramePayload", maxFramePayload);
        requirePositive("maxMessage", maxMessage);
        requirePositive("maxFragments", maxFragments);
        requirePositive("maxBufferedOutput", maxBufferedOutput);
        requirePositive("maxPendingPings", maxPendingPings);
        requirePositive("maxEarlyData", maxEarlyData);
        requirePositive("maxRefusalBody", maxRefusalBody);
        requirePositive("maxInformationalResponses", maxInformationalResponses);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be at least 1");
        }
    }

    private static Limits defaults(HttpLimits http) {
        int mebibyte = 1 << 20;
        int held = 64 * 1024;
        return new Limits(mebibyte, mebibyte, 16_384, 16L * mebibyte, 16, held, held, 5, http);
    }

    /** Returns these limits with other ones for frames and messages, in payload bytes. */
    public Limits withMessageLimits(long newMaxFramePayload, long newMaxMessage) {
        return new Limits(
                newMaxFramePayload,
                newMaxMessage,
                maxFragments,
                maxBufferedOutput,
                maxPendingPings,
                maxEarlyData,
                maxRefusalBody,
                maxInformationalResponses,
                http);
    }

    /** Returns these limits with another one for the frames of a message. */
    public Limits withMaxFragments(int newMaxFragments) {
        return new Limits(
                maxFramePayload,
                maxMessage,
                newMaxFragments,
                maxBufferedOutput,
                maxPendingPings,
                maxEarlyData,
                maxRefusalBody,
                maxInformationalResponses,
                http);
    }

    /** Returns these limits with another one for waiting output, in bytes. */
    public Limits withMaxBufferedOutput(long newMaxBufferedOutput) {
        return new Limits(
                maxFramePayload,
                maxMessage,
                maxFragments,
                newMaxBufferedOutput,
                maxPendingPings,
                maxEarlyData,
                maxRefusalBody,
                maxInformationalResponses,
                http);
    }
}
