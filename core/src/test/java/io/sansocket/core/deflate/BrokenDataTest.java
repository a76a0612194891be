package io.sansocket.core.deflate;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.ReferenceInflater;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that is no message, against a decoder that shares nothing with ours. */
class BrokenDataTest {
    private static final int FLIPS = 8_000;

    private static ExtensionDataException fault(String data) {
        return catchThrowableOfType(ExtensionDataException.class, () -> Ends.decode(Ends.receiver(), hex(data)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // an empty message is 00
                "f2 48 cd c9 c9", // inside a fixed block
                "f2 48 cd c9 c9 07", // before its end
                "f3 48 cd c9 c9 07 00", // behind a final block, before the empty one
                "f2 48 cd c9 c9 07 00 00 00 ff ff", // the tail was not removed
                "00 05 00 fa ff 48", // inside a stored block, which the tail completes
                "00 09 00 f6 ff 48 65 6c 6c 6f", // the same, to the byte
                "00 ff ff", // the tail is its lengths and its first bytes
                "00 00", // inside a length
                "04", // inside a dynamic header
                "05" // the same in a final block
            })
    void dataThatStopsInsideABlockIsTruncated(String data) {
        ExtensionDataException fault = fault(data);
        assertThat(fault.rule()).isEqualTo(Rule.COMPRESSED_DATA_TRUNCATED);
        assertThat(fault).hasMessageContaining("does not end with the header of an empty block, after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "06", // block type 3
                "00 05 00 fa fe", // lengths that disagree
                "f2 00 11 00 00", // refers to a message that was not
                "fc ff ff ff", // too many codes
            })
    void dataThatIsNoDeflateIsInvalid(String data) {
        ExtensionDataException fault = fault(data);
        assertThat(fault.rule()).isEqualTo(Rule.COMPRESSED_DATA_INVALID);
        assertThat(fault).hasMessageContaining("decoded bytes");
    }

    @Test
    void withoutContextTakeoverAReferenceToTheLastMessageIsInvalid() throws Exception {
        Extension end = Ends.agree(Ends.both(new DeflateContext(15, false))).server();
        Ends.decode(end, hex("f2 48 cd c9 c9 07 00"));
        assertThat(catchThrowableOfType(ExtensionDataException.class, () -> Ends.decode(end, hex("f2 00 11 00 00")))
                        .rule())
                .isEqualTo(Rule.COMPRESSED_DATA_INVALID);
    }

    @Test
    void whatCameBeforeTheFaultIsHandedOnHoweverItCame() {
        byte[] data = hex("f2 48 cd c9 c9 07 00 00 00 ff ff 06 00");
        for (int piece = 1; piece <= data.length; piece++) {
            StringBuilder read = new StringBuilder();
            Extension end = Ends.receiver();
            int size = piece;
            ExtensionDataException fault = catchThrowableOfType(ExtensionDataException.class, () -> {
                for (int at = 0; at < data.length; at += size) {
                    end.decode(ByteBuffer.wrap(data, at, Math.min(size, data.length - at)), false, bytes -> {
                        read.append(java.nio.charset.StandardCharsets.UTF_8.decode(bytes));
                        return true;
                    });
                }
            });
            assertThat(read).hasToString("Hello");
            assertThat(fault).hasMessage("invalid block type after 5 decoded bytes");
        }
    }

    @Test
    void aSinkThatWantsNoMoreIsAskedNoMore() throws Exception {
        byte[] bomb = Ends.encode(Ends.receiver(), new byte[1 << 20]);
        int[] calls = {0};
        Extension end = Ends.receiver();
        end.decode(ByteBuffer.wrap(bomb), true, bytes -> {
            assertThat(bytes.remaining()).isLessThanOrEqualTo(PermessageDeflate.PIECE);
            calls[0]++;
            return false;
        });
        assertThat(calls[0]).isEqualTo(1);
        // The sink's word counts more than a fault behind it.
        end.release();
        end.decode(ByteBuffer.wrap(hex("f2 48 cd c9 c9 07 00 00 00 ff ff 06")), false, bytes -> false);
        end.release();
    }

    /** Compressed messages of every kind of block, each with what came before it. */
    private static List<byte[]> messages() {
        List<byte[]> messages = new ArrayList<>();
        for (int level : new int[] {0, 1, 6}) {
            Random random = new Random(level);
            byte[] noise = new byte[90];
            random.nextBytes(noise);
            for (byte[] content : new byte[][] {
                {}, {'a'}, noise, new byte[600], Ends.json(random, 60), Ends.json(random, 900), Ends.json(random, 3_000)
            }) {
                messages.add(Ends.encode(
                        Ends.agree(Ends.both(new DeflateContext(content.length == 900 ? 8 : 15, true))
                                        .withLevel(level))
                                .client(),
                        content));
            }
        }
        messages.add(hex("f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 00"));
        return messages;
    }

    @Test
    void aMessageCutAtAnyByteIsBrokenUnlessItsBlocksEndThere() {
        int whole = 0;
        int broken = 0;
        for (byte[] message : messages()) {
            for (int cut = 0; cut <= message.length; cut++) {
                boolean legal = agrees(Arrays.copyOf(message, cut), 1 + cut % 7);
                whole += legal ? 1 : 0;
                broken += legal ? 0 : 1;
                assertThat(legal || cut < message.length).isTrue();
            }
        }
        // Whole: the messages themselves, and where a block ends and the next is the empty one of a flush inside.
        assertThat(whole).isBetween(messages().size(), 4 * messages().size());
        assertThat(broken).isGreaterThan(2_000);
    }

    @Test
    void flippedBitsGiveAMessageOrOneOfTwoRules() {
        Random random = new Random(7692);
        List<byte[]> messages = messages();
        int legal = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] data = messages.get(random.nextInt(messages.size())).clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                data[random.nextInt(Math.min(data.length, 200))] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }
            legal += agrees(data, 1 + random.nextInt(data.length)) ? 1 : 0;
        }
        assertThat(legal).isBetween(FLIPS / 100, FLIPS);
    }

    /** Tells whether the data is a message, in our opinion and in the reference's. */
    private static boolean agrees(byte[] data, int piece) {
        byte[] expected = null;
        String reason = "";
        try {
            expected = new ReferenceInflater(15).decode(data);
        } catch (ReferenceInflater.RefusedException e) {
            reason = e.getMessage();
        }
        byte[] ours = null;
        try {
            ours = Ends.decode(Ends.receiver(), data, piece);
        } catch (ExtensionDataException e) {
            assertThat(e.rule()).isIn(Rule.COMPRESSED_DATA_INVALID, Rule.COMPRESSED_DATA_TRUNCATED);
        }
        assertThat(ours)
                .as("%s: %s", reason, io.sansocket.core.testing.Hex.toHex(data))
                .isEqualTo(expected);
        return ours != null;
    }
}
