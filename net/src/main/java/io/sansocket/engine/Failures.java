package io.sansocket.engine;

import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What the exceptions of a channel mean. */
final class Failures {
    private Failures() {}

    /** Returns how a transport ended that threw this. */
    static TransportEnd endOf(IOException thrown) {
        if (thrown instanceof SSLException) {
            return TransportEnd.TLS_FAILED;
        }
        return isReset(thrown) ? TransportEnd.PEER_RESET : TransportEnd.LOCAL_FAILURE;
    }

    /** The system's words are all there is to tell a reset by: "Connection reset" when reading, "Broken pipe" when writing. */
    private static boolean isReset(IOException thrown) {
        String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("reset") || message.contains("broken pipe");
    }
}
