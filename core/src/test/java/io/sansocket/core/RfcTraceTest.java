package io.sansocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of docs/rfc: each requirement of the RFCs is there once, and what is said to hold it exists. */
class RfcTraceTest {
    private static final Path PAGES = Path.of("..", "docs", "rfc");

    @ParameterizedTest
    @ValueSource(strings = {"6455", "7692"})
    void eachRequirementIsTracedToWhatHoldsIt(String rfc) throws Exception {
        String page = Files.readString(PAGES.resolve(rfc + ".md"));
        assertThat(RfcTrace.faults(rfc, page, Files.readAllLines(PAGES.resolve("words.txt"))))
                .isEmpty();
    }

    /** A check that cannot fail is no check: each is shown a page that breaks it. */
    @Nested
    class BrokenPages {
        private static final List<String> WORDS = List.of("1 1.1: MUST, SHOULD NOT", "2 1.1: SHALL");

        private static final String PAGE = """
                # RFC 1

                2 entries: 1 held, 1 of the engine.

                ## 1.1 Eggs

                ### 1-1.1-1: client, held

                > A client MUST eat
                > its egg.

                In `frame.Opcode`. Held by
                `RfcTraceTest.eachRequirementIsTracedToWhatHoldsIt`.

                ### 1-1.1-2: both, of the engine

                > Yolk SHOULD NOT drip, but MAY.

                Not ours, see `docs/rfc/README.md`.
                """;

        private static List<String> faults(String page) {
            return RfcTrace.faults("1", page, WORDS);
        }

        private static String with(String old, String changed) {
            assertThat(PAGE).contains(old);
            return PAGE.replace(old, changed);
        }

        @Test
        void aGoodPageHasNoFaults() {
            assertThat(faults(PAGE)).isEmpty();
            assertThat(faults(with("held\n", "deviates\n")
                            .replace("1 held, 1 of the engine", "1 of the engine, 1 deviates")))
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "RfcTraceTest.each | RfcTraceTest.eeach | 1-1.1-1: RfcTraceTest.eeachRequirementIsTracedToWhatHoldsIt does not exist",
                    "`RfcTraceTest. | `RfcTest. | 1-1.1-1: RfcTest.eachRequirementIsTracedToWhatHoldsIt does not exist",
                    "RfcTraceTest.eachRequirementIsTracedToWhatHoldsIt | rfcTraceTest.x | 1-1.1-1: rfcTraceTest.x is no name of a class or test",
                    "eachRequirementIsTracedToWhatHoldsIt | BrokenPages.faults | 1-1.1-1: RfcTraceTest.BrokenPages.faults is not a test",
                    "RfcTraceTest.eachRequirementIsTracedToWhatHoldsIt | frame.Opcode.of | 1-1.1-1: frame.Opcode.of is not a test",
                    "eachRequirementIsTracedToWhatHoldsIt | Loose.isATest | 1-1.1-1: RfcTraceTest.Loose.isATest is not run: Loose is not @Nested",
                    "RfcTraceTest.eachRequirementIsTracedToWhatHoldsIt | PlantedForRfcTrace.isATest | 1-1.1-1: PlantedForRfcTrace.isATest is not run: PlantedForRfcTrace is not named …Test",
                    "frame.Opcode | frame.Opcodes | 1-1.1-1: frame.Opcodes does not exist",
                    "frame.Opcode | testing.Hex | 1-1.1-1: testing.Hex is no class of the core, but of its tests",
                    "`frame.Opcode` | code | 1-1.1-1: names no class that obeys it",
                    "`RfcTraceTest.eachRequirementIsTracedToWhatHoldsIt` | nothing | 1-1.1-1: names no test that holds it",
                    "Not ours, see `docs/rfc/README.md`. | '' | 1-1.1-2: says neither what holds it nor why nothing has to",
                    "> Yolk SHOULD NOT drip, but MAY. | '' | 1-1.1-2: does not quote the RFC",
                    "client, held | cook, held | 1-1.1-1: binds \"cook\", known are",
                    "of the engine\\n | of the hen\\n | 1-1.1-2: has status \"of the hen\", known are",
                    "### 1-1.1-2 | ### 1-1.1-1 | 1-1.1-1: the id must be 1-1.1-2",
                    "### 1-1.1-1 | ### 1-1.2-1 | 1-1.2-1: the id must be 1-1.1-1",
                    "## 1.1 Eggs | ## 1.2 Eggs | 1-1.1-1: the id must be 1-1.2-1",
                    "## 1.1 Eggs | Eggs | not a section, nor an entry in one: ### 1-1.1-1: client, held",
                    "### 1-1.1-2: both, of | ### 1-1.1-2 both, of | not a section, nor an entry in one: ### 1-1.1-2 both, of the engine",
                    "client MUST | client SHOULD | section 1.1 has the words SHOULD, SHOULD NOT; in the RFC they are MUST, SHOULD NOT",
                    "SHOULD NOT | should not | section 1.1 has the words MUST; in the RFC they are MUST, SHOULD NOT",
                    "its egg. | its egg, it MUST. | section 1.1 has the words MUST, MUST, SHOULD NOT; in the RFC they are MUST, SHOULD NOT",
                    "1 held, | 2 held, | the page does not say: 2 entries: 1 held, 1 of the engine.",
                })
        void aFaultIsFound(String old, String changed, String fault) {
            assertThat(faults(with(old.replace("\\n", "\n"), changed.replace("\\n", "\n"))))
                    .anySatisfy(found -> assertThat(found).startsWith(fault));
        }

        @Test
        void aSectionThatIsGoneIsMissed() {
            assertThat(faults("# RFC 1\n\n0 entries: .\n"))
                    .containsExactly("section 1.1 has the words ; in the RFC they are MUST, SHOULD NOT");
        }

        @Test
        void aSectionThatComesTwiceIsFound() {
            assertThat(faults(PAGE + "\n" + PAGE.substring(PAGE.indexOf("## 1.1"))))
                    .containsExactly("section 1.1 comes twice");
        }

        @Test
        void aSectionWithWordsThatTheRfcDoesNotHaveIsFound() {
            assertThat(RfcTrace.faults("1", PAGE, List.of()))
                    .containsExactly("section 1.1 has the words MUST, SHOULD NOT; in the RFC they are none");
        }

        @ParameterizedTest
        @ValueSource(strings = {"isDisabled", "isNotForAll", "Off.isATest", "Off.Inner.isATest"})
        void aTestThatIsDisabledHoldsNothing(String test) {
            String name = "PlantedForRfcTrace." + test;
            assertThat(faults(with("RfcTraceTest.eachRequirementIsTracedToWhatHoldsIt", name)))
                    .containsExactly("1-1.1-1: " + name + " is disabled, perhaps not everywhere");
        }
    }

    /** Its test is not run, for it is not nested. */
    static final class Loose {
        @Test
        void isATest() {}
    }
}
