package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.capture.CaptureReader;
import io.sansocket.doctor.report.ReportListener;
import io.sansocket.doctor.tcp.TcpCapture;
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
    private long packets;
    private long tcpConnections;

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

    /**
     * Takes the WebSocket connections of a pcap or pcapng file apart.
     *
     * @param in read to its end, and left open
     * @throws io.sansocket.doctor.capture.CaptureException when the file is damaged; what came before was reported
     * @throws IOException when the stream cannot be read; what came before was reported
     */
    public void inspectCapture(InputStream in) throws IOException {
        var capture = TcpCapture.of(CaptureReader.open(in), tcp -> new TcpInspection(tcp, ledger, options));
        try {
            capture.read();
        } finally {
            packets += capture.summary().packets();
            tcpConnections += capture.summary().connections();
        }
    }

    /** Reports the summary, which ends the run. */
    public void finish() {
        listener.report(ledger.summary(packets, tcpConnections));
    }
}
