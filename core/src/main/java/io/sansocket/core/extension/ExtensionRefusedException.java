package io.sansocket.core.extension;

/**
 * A client's extension does not take the server's answer: the peer's fault. The connection fails with the rule
 * {@code handshake-extension} and this message.
 *
 * @since 0.1
 */
public final class ExtensionRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates one with what was found, and what is allowed; quote the peer's text as an excerpt. */
    public ExtensionRefusedException(String reason) {
        super(reason);
    }
}
