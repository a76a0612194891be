package io.sansocket.fuzz.differential;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: makes streams, has them judged, and prints what differs. */
@Command(
        name = "differential",
        mixinStandardHelpOptions = true,
        versionProvider = Differential.NoVersion.class,
        description = "Gives the same streams to Sansocket and to other implementations, and sorts the differences into"
                + " kinds. Exits with 0 when every difference is of a kind, with 1 when one is not: it is printed, and"
                + " made smaller.")
final class Differential implements Callable<Integer> {
    private static final int BATCH = 1_000;
    private static final int REPORTS = 20;
    private static final int MIN_WEBSOCKETS_WINDOW = 8;
    private static final int MIN_WSPROTO_WINDOW = 9;

    @Option(names = "--streams", paramLabel = "N", description = "how many streams (default: ${DEFAULT-VALUE})")
    private long streams = 100_000;

    @Option(names = "--seed", paramLabel = "S", description = "what they are made from (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description = "netty, java-websocket, websockets, wsproto (default: all; the last two need Python)")
    private List<String> peers = List.of("netty", "java-websocket", "websockets", "wsproto");

    @Option(names = "--only", paramLabel = "INDEX", description = "this one stream, and what everyone makes of it")
    private @Nullable Long only;

    @Option(names = "--python", paramLabel = "FILE", description = "a Python that has websockets and wsproto")
    private @Nullable Path python;

    @Option(names = "--catalogue", description = "print the kinds and what decides them, and nothing else")
    private boolean catalogue;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    private final PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
    private final PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);

    /** There is none: the program is not published. */
    static final class NoVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"differential, of this checkout"};
        }
    }

    private Differential() {}

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Differential()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (catalogue) {
            out.print(Report.catalogue());
            out.flush();
            return CommandLine.ExitCode.OK;
        }
        var maker = new StreamMaker(seed);
        var core = new SansocketJudge();
        try (var comparison = new Comparison(core, judges())) {
            if (only != null) {
                return show(maker.make(only), core, comparison);
            }
            long start = System.nanoTime();
            Tally tally = run(maker, comparison);
            report(tally, comparison, Duration.ofNanos(System.nanoTime() - start));
            return tally.unexplainedCount() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private List<Judge> judges() throws IOException {
        var judges = new ArrayList<Judge>();
        for (String peer : peers) {
            switch (peer) {
                case "netty" -> judges.add(new NettyJudge());
                case "java-websocket" -> judges.add(new JavaWebSocketJudge());
                case "websockets" -> python(peer, MIN_WEBSOCKETS_WINDOW).ifPresent(judges::add);
                case "wsproto" -> python(peer, MIN_WSPROTO_WINDOW).ifPresent(judges::add);
                default -> throw new ParameterException(spec.commandLine(), "there is no peer " + peer);
            }
        }
        return judges;
    }

    private Optional<Judge> python(String library, int minWindowBits) throws IOException {
        if (python == null) {
            err.println(library + " is skipped: there is no --python");
            return Optional.empty();
        }
        return Optional.of(PythonJudge.start(python, library, minWindowBits));
    }

    private Tally run(StreamMaker maker, Comparison comparison) {
        var tally = new Tally();
        long reported = 0;
        for (long from = 0; from < streams; from += BATCH) {
            long to = Math.min(streams, from + BATCH);
            int known = tally.unexplained().size();
            comparison.compare(LongStream.range(from, to).mapToObj(maker::make).toList(), tally);
            for (Unexplained difference :
                    tally.unexplained().subList(known, tally.unexplained().size())) {
                err.printf("unexplained: --only %d, %s%n", difference.stream().index(), difference.judge());
            }
            if (to * REPORTS / streams > reported) {
                reported = to * REPORTS / streams;
                err.printf(
                        Locale.ROOT,
                        "%,d of %,d streams, %d differences unexplained%n",
                        to,
                        streams,
                        tally.unexplainedCount());
            }
        }
        return tally;
    }

    private void report(Tally tally, Comparison comparison, Duration duration) {
        for (Unexplained difference : tally.unexplained()) {
            out.printf("%nUnexplained, seed %d:%n%s%n", seed, difference);
            Stream small = new Minimizer(stream -> isUnexplained(comparison, stream, difference.judge()))
                    .minimize(difference.stream());
            out.printf("made smaller, %s%n", small);
        }
        out.printf(Locale.ROOT, "%nseed %d, %,d streams, %d s%n", seed, streams, duration.toSeconds());
        comparison.peers().forEach(peer -> out.printf("%s %s%n", peer.name(), peer.version()));
        out.printf("%n%s", Report.counts(tally, comparison.peers()));
        out.printf("%nreference: %d differences%n", tally.unexplainedCount(Comparison.REFERENCE));
    }

    private static boolean isUnexplained(Comparison comparison, Stream stream, String judge) {
        var tally = new Tally();
        comparison.compare(List.of(stream), tally);
        return tally.unexplainedCount(judge) > 0;
    }

    private int show(Stream stream, Judge core, Comparison comparison) {
        out.println(stream);
        Expected expected = Reference.judge(stream);
        out.printf("%s: %s%n", Comparison.REFERENCE, expected.verdict());
        out.printf("%s: %s%n", core.name(), core.judge(List.of(stream)).get(0));
        for (Judge peer : comparison.peers()) {
            if (peer.takes(stream)) {
                Verdict verdict = peer.judge(List.of(stream)).get(0);
                String kind = verdict.agreesWith(expected.verdict())
                        ? "agrees"
                        : Kind.of(new Case(stream, expected, peer.name(), verdict))
                                .map(Kind::id)
                                .orElse("unexplained");
                out.printf("%s (%s): %s%n", peer.name(), kind, verdict);
            }
        }
        var tally = new Tally();
        comparison.compare(List.of(stream), tally);
        return tally.unexplainedCount() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
