package io.sansocket.core.deflate;

import io.sansocket.core.deflate.DeflateParameters.Place;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionRefusedException;

/**
 * How one direction compresses: how far back, and whether beyond the message (RFC 7692 §7.1).
 *
 * <p>Our own deflater keeps a window below 15 bits by forgetting everything as often, which costs output and below 10
 * bits time: of JSON text about a tenth more is left at 12 bits, a third more at 10, twice as much at 8. Our inflater
 * holds what the window says between messages, with context takeover. Ask a client for no less than 9 bits: some, as
 * Python's websockets, offer to be asked, but fail the connection when asked for 8.
 *
 * @param maxWindowBits the base-2 logarithm of the LZ77 sliding window, 8 to 15: back-references reach no further
 * @param takeover whether a message may refer to those before it (context takeover); smaller output for small
 *     messages, for memory held between them
 * @since 0.1
 */
public record DeflateContext(int maxWindowBits, boolean takeover) {
    /** The smallest window: 256 bytes. */
    public static final int MIN_WINDOW_BITS = 8;

    /** The largest window: 32 KiB. */
    public static final int MAX_WINDOW_BITS = 15;

    /** All that the RFC allows: 15 bits, with context takeover. */
    public static final DeflateContext LARGEST = new DeflateContext(MAX_WINDOW_BITS, true);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException when the window bits are not 8 to 15
     */
    public DeflateContext {
        if (maxWindowBits < MIN_WINDOW_BITS || maxWindowBits > MAX_WINDOW_BITS) {
            throw new IllegalArgumentException(
                    "max window bits is " + maxWindowBits + ", it must be 8 to 15 (RFC 7692 §7.1.2)");
        }
    }

    /**
     * Returns how the server compresses by its response.
     *
     * @throws ExtensionRefusedException when a parameter is unknown, has an invalid value, or comes twice
     */
    public static DeflateContext ofServer(ExtensionOffer agreed) throws ExtensionRefusedException {
        var said = DeflateParameters.parse(agreed.parameters(), Place.RESPONSE);
        return new DeflateContext(
                Math.min(MAX_WINDOW_BITS, said.serverMaxWindowBits()), !said.serverNoContextTakeover());
    }

    /**
     * Returns how the client compresses by the server's response.
     *
     * @throws ExtensionRefusedException when a parameter is unknown, has an invalid value, or comes twice
     */
    public static DeflateContext ofClient(ExtensionOffer agreed) throws ExtensionRefusedException {
        var said = DeflateParameters.parse(agreed.parameters(), Place.RESPONSE);
        return new DeflateContext(
                Math.min(MAX_WINDOW_BITS, said.clientMaxWindowBits()), !said.clientNoContextTakeover());
    }
}
