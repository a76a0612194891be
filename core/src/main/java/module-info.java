/** The WebSocket protocol (RFC 6455) without any I/O: bytes in, events and bytes out, time as an argument. */
module io.sansocket.core {
    requires static org.jspecify;

    exports io.sansocket.core.deflate;
    exports io.sansocket.core.extension;
    exports io.sansocket.core.frame;
    exports io.sansocket.core.handshake;
    exports io.sansocket.core.http;
    exports io.sansocket.core.protocol;
    exports io.sansocket.core.rule;
}
