package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.ReportListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * One run of the doctor over any number of inputs. Connections are numbered over all of them.
 *
 * @since 0.1
 */
public final class Inspection {
    private static final int BUFFER = 64 * 1024;

    private final Ledger ledger;
    private final ReportListener listener;
    private final InspectionOptions options;

    /** Makes an inspection that has read nothing yet. */
    public Inspection(InspectionOptions options, ReportListener listener) {
        this.options = options;
        this.listener = listener;
        ledger = new Ledger(listener);
    }

    /**
     * Takes one direction's bytes apart, with or without the opening handshake's head.
     *
     * @param in read to its end, and left open
     * @throws IOException when the stream cannot be read; what came before was reported
     */
    public void inspectStream(InputStream in, Role sender) throws IOException {
        var stream = new BareStream(sender, ledger, options);
        try {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                stream.data(ByteBuffer.wrap(buffer, 0, n));
            }
        } finally {
            stream.end();
        }
    }

    /** Reports the summary, which ends the run. */
    public void finish() {
        listener.report(ledger.summary(0, 0));
    }
}
