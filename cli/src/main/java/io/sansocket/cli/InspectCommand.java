package io.sansocket.cli;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.inspection.Inspection;
import io.sansocket.doctor.inspection.InspectionOptions;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.Report;
import io.sansocket.doctor.report.ReportListener;
import io.sansocket.doctor.report.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sansocket inspect}: takes captures and byte streams apart, frame by frame, and names the wrong byte. */
@Command(
        name = "inspect",
        description = {
            "Takes captures and byte streams apart, frame by frame, and names the wrong byte.",
            "",
            "Reads pcap and pcapng files (gzipped, too), or one direction's bytes, raw or as hex text, with or without"
                    + " the HTTP head."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is wrong",
            "1:there are findings of severity error",
            "2:the command line is wrong",
            "3:an input cannot be read",
            "74:the output cannot be written"
        })
final class InspectCommand implements Callable<Integer> {
    private static final int NOTHING_WRONG = 0;
    private static final int ERRORS_FOUND = 1;
    private static final int UNREADABLE = 3;
    private static final InspectionOptions FOR_PEOPLE = new InspectionOptions(512, 256);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Option(
            names = "--from",
            paramLabel = "SIDE",
            converter = SideConverter.class,
            description = "Whose bytes a raw or hex input is: client or server (the default).")
    private Role from = Role.SERVER;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description = "What the input is: auto (the default), pcap, pcapng, raw or hex.")
    private InspectInput.Format format = InspectInput.Format.AUTO;

    @Option(names = "--json", description = "Write lines of JSON, one object for each connection, frame and finding.")
    private boolean json;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "What to read; - is standard input.")
    @SuppressWarnings("NullAway.Init")
    private List<String> files;

    private long errors;
    /** The progress of the input that is being read, where it is shown. */
    private @Nullable ProgressLine progress;

    @Override
    public Integer call() throws IOException {
        var output = new ReportOutput(spec.commandLine().getOut());
        boolean failed = false;
        try {
            Style style = style();
            var people = json ? null : new PeopleReport(output, style);
            ReportListener shown = people == null ? new JsonLines(output) : people;
            var inspection = new Inspection(json ? InspectionOptions.DEFAULT : FOR_PEOPLE, report -> {
                count(report);
                if (progress != null) {
                    progress.erase();
                }
                shown.report(report);
            });
            for (String file : files) {
                if (!inspect(file, inspection, output, style)) {
                    failed = true;
                    if (people != null) {
                        people.inputFailed();
                    }
                }
            }
            inspection.finish();
            output.flush();
        } catch (ReportOutput.ClosedException e) {
            // Nobody reads any more, as behind | head: that is no fault of anyone.
            return exitCode(failed);
        }
        return exitCode(failed);
    }

    private int exitCode(boolean failed) {
        if (failed) {
            return UNREADABLE;
        }
        return errors > 0 ? ERRORS_FOUND : NOTHING_WRONG;
    }

    private void count(Report report) {
        if (report instanceof Finding finding && finding.severity() == Severity.ERROR) {
            errors++;
        }
    }

    private boolean inspect(String file, Inspection inspection, ReportOutput output, Style style) {
        PrintWriter err = spec.commandLine().getErr();
        try (var input = InspectInput.open(file, format, output, (in, length) -> watched(in, length, output, style))) {
            input.inspect(inspection, from);
            return true;
        } catch (IOException e) {
            output.flush();
            err.println("sansocket: " + InspectInput.name(file) + ": " + InspectInput.describe(e));
            err.flush();
            return false;
        }
    }

    private InputStream watched(InputStream in, long length, ReportOutput output, Style style) {
        if (length <= 0 || !Terminal.isStderr()) {
            return in;
        }
        var err = spec.commandLine().getErr();
        var line = new ProgressLine(in, err, style, length, output::flush, System::nanoTime);
        progress = line;
        return line;
    }

    private Style style() {
        boolean unicode = Terminal.isUnicode();
        return new Style(main.color().isOn(), unicode, Terminal.columns());
    }

    /** The two ends by their names. */
    static final class SideConverter implements ITypeConverter<Role> {
        @Override
        public Role convert(String value) {
            for (Role role : Role.values()) {
                if (role.toString().equals(value)) {
                    return role;
                }
            }
            throw new TypeConversionException("'" + value + "' is neither client nor server");
        }
    }

    /** The formats by their names. */
    static final class FormatConverter implements ITypeConverter<InspectInput.Format> {
        @Override
        public InspectInput.Format convert(String value) {
            for (InspectInput.Format format : InspectInput.Format.values()) {
                if (format.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return format;
                }
            }
            throw new TypeConversionException("'" + value + "' is none of auto, pcap, pcapng, raw, hex");
        }
    }
}
