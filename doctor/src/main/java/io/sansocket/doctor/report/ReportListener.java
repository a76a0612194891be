package io.sansocket.doctor.report;

/**
 * Hears reports in their order.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ReportListener {
    /** Takes the next report, which is the listener's to keep. */
    void report(Report report);
}
