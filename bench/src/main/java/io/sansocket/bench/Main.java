package io.sansocket.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs benchmarks and prints what docs/performance.md holds: the least, the median and the greatest of all samples, and
 * the bytes allocated. Takes JMH's own command line; all benchmarks run unless it names some.
 */
public final class Main {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Main() {}

    /** Runs what the command line says. */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        var options = new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .addProfiler(GCProfiler.class)
                .jvmArgsPrepend("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC")
                .build();
        print(new Runner(options).run());
    }

    private static void print(Collection<RunResult> results) {
        System.out.printf("%n| benchmark | | min ns | median ns | max ns | B allocated |%n");
        System.out.println("| --- | --- | ---: | ---: | ---: | ---: |");
        results.forEach(Main::printRow);
    }

    private static void printRow(RunResult result) {
        Statistics samples = result.getPrimaryResult().getStatistics();
        String name = result.getParams().getBenchmark().replace("io.sansocket.bench.", "");
        String parameters = result.getParams().getParamsKeys().stream()
                .map(result.getParams()::getParam)
                .collect(Collectors.joining(" "));
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s |%n",
                name.replace("Benchmark.", " "),
                parameters,
                figure(samples.getMin()),
                figure(samples.getPercentile(50)),
                figure(samples.getMax()),
                allocated(result));
    }

    /** Returns three digits or more. */
    private static String figure(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String allocated(RunResult result) {
        Result<?> bytes = result.getSecondaryResults().get(ALLOCATED);
        return bytes == null ? "-" : String.format(Locale.ROOT, "%.0f", bytes.getScore());
    }
}
