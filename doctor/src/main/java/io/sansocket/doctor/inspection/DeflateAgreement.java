package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionParameter;
import io.sansocket.core.extension.ExtensionRefusedException;
import io.sansocket.core.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How both sides may compress by the response of the opening handshake (RFC 7692 §7.1); of parameters that break the
 * rules, what makes sense without them.
 *
 * @param faults what is wrong with the parameters left out
 */
record DeflateAgreement(DeflateContext client, DeflateContext server, List<String> faults) {
    /** Returns what the first permessage-deflate in a response says. */
    static Optional<DeflateAgreement> among(List<ExtensionOffer> agreed) {
        return agreed.stream()
                .filter(extension -> extension.name().equals(PermessageDeflate.NAME))
                .findFirst()
                .map(DeflateAgreement::of);
    }

    private static DeflateAgreement of(ExtensionOffer said) {
        var agreement = new DeflateAgreement(DeflateContext.LARGEST, DeflateContext.LARGEST, List.of());
        var good = new ArrayList<ExtensionParameter>();
        var faults = new ArrayList<String>();
        for (ExtensionParameter parameter : said.parameters()) {
            good.add(parameter);
            try {
                var offer = new ExtensionOffer(said.name(), good);
                agreement =
                        new DeflateAgreement(DeflateContext.ofClient(offer), DeflateContext.ofServer(offer), List.of());
            } catch (ExtensionRefusedException e) {
                good.remove(good.size() - 1);
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        return new DeflateAgreement(agreement.client, agreement.server, List.copyOf(faults));
    }

    DeflateContext of(Role sender) {
        return sender == Role.CLIENT ? client : server;
    }
}
