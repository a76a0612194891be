package io.sansocket.core.hostile;

import io.sansocket.core.protocol.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * One shape of hostile input, of any size.
 *
 * @param id its name on the page and in the tests
 * @param attacks what it hopes for
 * @param start where the connection stands when the first byte comes
 * @param size how many bytes it takes, about, until the outcome at default limits
 * @param outcome the rule that it breaks by then, or {@link #GOES_ON}, or {@link #CLOSES}
 * @param generator makes the bytes for a size, about so many
 */
record Shape(String id, String attacks, Start start, int size, String outcome, IntFunction<byte[]> generator) {
    static final String GOES_ON = "goes on";
    static final String CLOSES = "closes";

    /** Where a connection stands, and at which end of it the input arrives. */
    enum Start {
        SERVER_HEAD,
        /** The request was lawful, and the application has not answered it. */
        SERVER_UNANSWERED,
        SERVER_OPEN,
        SERVER_STREAMS,
        SERVER_INFLATES,
        SERVER_INFLATES_STREAMED,
        /** As many Pings of the application as may wait for their Pong do. */
        SERVER_PINGING,
        /** The server has sent a Close frame. */
        SERVER_CLOSING,
        CLIENT_HEAD,
        CLIENT_OPEN,
        CLIENT_INFLATES;

        boolean isServer() {
            return compareTo(CLIENT_HEAD) < 0;
        }

        boolean inflates() {
            return this == SERVER_INFLATES || this == SERVER_INFLATES_STREAMED || this == CLIENT_INFLATES;
        }

        boolean streams() {
            return this == SERVER_STREAMS || this == SERVER_INFLATES_STREAMED;
        }

        /** Tells whether the input comes before the opening handshake is done. */
        boolean isHandshake() {
            return this == SERVER_HEAD || this == SERVER_UNANSWERED || this == CLIENT_HEAD;
        }

        Limits limits() {
            return isServer() ? Limits.SERVER : Limits.CLIENT;
        }
    }

    private static final Map<List<Object>, byte[]> MADE = new HashMap<>();

    /** Returns about so many bytes, the same each time. */
    byte[] bytes(int about) {
        return MADE.computeIfAbsent(List.of(id, about), key -> generator.apply(about));
    }

    @Override
    public String toString() {
        return id;
    }
}
