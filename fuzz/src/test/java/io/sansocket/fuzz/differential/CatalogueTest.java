package io.sansocket.fuzz.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final Path PAGE = Path.of("differential.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[([a-z0-9-]+)\\]\\(#\\1\\) \\|(.*)\\|$");

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    @Test
    void thePageHasTheCatalogueAsItIs() throws IOException {
        // fuzz/differential --catalogue prints it
        assertThat(page()).contains(Report.catalogue().strip());
    }

    @Test
    void theTableOfThePageListsJustTheKinds() throws IOException {
        List<String> rows =
                ROW.matcher(page()).results().map(row -> row.group(1)).toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Arrays.stream(Kind.values()).map(Kind::id).toList());
    }

    @Test
    void everyKindWasMetByEveryPeerItNames() throws IOException {
        Iterator<MatchResult> rows = ROW.matcher(page()).results().iterator();
        for (Kind kind : Kind.values()) {
            String[] counts = rows.next().group(2).trim().split(" *\\| *");

            assertThat(Arrays.stream(counts).filter(count -> !count.equals("–")))
                    .as(kind.id())
                    .hasSize(kind.peers().size())
                    .noneMatch(count -> count.equals("0"));
        }
    }

    @Test
    void everyKindSaysWhatDecidesIt() {
        for (Kind kind : Kind.values()) {
            assertThat(kind.source()).matches("RFC (6455|7692) §\\d+(\\.\\d+)*");
            assertThat(kind.sentence()).hasSizeGreaterThan(40);
            assertThat(kind.ours()).isNotEqualTo(kind.theirs());
        }
    }
}
