package io.sansocket.fuzz.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinimizerTest {
    private static Stream stream(String hex, Integer... cuts) {
        return new Stream(0, Role.CLIENT, null, HexFormat.ofDelimiter(" ").parseHex(hex), List.of(cuts));
    }

    @Test
    void framesThatDoNotMatterAreDropped() {
        // text "hi", ping, reserved opcode 3, text "hi"
        Stream all = stream("81 02 68 69 89 00 83 00 81 02 68 69", 3, 7);

        Stream small = new Minimizer(stream -> Reference.judge(stream).rule().equals("reserved-opcode")).minimize(all);

        assertThat(small.bytes()).containsExactly(0x83);
        assertThat(small.cuts()).isEmpty();
    }

    @Test
    void cutsThatMatterAreKept() {
        Stream all = stream("81 02 68 69 89 00", 3);

        Stream small = new Minimizer(stream -> stream.pieces().size() == 2).minimize(all);

        assertThat(small.pieces()).hasSize(2);
        assertThat(small.bytes()).hasSize(4);
    }
}
