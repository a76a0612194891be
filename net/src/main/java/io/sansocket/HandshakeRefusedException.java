package io.sansocket;

import io.sansocket.core.http.HttpResponse;
import java.io.IOException;

/**
 * The server answered the opening handshake with a status other than 101.
 *
 * @since 0.1
 */
public final class HandshakeRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient HttpResponse response;

    HandshakeRefusedException(HttpResponse response) {
        super("the server refused the opening handshake: " + response);
        this.response = response;
    }

    /** Returns the response, with as much of its body as came, up to the limit. */
    public HttpResponse response() {
        return response;
    }
}
