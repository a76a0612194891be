package io.sansocket.core.deflate;

import java.util.Objects;
import java.util.zip.Deflater;

/**
 * What an end wants of permessage-deflate. A client asks for it, a server grants no more than it.
 *
 * @param server the most that the server may do when it compresses
 * @param client the most that the client may do when it compresses; a client that does not let itself be asked
 *     ({@code client_max_window_bits} is not in its offer) uses what it likes
 * @param level how hard to compress: 0 (stored) to 9, or -1 for zlib's default, which is 6
 * @param minLength the length in bytes from which on a message is compressed; one of unknown length always is
 * @param filter has the last word on each message
 * @since 0.1
 */
public record DeflateOptions(
        DeflateContext server, DeflateContext client, int level, int minLength, MessageFilter filter) {
    /** Both windows of 15 bits with context takeover, level 6, messages of 64 bytes and more. */
    public static final DeflateOptions DEFAULT = new DeflateOptions(
            DeflateContext.LARGEST, DeflateContext.LARGEST, Deflater.DEFAULT_COMPRESSION, 64, MessageFilter.ALL);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when the level is not -1 to 9, or the minimum length negative
     */
    public DeflateOptions {
        Objects.requireNonNull(server);
        Objects.requireNonNull(client);
        Objects.requireNonNull(filter);
        if (level < Deflater.DEFAULT_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
            throw new IllegalArgumentException("compression level is " + level + ", it must be -1 to 9");
        }
        if (minLength < 0) {
            throw new IllegalArgumentException("minLength is " + minLength + ", it must be at least 0");
        }
    }

    /** Returns these options with another bound for the server's compression. */
    public DeflateOptions withServer(DeflateContext newServer) {
        return new DeflateOptions(newServer, client, level, minLength, filter);
    }

    /** Returns these options with another bound for the client's compression. */
    public DeflateOptions withClient(DeflateContext newClient) {
        return new DeflateOptions(server, newClient, level, minLength, filter);
    }

    /** Returns these options with another compression level. */
    public DeflateOptions withLevel(int newLevel) {
        return new DeflateOptions(server, client, newLevel, minLength, filter);
    }

    /** Returns these options with another length from which on messages are compressed. */
    public DeflateOptions withMinLength(int newMinLength) {
        return new DeflateOptions(server, client, level, newMinLength, filter);
    }

    /** Returns these options with another filter. */
    public DeflateOptions withFilter(MessageFilter newFilter) {
        return new DeflateOptions(server, client, level, minLength, newFilter);
    }
}
