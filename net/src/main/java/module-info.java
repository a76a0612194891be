/** WebSocket client and server without dependencies. */
module io.sansocket {
    requires transitive io.sansocket.core;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports io.sansocket;
}
