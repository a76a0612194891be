package io.sansocket.doctor.tcp;

import io.sansocket.doctor.network.Segment;
import java.util.Comparator;
import java.util.LinkedHashMap;

/** The table of connections: finds each segment's one, the least recently used gives way when it is full. */
final class TcpAssembler {
    static final int MAX_CONNECTIONS = 65_536;

    private static final float LOAD_FACTOR = 0.75f;

    private final TcpListener listener;
    private final Memory memory = new Memory();
    /** In order of access, the least recent first. */
    private final LinkedHashMap<FlowKey, Connection> connections = new LinkedHashMap<>(64, LOAD_FACTOR, true);

    private int opened;

    TcpAssembler(TcpListener listener) {
        this.listener = listener;
    }

    void accept(Segment segment) {
        var key = FlowKey.of(segment);
        var connection = connections.get(key);
        if (connection != null && connection.isReplacedBy(segment)) {
            connections.remove(key);
            connection.end();
            connection = null;
        }
        if (connection == null) {
            connection = open(key, segment);
        }
        connection.accept(segment);
    }

    private Connection open(FlowKey key, Segment segment) {
        if (connections.size() == MAX_CONNECTIONS) {
            var eldest = connections.values().iterator();
            var evicted = eldest.next();
            eldest.remove();
            evicted.end();
        }
        opened++;
        boolean senderOpens = !(segment.syn() && segment.ack());
        var identity = new TcpConnection(opened, key, senderOpens == FlowKey.sentByA(segment), segment.packet());
        if (segment.syn()) {
            identity.seeHandshake();
        }
        var connection = new Connection(identity, listener.opened(identity), memory);
        connections.put(key, connection);
        return connection;
    }

    int opened() {
        return opened;
    }

    /** Ends all connections, in order of appearance. */
    void end() {
        connections.values().stream()
                .sorted(Comparator.comparingInt(Connection::number))
                .forEach(Connection::end);
        connections.clear();
    }
}
