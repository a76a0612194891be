package io.sansocket.cli;

import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code sansocket} command itself: what all subcommands share, and how each of them ends. */
@Command(
        name = "sansocket",
        description = "Says which byte is wrong in a WebSocket conversation.",
        versionProvider = BuildVersion.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "'sansocket COMMAND --help' explains a command."},
        subcommands = {
            DemoCommand.class,
            InspectCommand.class,
            ConnectCommand.class,
            ServeCommand.class,
            CompletionCommand.class
        })
final class Main implements Runnable {
    /** We are wrong: sysexits.h, EX_SOFTWARE, clear of every code that says something about the input. */
    static final int INTERNAL_ERROR = 70;

    /** What we have to say cannot be written, as on a full disk: sysexits.h, EX_IOERR. */
    private static final int CANNOT_WRITE = 74;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    private final InputStream in;

    private Color color = Color.AUTO;

    private Main(InputStream in) {
        this.in = in;
    }

    public static void main(String[] args) {
        var standardOutput = StandardStream.of(FileDescriptor.out);
        var out = standardOutput.writer();
        var err = StandardStream.of(FileDescriptor.err).writer();
        int status = run(args, System.in, out, err, System.getenv());
        out.flush();
        String fault = standardOutput.fault();
        if (fault != null) {
            err.println("sansocket: cannot write to standard output: " + fault);
            status = CANNOT_WRITE;
        }
        err.flush();
        System.exit(status);
    }

    /** Runs one command line to its end and returns the exit code. */
    static int run(String[] args, InputStream in, PrintWriter out, PrintWriter err, Map<String, String> environment) {
        try {
            return commandLine(in, environment).setOut(out).setErr(err).execute(args);
        } catch (RuntimeException | Error e) {
            return internalError(e, err, environment);
        }
    }

    static CommandLine commandLine(InputStream in, Map<String, String> environment) {
        return new CommandLine(new Main(in))
                .setColorScheme(scheme(Color.AUTO))
                .setParameterExceptionHandler(Main::usageError)
                .setExecutionExceptionHandler((e, command, parsed) -> internalError(e, command.getErr(), environment));
    }

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            converter = Color.Converter.class,
            description =
                    "Colours on standard output: auto, always or never. auto, the default: on a terminal, unless NO_COLOR is set.")
    void color(Color choice) {
        color = choice;
        spec.root().commandLine().setColorScheme(scheme(choice));
    }

    /** What the user said about colours, for subcommands (through {@code @ParentCommand}). */
    Color color() {
        return color;
    }

    /** Standard input, for subcommands. */
    InputStream in() {
        return in;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usageError(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        var err = command.getErr();
        err.println("sansocket: " + PayloadText.escape(fault(e), true));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + Invocation.of(command.getCommandSpec().qualifiedName()) + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }

    private static String fault(ParameterException e) {
        boolean isRoot = e.getCommandLine().getParent() == null;
        if (isRoot && e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'";
        }
        return String.valueOf(e.getMessage());
    }

    /** A stack trace helps nobody but us: it comes on request. */
    private static int internalError(Throwable e, PrintWriter err, Map<String, String> environment) {
        if (environment.getOrDefault("SANSOCKET_DEBUG", "").isEmpty()) {
            err.println("sansocket: internal error: " + e + " (SANSOCKET_DEBUG=1 shows where; please report it)");
        } else {
            err.println("sansocket: internal error");
            e.printStackTrace(err);
        }
        err.flush();
        return INTERNAL_ERROR;
    }

    private static Help.ColorScheme scheme(Color color) {
        return Help.defaultColorScheme(color.isOn() ? Help.Ansi.ON : Help.Ansi.OFF);
    }
}
