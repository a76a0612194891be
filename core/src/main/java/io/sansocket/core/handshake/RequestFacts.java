package io.sansocket.core.handshake;

import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a response is held against: what the request asked for.
 *
 * @param key the key, or null when the request had not exactly one that is valid
 * @param subprotocols the subprotocols asked for
 * @param extensions the extensions offered
 * @since 0.1
 */
public record RequestFacts(@Nullable String key, List<String> subprotocols, List<ExtensionOffer> extensions) {
    /** Copies the lists. */
    public RequestFacts {
        subprotocols = List.copyOf(subprotocols);
        extensions = List.copyOf(extensions);
    }

    /** Takes the facts from a request; what is malformed in it is left out. */
    public static RequestFacts of(HttpRequest request) {
        var check = new HeadCheck(request.headers());
        List<String> keys = request.headers().all(HeadCheck.KEY);
        String key = keys.size() == 1 && WebSocketKey.isValid(keys.get(0)) ? keys.get(0) : null;
        return new RequestFacts(key, check.subprotocols(), check.extensions());
    }
}
