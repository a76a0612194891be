package io.sansocket.bench.echo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Samples of {@code bench/end-to-end} to a Markdown table: a server's CPU per message at least, in the middle and at most,
 * and as a ratio to the raw NIO echo, which is the median of the ratios within each round.
 */
public final class Report {
    private static final String REFERENCE = "raw-nio";
    // The columns of a line: the case, and behind it the generator's.
    private static final int CASE = 0;
    private static final int SERVER = 1;
    private static final int CPU = 4;

    private Report() {}

    /** Reads samples from the standard input, in the order of the rounds. */
    public static void main(String[] args) throws IOException {
        Map<String, Map<String, List<Double>>> cases = new LinkedHashMap<>();
        try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(line -> line.split(","))
                    .forEach(sample -> cases.computeIfAbsent(sample[CASE], name -> new LinkedHashMap<>())
                            .computeIfAbsent(sample[SERVER], name -> new ArrayList<>())
                            .add(Double.valueOf(sample[CPU])));
        }
        System.out.println("| | | min µs | median µs | max µs | to raw NIO |");
        System.out.println("| --- | --- | ---: | ---: | ---: | ---: |");
        cases.forEach((name, servers) -> servers.forEach(
                (server, samples) -> print(name, server, samples, servers.getOrDefault(REFERENCE, List.of()))));
    }

    private static void print(String name, String server, List<Double> samples, List<Double> reference) {
        List<Double> ratios = IntStream.range(0, Math.min(samples.size(), reference.size()))
                .mapToObj(round -> samples.get(round) / reference.get(round))
                .toList();
        System.out.printf(
                Locale.ROOT,
                "| %s | `%s` | %s | %s | %s | %s |%n",
                name,
                server,
                figure(quantile(samples, 0)),
                figure(quantile(samples, 0.5)),
                figure(quantile(samples, 1)),
                ratios.isEmpty() ? "" : "%.2f".formatted(quantile(ratios, 0.5)));
    }

    private static double quantile(List<Double> samples, double share) {
        List<Double> sorted = samples.stream().sorted().toList();
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    /** Returns three digits or more. */
    private static String figure(double value) {
        int decimals = value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
