package io.sansocket.core.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The header {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1): parsed, or the reason why it cannot be.
 *
 * @since 0.1
 */
public sealed interface ExtensionHeader {
    /**
     * A well-formed header.
     *
     * @param offers the extensions in order, at least one
     * @since 0.1
     */
    record Parsed(List<ExtensionOffer> offers) implements ExtensionHeader {
        /** Copies the list. */
        public Parsed {
            offers = List.copyOf(offers);
        }
    }

    /**
     * A header that breaks the grammar.
     *
     * @param value the index of the header value that breaks it
     * @param position the index of the offending character in that value, or its length when it ends too early
     * @param reason what is wrong there
     * @since 0.1
     */
    record Malformed(int value, int position, String reason) implements ExtensionHeader {}

    /**
     * Parses the values of all headers of that name, in order. Never throws for the peer's faults.
     *
     * <p>Empty elements between commas are passed over, but one extension there must be.
     */
    static ExtensionHeader parse(List<String> values) {
        var offers = new ArrayList<ExtensionOffer>();
        for (int i = 0; i < values.size(); i++) {
            var scanner = new ExtensionScanner(values.get(i));
            offers.addAll(scanner.offers());
            String reason = scanner.fault();
            if (reason != null) {
                return new Malformed(i, scanner.position(), reason);
            }
        }
        // RFC 6455 §9.1: "extension-list = 1#extension"
        return offers.isEmpty() ? new Malformed(0, 0, "the list names no extension") : new Parsed(offers);
    }

    /** Formats extensions as one header value; an empty list gives the empty string, which is no valid header. */
    static String format(List<ExtensionOffer> offers) {
        return offers.stream().map(ExtensionOffer::toString).collect(Collectors.joining(", "));
    }
}
