/** For tests of what speaks WebSocket: a virtual wire and clock, a peer with faults, ledgers of messages. */
module io.sansocket.testkit {
    requires transitive io.sansocket.core;
    requires static org.jspecify;

    exports io.sansocket.testkit;
}
