package io.sansocket.core.deflate;

import static io.sansocket.core.deflate.DeflateContext.MAX_WINDOW_BITS;
import static io.sansocket.core.deflate.DeflateParameters.ABSENT;
import static io.sansocket.core.deflate.DeflateParameters.CLIENT_MAX_WINDOW_BITS;
import static io.sansocket.core.deflate.DeflateParameters.CLIENT_NO_CONTEXT_TAKEOVER;
import static io.sansocket.core.deflate.DeflateParameters.SERVER_MAX_WINDOW_BITS;
import static io.sansocket.core.deflate.DeflateParameters.SERVER_NO_CONTEXT_TAKEOVER;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionParameter;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.extension.ExtensionRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The extension permessage-deflate (RFC 7692 §7), for both roles; may be shared by any number of connections and
 * threads, and should be, since they then share what is costly to make.
 *
 * <p>A connection holds nothing until its first compressed message. Between messages it holds, with context takeover, a
 * deflater (about 268 KB outside the heap) if it has sent one, and the window of what it has received (at most 32 KiB of
 * heap); without, nothing. Up to {@value #MAX_PARKED} deflaters and as many inflaters stay with the provider for the
 * next message.
 *
 * <p>Windows are kept to the bit, although zlib has only the largest in Java: a smaller one costs compression, not
 * memory (see {@link DeflateContext}).
 *
 * @since 0.1
 */
public final class PermessageDeflate implements ExtensionProvider {
    /** The name of the extension. */
    public static final String NAME = "permessage-deflate";

    /** The most bytes that are handed on at once: what a bomb can put out before a limit is looked at. */
    static final int PIECE = 8 * 1024;

    static final int MAX_PARKED = 8;

    private final DeflateOptions options;
    private final Pool<DeflateCoder> deflaters;
    private final Pool<InflateCoder> inflaters;

    private PermessageDeflate(DeflateOptions options) {
        this.options = options;
        deflaters = new Pool<>(DeflateCoder.class, () -> new DeflateCoder(options.level()), MAX_PARKED);
        inflaters = new Pool<>(InflateCoder.class, InflateCoder::new, MAX_PARKED);
    }

    /** Returns a provider with {@link DeflateOptions#DEFAULT}. */
    public static PermessageDeflate create() {
        return with(DeflateOptions.DEFAULT);
    }

    /** Returns a provider. */
    public static PermessageDeflate with(DeflateOptions options) {
        return new PermessageDeflate(options);
    }

    /** Returns what this end wants. */
    public DeflateOptions options() {
        return options;
    }

    /**
     * Returns an inflater for the messages of one direction, for a tool that looks on. It is single-threaded and draws on
     * the same store of inflaters as the connections of this provider.
     *
     * @param sender how that direction's sender compresses
     */
    public MessageInflater inflater(DeflateContext sender) {
        return new MessageInflater(inflaters, sender);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ExtensionOffer> offers() {
        var parameters = new ArrayList<ExtensionParameter>();
        addTakeover(parameters, options.server(), options.client());
        if (options.server().maxWindowBits() < MAX_WINDOW_BITS) {
            add(parameters, SERVER_MAX_WINDOW_BITS, options.server().maxWindowBits());
        }
        // RFC 7692 §7.1.2.2: "If a received extension negotiation offer doesn't have the "client_max_window_bits"
        // extension parameter, the corresponding extension negotiation response to the offer MUST NOT include" it.
        if (options.client().maxWindowBits() < MAX_WINDOW_BITS) {
            add(parameters, CLIENT_MAX_WINDOW_BITS, options.client().maxWindowBits());
        } else {
            parameters.add(new ExtensionParameter(CLIENT_MAX_WINDOW_BITS, null));
        }
        return List.of(new ExtensionOffer(NAME, parameters));
    }

    private static void addTakeover(List<ExtensionParameter> to, DeflateContext server, DeflateContext client) {
        if (!server.takeover()) {
            to.add(new ExtensionParameter(SERVER_NO_CONTEXT_TAKEOVER, null));
        }
        if (!client.takeover()) {
            to.add(new ExtensionParameter(CLIENT_NO_CONTEXT_TAKEOVER, null));
        }
    }

    private static void add(List<ExtensionParameter> to, String name, int bits) {
        to.add(new ExtensionParameter(name, Integer.toString(bits)));
    }

    @Override
    public Extension accept(ExtensionOffer agreed) throws ExtensionRefusedException {
        var said = DeflateParameters.parse(agreed.parameters(), DeflateParameters.Place.RESPONSE);
        String reason = reasonAgainst(said);
        if (reason != null) {
            throw new ExtensionRefusedException(reason);
        }
        DeflateContext server =
                least(DeflateContext.LARGEST, said.serverMaxWindowBits(), said.serverNoContextTakeover());
        DeflateContext client = least(options.client(), said.clientMaxWindowBits(), said.clientNoContextTakeover());
        return extension(agreed, client, server);
    }

    /** Returns why a response answers none of our offers, or null. */
    private @Nullable String reasonAgainst(DeflateParameters said) {
        // RFC 7692 §7.1.1.1: "A server accepts an extension negotiation offer that includes the
        // "server_no_context_takeover" extension parameter by including the "server_no_context_takeover" extension
        // parameter in the corresponding extension negotiation response".
        if (!options.server().takeover() && !said.serverNoContextTakeover()) {
            return "parameter \"" + SERVER_NO_CONTEXT_TAKEOVER + "\" is missing, it was asked for (RFC 7692 §7.1.1.1)";
        }
        // RFC 7692 §7.1.2.1: by including the parameter "with the same or smaller value as the offer."
        int server = options.server().maxWindowBits();
        if (server < MAX_WINDOW_BITS && said.serverMaxWindowBits() > server) {
            String found = said.serverMaxWindowBits() == ABSENT
                    ? "is missing"
                    : "has the value \"" + said.serverMaxWindowBits() + "\"";
            return "parameter \"" + SERVER_MAX_WINDOW_BITS + "\" " + found + ", allowed are 8 to " + server
                    + " as offered (RFC 7692 §7.1.2.1)";
        }
        // RFC 7692 §7.2.1: "The client-to-server "client_max_window_bits" extension parameter is just a hint for the
        // server
        // to build an extension negotiation response." So the server may allow us more; we keep to what we wanted.
        return null;
    }

    @Override
    public Optional<Extension> answer(ExtensionOffer offer) {
        DeflateParameters asked;
        try {
            asked = DeflateParameters.parse(offer.parameters(), DeflateParameters.Place.OFFER);
        } catch (ExtensionRefusedException e) {
            return Optional.empty();
        }
        DeflateContext server = least(options.server(), asked.serverMaxWindowBits(), asked.serverNoContextTakeover());
        // RFC 7692 §7.1.2.2: a client whose offer does not have the parameter cannot be asked for a smaller window.
        boolean limitable = asked.clientMaxWindowBits() != ABSENT;
        DeflateContext most = limitable
                ? options.client()
                : new DeflateContext(MAX_WINDOW_BITS, options.client().takeover());
        DeflateContext client = least(most, asked.clientMaxWindowBits(), asked.clientNoContextTakeover());
        var parameters = new ArrayList<ExtensionParameter>();
        addTakeover(parameters, server, client);
        if (asked.serverMaxWindowBits() != ABSENT || server.maxWindowBits() < MAX_WINDOW_BITS) {
            add(parameters, SERVER_MAX_WINDOW_BITS, server.maxWindowBits());
        }
        if (client.maxWindowBits() < MAX_WINDOW_BITS) {
            add(parameters, CLIENT_MAX_WINDOW_BITS, client.maxWindowBits());
        }
        return Optional.of(extension(new ExtensionOffer(NAME, parameters), server, client));
    }

    private static DeflateContext least(DeflateContext most, int bits, boolean noTakeover) {
        return new DeflateContext(Math.min(most.maxWindowBits(), bits), most.takeover() && !noTakeover);
    }

    private Extension extension(ExtensionOffer agreed, DeflateContext ours, DeflateContext theirs) {
        return new DeflateExtension(
                agreed, options, new MessageDeflater(deflaters, ours), new MessageInflater(inflaters, theirs));
    }
}
