package io.sansocket.core.hostile;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Shows that memory outside the heap stays flat: the process's own memory (RssAnon, Linux), what the JVM says it has
 * committed, and coders of zlib made and ended, after so many connections. docs/hostile-input.md has the command.
 */
final class NativeMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private NativeMemory() {}

    public static void main(String[] arguments) throws IOException, JMException {
        int step = 20_000;
        int rounds = arguments.length == 0 ? 6 : Integer.parseInt(arguments[0]);
        long[] coders = new long[2];
        System.out.println("| connections | RssAnon | JVM committed | coders made | coders not ended |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (int round = 1; round <= rounds; round++) {
            long[] more = Work.lives(step);
            coders[0] += more[0];
            coders[1] += more[1];
            System.gc();
            diagnose("systemTrimNativeHeap");
            System.out.printf(
                    "| %,d | %,d KiB | %,d KiB | %,d | %d |%n",
                    round * step, resident(), committed(), coders[0], coders[0] - coders[1]);
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private static long committed() throws JMException {
        return Arrays.stream(diagnose("vmNativeMemory", "summary").split("\n", -1))
                .filter(line -> line.startsWith("Total:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*committed=([0-9]+)KB.*", "$1")))
                .sum();
    }

    private static String diagnose(String command, String... arguments) throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        command,
                        new Object[] {arguments},
                        new String[] {String[].class.getName()});
    }
}
