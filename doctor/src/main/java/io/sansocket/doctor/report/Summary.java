package io.sansocket.doctor.report;

/**
 * The count at the end.
 *
 * @param connections the WebSocket connections
 * @param frames the frames, whole or not
 * @param errors the findings of severity error, those that were only counted included
 * @param warnings the findings of severity warning
 * @param notes the findings of severity note
 * @param opinions the findings of severity opinion
 * @param packets the packets of all captures; 0 when the input was none
 * @param tcpConnections their TCP connections, whatever they carry
 * @since 0.1
 */
public record Summary(
        long connections,
        long frames,
        long errors,
        long warnings,
        long notes,
        long opinions,
        long packets,
        long tcpConnections)
        implements Report {}
