package io.sansocket;

import io.sansocket.core.http.HttpRequest;
import java.net.SocketAddress;
import java.util.List;

/**
 * A lawful opening handshake that a server is to answer.
 *
 * @param request the request's head
 * @param subprotocols the subprotocols the client offers, in its order of preference
 * @param remoteAddress where it comes from
 * @since 0.1
 */
public record HandshakeRequest(HttpRequest request, List<String> subprotocols, SocketAddress remoteAddress) {}
