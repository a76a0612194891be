package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.Report;
import io.sansocket.doctor.report.Summary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What the doctor says about a capture or a stream, for tests. */
final class Doctor {
    final List<Report> reports = new ArrayList<>();
    private final Inspection inspection = new Inspection(InspectionOptions.DEFAULT, reports::add);

    static Doctor of(CaptureStory story) {
        return ofCapture(story.toPcapng());
    }

    static Doctor ofCapture(byte[] capture) {
        var doctor = new Doctor();
        try {
            doctor.inspection.inspectCapture(new ByteArrayInputStream(capture));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        doctor.inspection.finish();
        return doctor;
    }

    static Doctor ofHex(Role from, String hex) {
        return ofStream(from, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static Doctor ofStream(Role from, byte[] stream) {
        var doctor = new Doctor();
        try {
            doctor.inspection.inspectStream(new ByteArrayInputStream(stream), from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        doctor.inspection.finish();
        return doctor;
    }

    List<ConnectionReport> connections() {
        return all(ConnectionReport.class);
    }

    List<FrameReport> frames() {
        return all(FrameReport.class);
    }

    List<FrameReport> frames(Role from) {
        return frames().stream().filter(frame -> frame.from() == from).toList();
    }

    List<Finding> findings() {
        return all(Finding.class);
    }

    /** Findings in short: {@code error invalid-utf8 server frame 1 @7}. */
    List<String> told() {
        return findings().stream()
                .map(finding -> finding.severity() + " " + finding.rule() + " " + finding.from()
                        + (finding.frame() == 0 ? "" : " frame " + finding.frame()) + " @" + finding.offset())
                .toList();
    }

    Finding finding(String rule) {
        return findings().stream()
                .filter(finding -> finding.rule().id().equals(rule))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no finding " + rule + " among " + findings()));
    }

    Summary summary() {
        return all(Summary.class).get(0);
    }

    private <T> List<T> all(Class<T> type) {
        return reports.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
