package io.sansocket.core.frame;

/**
 * One end of a connection (RFC 6455 §1.2): a client's frames are masked, a server's are not.
 *
 * @since 0.1
 */
public enum Role {
    CLIENT,
    SERVER;

    /** Returns the other end's role. */
    public Role peer() {
        return this == CLIENT ? SERVER : CLIENT;
    }

    /** Returns {@code client} or {@code server}. */
    @Override
    public String toString() {
        return this == CLIENT ? "client" : "server";
    }
}
