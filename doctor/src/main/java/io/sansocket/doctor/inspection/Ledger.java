package io.sansocket.doctor.inspection;

import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.ReportListener;
import io.sansocket.doctor.report.Severity;
import io.sansocket.doctor.report.Summary;

/** Passes reports on and counts them, over all inputs of a run. */
final class Ledger {
    final Workspace workspace = new Workspace();
    private final ReportListener listener;
    private final long[] findings = new long[Severity.values().length];
    private long connections;
    private long frames;

    Ledger(ReportListener listener) {
        this.listener = listener;
    }

    long nextConnection() {
        return ++connections;
    }

    void report(ConnectionReport connection) {
        listener.report(connection);
    }

    void report(FrameReport frame) {
        frames++;
        listener.report(frame);
    }

    void report(Finding finding) {
        count(finding.severity());
        listener.report(finding);
    }

    /** Counts a finding that is one too many to be told. */
    @SuppressWarnings("EnumOrdinal") // counted in memory only
    void count(Severity severity) {
        findings[severity.ordinal()]++;
    }

    @SuppressWarnings("EnumOrdinal")
    private long counted(Severity severity) {
        return findings[severity.ordinal()];
    }

    Summary summary(long packets, long tcpConnections) {
        return new Summary(
                connections,
                frames,
                counted(Severity.ERROR),
                counted(Severity.WARNING),
                counted(Severity.NOTE),
                counted(Severity.OPINION),
                packets,
                tcpConnections);
    }
}
