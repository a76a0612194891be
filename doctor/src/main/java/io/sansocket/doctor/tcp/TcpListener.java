package io.sansocket.doctor.tcp;

import org.jspecify.annotations.Nullable;

/**
 * Hears of each connection of a capture.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TcpListener {
    /**
     * A connection's first segment was seen.
     *
     * @return who hears its bytes, or null when nobody cares
     */
    @Nullable
    ConnectionListener opened(TcpConnection connection);
}
