package io.sansocket.core.deflate;

import static io.sansocket.core.deflate.DeflateContext.MAX_WINDOW_BITS;
import static io.sansocket.core.deflate.DeflateContext.MIN_WINDOW_BITS;

import io.sansocket.core.extension.ExtensionParameter;
import io.sansocket.core.extension.ExtensionRefusedException;
import io.sansocket.core.rule.Excerpt;
import java.util.HashSet;
import java.util.List;

/**
 * The four parameters of permessage-deflate, read strictly (RFC 7692 §7.1).
 *
 * @param serverMaxWindowBits 8 to 15, or {@link #ABSENT}
 * @param clientMaxWindowBits 8 to 15, or {@link #ABSENT}; in an offer without a value it is 15
 */
record DeflateParameters(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    /** Window bits that nobody named: more than any, so that a smaller bound wins. */
    static final int ABSENT = MAX_WINDOW_BITS + 1;

    /** Whose parameters they are; only a client may leave a value out. */
    enum Place {
        OFFER,
        RESPONSE
    }

    /**
     * Reads parameters.
     *
     * <p>RFC 7692 §7: "A server MUST decline an extension negotiation offer for this extension", and "A client MUST _Fail
     * the WebSocket Connection_" on a response, with "an extension parameter not defined for use" there, "an extension
     * parameter with an invalid value" or "multiple extension parameters with the same name".
     *
     * @throws ExtensionRefusedException for such a parameter
     */
    static DeflateParameters parse(List<ExtensionParameter> parameters, Place place) throws ExtensionRefusedException {
        var names = new HashSet<String>();
        int serverBits = ABSENT;
        int clientBits = ABSENT;
        for (ExtensionParameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw refused(parameter, "comes twice (RFC 7692 §7)");
            }
            switch (parameter.name()) {
                case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> requireNoValue(parameter);
                case SERVER_MAX_WINDOW_BITS -> serverBits = windowBits(parameter);
                case CLIENT_MAX_WINDOW_BITS ->
                    // RFC 7692 §7.1.2.2 on an offer: "This parameter has no value or a decimal integer value".
                    clientBits =
                            parameter.value() == null && place == Place.OFFER ? MAX_WINDOW_BITS : windowBits(parameter);
                default -> throw refused(parameter, "is not known (RFC 7692 §7)");
            }
        }
        return new DeflateParameters(
                names.contains(SERVER_NO_CONTEXT_TAKEOVER),
                names.contains(CLIENT_NO_CONTEXT_TAKEOVER),
                serverBits,
                clientBits);
    }

    private static void requireNoValue(ExtensionParameter parameter) throws ExtensionRefusedException {
        if (parameter.value() != null) {
            throw refused(
                    parameter,
                    "has the value " + Excerpt.of(parameter.value()) + ", none is allowed (RFC 7692 §7.1.1)");
        }
    }

    private static int windowBits(ExtensionParameter parameter) throws ExtensionRefusedException {
        // RFC 7692 §7.1.2.1: "a decimal integer value without leading zeroes between 8 to 15, inclusive".
        for (int bits = MIN_WINDOW_BITS; bits <= MAX_WINDOW_BITS; bits++) {
            if (Integer.toString(bits).equals(parameter.value())) {
                return bits;
            }
        }
        String found = parameter.value() == null ? "no value" : "the value " + Excerpt.of(parameter.value());
        throw refused(parameter, "has " + found + ", allowed are 8 to 15 without leading zeros (RFC 7692 §7.1.2)");
    }

    private static ExtensionRefusedException refused(ExtensionParameter parameter, String why) {
        return new ExtensionRefusedException("parameter " + Excerpt.of(parameter.name()) + " " + why);
    }
}
