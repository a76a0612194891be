package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.ExtensionHeader;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.RequestFacts;
import io.sansocket.core.handshake.RequestRules;
import io.sansocket.core.handshake.ResponseRules;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.HandshakeState;
import io.sansocket.doctor.report.Severity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake as far as it was seen: judged by the core's rules, and what both sides agreed to.
 *
 * <p>What was agreed is what the response says, lawful or not, since that is what the frames behind it follow.
 */
final class Opening {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    /** The doctor bounds what it retains; how large a head may be is the receiver's choice. */
    private static final HttpLimits LIMITS = new HttpLimits(HeadCollector.LIMIT, 1000, HeadCollector.LIMIT);

    /** A breach, and whose. */
    private record Fault(Role from, Violation violation, Severity severity) {}

    private final List<Fault> faults = new ArrayList<>();
    private boolean responseSeen;
    private boolean requestSeen;
    private boolean headCut;
    private boolean refused;
    private @Nullable RequestFacts facts;
    private List<ExtensionOffer> extensions = List.of();
    private @Nullable DeflateAgreement deflate;
    private @Nullable String subprotocol;

    /** Judges a request's head, which begins at a place of the client's stream. */
    void request(ByteBuffer head) {
        requestSeen = true;
        var parser = HttpHeadParser.forRequests(LIMITS);
        if (!parser.parse(head)) {
            addBrokenHead(Role.CLIENT, parser);
            return;
        }
        HttpRequest request = parser.request();
        facts = RequestFacts.of(request);
        RequestRules.check(request).forEach(violation -> faults.add(new Fault(Role.CLIENT, violation, Severity.ERROR)));
    }

    /** Judges the final response's head. */
    void response(ByteBuffer head, int status) {
        responseSeen = true;
        refused = status != ResponseRules.SWITCHING_PROTOCOLS;
        var parser = HttpHeadParser.forResponses(LIMITS);
        if (!parser.parse(head)) {
            addBrokenHead(Role.SERVER, parser);
            return;
        }
        HttpResponse response = parser.response();
        RequestFacts asked = facts;
        var violations = asked == null ? ResponseRules.checkAlone(response) : ResponseRules.check(asked, response);
        // A refusal is an answer like any other: it breaks no rule, the connection just is none.
        Severity severity = refused ? Severity.WARNING : Severity.ERROR;
        violations.forEach(violation -> faults.add(new Fault(Role.SERVER, violation, severity)));
        if (!refused) {
            agree(response.headers());
        }
    }

    private void agree(HttpHeaders headers) {
        subprotocol = headers.first("Sec-WebSocket-Protocol");
        if (ExtensionHeader.parse(headers.all(EXTENSIONS)) instanceof ExtensionHeader.Parsed parsed) {
            extensions = parsed.offers();
            var agreed = DeflateAgreement.among(extensions);
            deflate = agreed.orElse(null);
            agreed.ifPresent(known -> known.faults().forEach(fault -> addExtensionFault(headers, fault)));
        }
    }

    private void addExtensionFault(HttpHeaders headers, String fault) {
        long offset = headers.fields(EXTENSIONS).get(0).offset();
        faults.add(new Fault(
                Role.SERVER,
                new Violation(Rule.HANDSHAKE_EXTENSION, offset, PermessageDeflate.NAME + ": " + fault),
                Severity.ERROR));
    }

    private void addBrokenHead(Role from, HttpHeadParser parser) {
        Violation violation = parser.violation();
        if (violation == null) {
            headCut = true;
            violation = new Violation(
                    Rule.HANDSHAKE_HEADER_SYNTAX,
                    parser.bytesParsed(),
                    "the head ends after " + parser.bytesParsed() + " bytes, the empty line behind it is missing");
        }
        faults.add(new Fault(from, violation, Severity.ERROR));
    }

    /** The capture lacks the end of the request's head. */
    void requestCut() {
        requestSeen = true;
    }

    /** The capture lacks the end of the response's head, whose status is 101. */
    void responseCut() {
        responseSeen = true;
    }

    /** A head that goes on beyond all limits. */
    void tooLong(Role from) {
        requestSeen |= from == Role.CLIENT;
        responseSeen |= from == Role.SERVER;
        refused = true;
        var violation = new Violation(
                Rule.HANDSHAKE_TOO_LARGE,
                HeadCollector.LIMIT,
                "the head has more than " + HeadCollector.LIMIT + " bytes");
        faults.add(new Fault(from, violation, Severity.ERROR));
    }

    /** Tells whether frames follow: the response says 101, or what the input holds of the handshake does not say. */
    boolean framesFollow() {
        return !refused;
    }

    /** Tells whether the response was asked for and not seen, or not to its end. */
    boolean isUnfinished() {
        return headCut || (requestSeen && !responseSeen);
    }

    /** Returns how both sides compress, when they do. */
    Optional<DeflateAgreement> deflate() {
        return Optional.ofNullable(deflate);
    }

    /**
     * Reports what is known of the connection and what was found in the heads.
     *
     * @param oneSided whether the input is one side's bytes, which can be judged no further
     */
    void report(Ledger ledger, long id, @Nullable String client, @Nullable String server, boolean oneSided) {
        ledger.report(new ConnectionReport(
                id,
                client,
                server,
                state(oneSided),
                extensions.stream().map(ExtensionOffer::toString).toList(),
                subprotocol));
        for (Fault fault : faults) {
            report(ledger, id, fault);
        }
        if (requestSeen && !responseSeen && !oneSided) {
            noHandshake(
                    ledger, id, Role.SERVER, "the input holds the request of an opening handshake, and no response");
        } else if (!requestSeen && !responseSeen && !oneSided) {
            noHandshake(
                    ledger,
                    id,
                    Role.CLIENT,
                    "the input does not hold the opening handshake; these are frames all the same");
        }
    }

    private void report(Ledger ledger, long id, Fault fault) {
        Violation violation = fault.violation();
        String head = fault.from() == Role.CLIENT ? "in the request head: " : "in the response head: ";
        boolean tolerated = isTolerated(fault);
        ledger.report(new Finding(
                id,
                fault.from(),
                violation.rule(),
                tolerated ? Severity.WARNING : fault.severity(),
                violation.offset(),
                0,
                head + violation.message() + (tolerated ? "; the server accepted it all the same" : "")));
    }

    /** A request is the server's to refuse; where it said 101 the handshake took place, and the breach is a lesser thing. */
    private boolean isTolerated(Fault fault) {
        return fault.from() == Role.CLIENT && responseSeen && !refused;
    }

    private static void noHandshake(Ledger ledger, long id, Role from, String text) {
        ledger.report(new Finding(id, from, Rule.NO_HANDSHAKE, Severity.NOTE, 0, 0, text));
    }

    private HandshakeState state(boolean oneSided) {
        if (refused || !faults.stream().allMatch(this::isTolerated)) {
            return HandshakeState.FAILED;
        }
        return responseSeen || (oneSided && requestSeen) ? HandshakeState.PRESENT : HandshakeState.ABSENT;
    }
}
