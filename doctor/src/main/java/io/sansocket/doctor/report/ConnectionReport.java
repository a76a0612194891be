package io.sansocket.doctor.report;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket connection.
 *
 * @param id its number in this run, from 1
 * @param client the client's address and port; null when the input is a bare stream
 * @param server the server's address and port; null when the input is a bare stream
 * @param handshake what became of the opening handshake
 * @param extensions the extensions the server agreed to, with their parameters
 * @param subprotocol the subprotocol the server chose; null when it chose none
 * @since 0.1
 */
public record ConnectionReport(
        long id,
        @Nullable String client,
        @Nullable String server,
        HandshakeState handshake,
        List<String> extensions,
        @Nullable String subprotocol)
        implements Report {
    /** Copies the list. */
    public ConnectionReport {
        Objects.requireNonNull(handshake);
        extensions = List.copyOf(extensions);
    }
}
