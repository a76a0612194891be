package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.report.EndedBy;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.Severity;
import org.jspecify.annotations.Nullable;

/** A WebSocket connection whose frames are taken apart: two streams, and who ended them first. */
final class Conversation {
    private final long id;
    private final StreamInspection client;
    private final StreamInspection server;
    /** Whether the response of the opening handshake did not come to its end. */
    private final boolean unfinished;
    /** Whose FIN or RST came first. */
    private @Nullable Role endedFirst;

    Conversation(long id, Ledger ledger, InspectionOptions options, Opening opening) {
        this.id = id;
        this.unfinished = opening.isUnfinished();
        client = new StreamInspection(id, Role.CLIENT, ledger, options);
        server = new StreamInspection(id, Role.SERVER, ledger, options);
        opening.deflate().ifPresent(agreed -> {
            client.agreeDeflate(agreed.client());
            server.agreeDeflate(agreed.server());
        });
    }

    StreamInspection stream(Role sender) {
        return sender == Role.CLIENT ? client : server;
    }

    void fin(Role sender) {
        judgeClose(sender, EndedBy.FIN);
        stream(sender).end(Ending.fin(sender));
    }

    void reset(Role by) {
        judgeClose(by, EndedBy.RESET);
        stream(by).end(Ending.reset(by));
        stream(by.peer()).end(Ending.reset(by));
    }

    void end(Ending ending) {
        client.end(ending);
        server.end(ending);
    }

    /**
     * RFC 6455 §7.1.4: a close is clean when the Close frames came before the TCP connection ended. The side that ends it
     * first owes one; the other side owes one only as an answer.
     */
    private void judgeClose(Role ender, EndedBy how) {
        StreamInspection stream = stream(ender);
        boolean neverOpened = unfinished && server.offset() == 0;
        boolean owes =
                !neverOpened && (endedFirst == null || stream(ender.peer()).isCloseSent());
        if (owes && stream.lacksClose() && (endedFirst == null || endedFirst != ender)) {
            stream.report(new Finding(
                            id,
                            ender,
                            Rule.MISSING_CLOSE_FRAME,
                            Severity.WARNING,
                            stream.offset(),
                            0,
                            "the " + ender + " ended the connection with a TCP " + (how == EndedBy.FIN ? "FIN" : "RST")
                                    + " and sent no Close frame")
                    .endedBy(how));
        }
        if (endedFirst == null) {
            endedFirst = ender;
        }
    }
}
