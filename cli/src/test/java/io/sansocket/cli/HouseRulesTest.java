package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that no compiler knows, held against the sources of all modules. */
class HouseRulesTest {
    private static final int MAX_LINES = 500;
    private static final int MAX_TEST_LINES = 800;
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CITATION = Pattern.compile("RFC 6455 §(\\d+(?:\\.\\d+)*)");

    /** Each section that has subsections, and how many: 4.2=2 means that there are 4.2.1 and 4.2.2. */
    private static final String RFC_6455_SUBSECTIONS =
            "1=9 2=1 4=4 4.2=2 5=8 5.5=3 6=2 7=4 7.1=7 7.2=3 7.4=2 8=2 9=2 10=8 11=8 11.1=2 11.3=5 14=2";

    private static final int RFC_6455_LAST_SECTION = 14;

    @Test
    void aSourceFileIsOneIdeaAndFitsInFiveHundredLines() {
        var tooLong = sources()
                .filter(file -> lines(file).size() > (isTest(file) ? MAX_TEST_LINES : MAX_LINES))
                .map(file -> ROOT.relativize(file) + ": " + lines(file).size() + " lines");
        assertThat(tooLong).isEmpty();
    }

    @Test
    void citationsNameSectionsThatRfc6455Has() {
        var sections = rfc6455Sections();
        var unknown = sources()
                .flatMap(file -> CITATION.matcher(String.join("\n", lines(file)))
                        .results()
                        .filter(citation -> !sections.contains(citation.group(1)))
                        .map(citation -> ROOT.relativize(file) + ": " + citation.group()));
        assertThat(unknown).isEmpty();
    }

    @Test
    void theOutlineHasTheSectionsWeKnow() {
        assertThat(rfc6455Sections())
                .hasSize(88)
                .contains("1.9", "4.2.2", "5.5.1", "7.1.7", "7.4.1", "11.3.5", "14.2")
                .doesNotContain("5.9", "5.2.1", "7.1.8", "15");
    }

    @Test
    void theSourcesAreFound() {
        assertThat(sources()).anyMatch(file -> file.endsWith("io/sansocket/core/rule/Rule.java"));
    }

    private static Set<String> rfc6455Sections() {
        var sections = new TreeSet<String>();
        for (int i = 1; i <= RFC_6455_LAST_SECTION; i++) {
            sections.add(String.valueOf(i));
        }
        var matcher = Pattern.compile("([\\d.]+)=(\\d+)").matcher(RFC_6455_SUBSECTIONS);
        while (matcher.find()) {
            for (int i = 1; i <= Integer.parseInt(matcher.group(2)); i++) {
                sections.add(matcher.group(1) + "." + i);
            }
        }
        return sections;
    }

    private static Stream<Path> sources() {
        try (var modules = Files.list(ROOT)) {
            return modules
                    .map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(HouseRulesTest::javaFiles)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTest(Path file) {
        return file.startsWith(ROOT.resolve(ROOT.relativize(file).getName(0)).resolve("src/test"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
