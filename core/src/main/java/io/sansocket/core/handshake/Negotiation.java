package io.sansocket.core.handshake;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.extension.ExtensionRefusedException;
import io.sansocket.core.rule.Excerpt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agreement on extensions (RFC 6455 §9.1): each at most once, and no reserved bit for two. */
final class Negotiation {
    private final List<ExtensionProvider> providers;
    private final List<Extension> extensions = new ArrayList<>();
    private int reservedBits;

    Negotiation(List<ExtensionProvider> providers) {
        this.providers = checkNames(providers);
    }

    /**
     * Checks that each provider has a name of its own.
     *
     * @throws IllegalArgumentException when two have the same
     */
    static List<ExtensionProvider> checkNames(List<ExtensionProvider> providers) {
        var names = new HashSet<String>();
        for (ExtensionProvider provider : providers) {
            if (!names.add(provider.name())) {
                throw new IllegalArgumentException("two extension providers are named " + Excerpt.of(provider.name()));
            }
        }
        return List.copyOf(providers);
    }

    List<Extension> extensions() {
        return List.copyOf(extensions);
    }

    /** Server: answers the offers in the client's order of preference; what does not fit is declined. */
    void answer(List<ExtensionOffer> offers) {
        for (ExtensionOffer offer : offers) {
            ExtensionProvider provider = provider(offer.name());
            if (provider != null && !isAgreed(offer.name())) {
                provider.answer(offer).ifPresent(this::addOrDecline);
            }
        }
    }

    private void addOrDecline(Extension extension) {
        if (!add(extension)) {
            extension.release();
        }
    }

    /** Client: takes the server's answers; returns why they cannot be taken, or null. */
    @Nullable
    String accept(List<ExtensionOffer> answers) {
        for (ExtensionOffer answer : answers) {
            String reason = accept(answer);
            if (reason != null) {
                extensions.forEach(Extension::release);
                return "extension " + Excerpt.of(answer.toString()) + ": " + reason;
            }
        }
        return null;
    }

    private @Nullable String accept(ExtensionOffer answer) {
        ExtensionProvider provider = provider(answer.name());
        if (provider == null) {
            return "it was not offered";
        }
        if (isAgreed(answer.name())) {
            return "it is in the answer twice";
        }
        try {
            Extension extension = provider.accept(answer);
            if (!add(extension)) {
                extension.release();
                // RFC 7692 §5: "A client that received a response accepting a PMCE extension negotiation offer together
                // with such an extension" (one that wants RSV1, too) "MUST _Fail the WebSocket Connection_."
                return "it uses a reserved bit of an extension before it";
            }
            return null;
        } catch (ExtensionRefusedException e) {
            return e.getMessage();
        }
    }

    private boolean add(Extension extension) {
        boolean free = (extension.reservedBits() & reservedBits) == 0;
        if (free) {
            reservedBits |= extension.reservedBits();
            extensions.add(extension);
        }
        return free;
    }

    private @Nullable ExtensionProvider provider(String name) {
        for (ExtensionProvider provider : providers) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        return null;
    }

    private boolean isAgreed(String name) {
        return extensions.stream()
                .anyMatch(extension -> extension.agreed().name().equals(name));
    }
}
