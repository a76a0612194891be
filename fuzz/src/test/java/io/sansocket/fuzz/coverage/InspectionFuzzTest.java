package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.frame.Role;
import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.inspection.Inspection;
import io.sansocket.doctor.inspection.InspectionOptions;
import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.Report;
import io.sansocket.doctor.report.Severity;
import io.sansocket.doctor.report.Summary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The doctor over any bytes: a summary at the end, reports that fit together, whatever the pieces. */
class InspectionFuzzTest {
    /** A capture file: TCP is put together, and what it carries is taken apart. */
    @FuzzTest
    void capture(byte[] bytes) throws IOException {
        var input = new Input(bytes);
        int most = 1 + input.choice();
        byte[] file = input.rest();
        List<Report> reports = inspect(inspection -> inspection.inspectCapture(new Trickle(file, most)));
        check(reports);
    }

    /** One direction's bytes, with or without a head. */
    @FuzzTest
    void stream(byte[] bytes) throws IOException {
        var input = new Input(bytes);
        int most = 1 + input.choice();
        Role sender = input.choice() % 2 == 0 ? Role.CLIENT : Role.SERVER;
        byte[] stream = input.rest();
        List<Report> reports = inspect(inspection -> inspection.inspectStream(new Trickle(stream, most), sender));
        check(reports);
        Oracle.same(
                inspect(inspection -> inspection.inspectStream(whole(stream), sender)),
                reports,
                "what is said of a whole stream and of one in pieces");
        reports.forEach(report -> checkWithin(report, stream.length));
    }

    private static InputStream whole(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static void checkWithin(Report report, int length) {
        if (report instanceof FrameReport frame) {
            Oracle.check(
                    frame.offset() + frame.header().length() + frame.received() <= length, "a frame is in the stream");
        } else if (report instanceof Finding finding) {
            Oracle.check(finding.offset() >= 0 && finding.offset() <= length, "a finding is in the stream");
        }
    }

    /** Gives an inspection its input. */
    private interface Given {
        void to(Inspection inspection) throws IOException;
    }

    private static List<Report> inspect(Given input) throws IOException {
        var reports = new ArrayList<Report>();
        var inspection = new Inspection(InspectionOptions.DEFAULT, reports::add);
        try {
            input.to(inspection);
        } catch (CaptureException e) {
            Oracle.check(e.offset() >= 0 && !e.getMessage().isEmpty(), "a fault has a place and a message");
        }
        inspection.finish();
        return reports;
    }

    private static void check(List<Report> reports) {
        long connections = 0;
        long frames = 0;
        long errors = 0;
        for (Report report : reports.subList(0, reports.size() - 1)) {
            if (report instanceof ConnectionReport connection) {
                Oracle.same(++connections, connection.id(), "the number of a connection");
            } else if (report instanceof FrameReport frame) {
                frames++;
                Oracle.check(frame.connection() <= connections, "a connection comes before its frames");
                Oracle.check(frame.received() >= 0, "what is received is not less than nothing");
                Oracle.check(
                        frame.declared() < 0 || frame.received() <= frame.declared(),
                        "no more than declared is received");
                checkPayload(frame);
            } else if (report instanceof Finding finding) {
                errors += finding.severity() == Severity.ERROR ? 1 : 0;
                Oracle.check(finding.connection() <= connections, "a connection comes before its findings");
                Oracle.check(!finding.message().isEmpty(), "a finding says something");
            } else {
                throw new AssertionError("the summary comes last, and once");
            }
        }
        Oracle.check(reports.get(reports.size() - 1) instanceof Summary, "a summary comes last");
        Summary summary = (Summary) reports.get(reports.size() - 1);
        Oracle.same(connections, summary.connections(), "the connections told and counted");
        Oracle.same(frames, summary.frames(), "the frames told and counted");
        Oracle.check(errors <= summary.errors(), "the errors told are counted");
    }

    private static void checkPayload(FrameReport frame) {
        long kept = (long) frame.payload().head().length + frame.payload().tail().length;
        Oracle.check(kept <= frame.received(), "no more of a payload is kept than was received");
        Oracle.check(
                frame.declared() < 0 || kept + frame.payload().omitted() <= frame.declared(),
                "no more of a payload is kept and left out than it has");
    }
}
