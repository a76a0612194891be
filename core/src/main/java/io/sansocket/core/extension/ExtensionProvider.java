package io.sansocket.core.extension;

import java.util.List;
import java.util.Optional;

/**
 * What negotiates an extension (RFC 6455 §9.1): the client's offers, the server's answers.
 *
 * <p>Stateless and shared between connections and threads; what belongs to one connection is an {@link Extension}.
 *
 * @since 0.1
 */
public interface ExtensionProvider {
    /** Returns the extension's name, a token. */
    String name();

    /** Client: returns what to offer, in order of preference, each under {@link #name()}; empty to offer nothing. */
    List<ExtensionOffer> offers();

    /**
     * Client: takes the server's answer to one of the {@link #offers()}.
     *
     * @param agreed what the server sent, under this provider's name; its parameters are not judged yet
     * @return the negotiated extension, owned by the connection, which calls {@link Extension#release()} once
     * @throws ExtensionRefusedException when the answer does not fit an offer; the client then fails the connection
     */
    Extension accept(ExtensionOffer agreed) throws ExtensionRefusedException;

    /**
     * Server: answers one of the client's offers.
     *
     * @param offer what the client sent, under this provider's name; its parameters are not judged yet
     * @return the negotiated extension, owned by the connection, or empty to decline, which is never an error
     */
    Optional<Extension> answer(ExtensionOffer offer);
}
