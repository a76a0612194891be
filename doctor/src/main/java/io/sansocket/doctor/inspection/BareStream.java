package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.ResponseRules;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One direction's bytes without packets: a head perhaps, then frames. */
final class BareStream {
    private static final int FIRST_FINAL_STATUS = 200;

    private final Role sender;
    private final Ledger ledger;
    private final InspectionOptions options;
    private final Opening opening = new Opening();
    private HeadCollector head;
    private boolean started;
    private boolean refused;
    private @Nullable StreamInspection frames;

    BareStream(Role sender, Ledger ledger, InspectionOptions options) {
        this.sender = sender;
        this.ledger = ledger;
        this.options = options;
        head = new HeadCollector(ledger.workspace);
    }

    void data(ByteBuffer in) {
        started |= in.hasRemaining();
        while (frames == null && !refused && in.hasRemaining()) {
            head.accept(in);
            if (head.state() != HeadCollector.State.OPEN) {
                judgeHead();
            }
        }
        if (frames != null) {
            frames.data(in, null);
        }
    }

    private void judgeHead() {
        int status = head.status();
        switch (head.state()) {
            case REQUEST -> opening.request(head.bytes());
            case RESPONSE -> {
                if (status != ResponseRules.SWITCHING_PROTOCOLS && status > 0 && status < FIRST_FINAL_STATUS) {
                    // RFC 9110 §15.2: "A client MUST be able to parse one or more 1xx responses received prior to a
                    // final response".
                    head = new HeadCollector(ledger.workspace);
                    return;
                }
                opening.response(head.bytes(), status);
            }
            case TOO_LONG -> opening.tooLong(sender);
            default -> {}
        }
        begin();
        if (head.state() == HeadCollector.State.NONE && frames != null) {
            frames.data(head.bytes(), null);
        }
    }

    private void begin() {
        long id = ledger.nextConnection();
        opening.report(ledger, id, null, null, true);
        refused = !opening.framesFollow();
        if (!refused) {
            var stream = new StreamInspection(id, sender, ledger, options);
            opening.deflate().ifPresent(agreed -> stream.agreeDeflate(agreed.of(sender)));
            frames = stream;
        }
    }

    void end() {
        if (!started) {
            return;
        }
        if (frames == null && !refused) {
            // The input ends inside of what looked like a head.
            if (head.isInHead() && sender == Role.CLIENT) {
                opening.request(head.bytes());
                begin();
            } else if (head.isInHead()) {
                opening.response(head.bytes(), head.status());
                begin();
            } else {
                begin();
                if (frames != null) {
                    frames.data(head.bytes(), null);
                }
            }
        }
        if (frames != null) {
            frames.end(Ending.OF_INPUT);
        }
    }
}
