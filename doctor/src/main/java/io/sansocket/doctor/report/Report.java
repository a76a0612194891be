package io.sansocket.doctor.report;

/**
 * One thing the doctor has to say.
 *
 * @since 0.1
 */
public sealed interface Report permits ConnectionReport, FrameReport, Finding, Summary {}
