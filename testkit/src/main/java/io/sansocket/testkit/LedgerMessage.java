package io.sansocket.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A message of a {@link Ledger}: a head in ASCII, and a body of a random size and content.
 *
 * <p>The head is {@value #HEAD} characters: {@code T} or {@code B} for text or binary, and in hex the sender, the number,
 * the body's length in bytes and the CRC-32C of all the rest.
 *
 * @since 0.1
 */
public final class LedgerMessage {
    /** The length of the head in bytes. */
    public static final int HEAD = 45;

    private static final int SENDER = 2;
    private static final int SEQUENCE = SENDER + 9;
    private static final int LENGTH = SEQUENCE + 17;
    private static final int CHECKSUM = LENGTH + 9;
    private static final HexFormat HEX = HexFormat.of();
    /** Characters of 1 to 4 bytes in UTF-8. */
    private static final String[] CHARACTERS = {"a", "é", "€", "😀"};

    private final int sender;
    private final long sequence;
    private final boolean text;
    private final byte[] bytes;

    private LedgerMessage(int sender, long sequence, boolean text, byte[] bytes) {
        this.sender = sender;
        this.sequence = sequence;
        this.text = text;
        this.bytes = bytes;
    }

    static LedgerMessage make(long seed, int sender, long sequence, int maxBody) {
        var random = new SplittableRandom(new SplittableRandom(seed ^ sender).nextLong() ^ sequence);
        boolean text = random.nextBoolean();
        byte[] body = new byte[size(random, maxBody)];
        if (text) {
            fillWithText(body, random);
        } else {
            random.nextBytes(body);
        }
        String head = (text ? "T " : "B ")
                + HEX.toHexDigits(sender) + " "
                + HEX.toHexDigits(sequence) + " "
                + HEX.toHexDigits(body.length) + " ";
        byte[] bytes = ByteBuffer.allocate(HEAD + body.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .position(HEAD)
                .put(body)
                .array();
        byte[] checksum = HEX.toHexDigits(checksum(bytes)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(checksum, 0, bytes, CHECKSUM, checksum.length);
        return new LedgerMessage(sender, sequence, text, bytes);
    }

    /** Returns a size from 0 to the largest; each order of magnitude is as frequent as the others. */
    private static int size(SplittableRandom random, int max) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(max);
        int most = bits == 0 ? 0 : max >>> random.nextInt(bits + 1);
        return (int) random.nextLong(most + 1L);
    }

    private static void fillWithText(byte[] body, SplittableRandom random) {
        for (int at = 0; at < body.length; ) {
            int most = Math.min(CHARACTERS.length, body.length - at);
            byte[] character = CHARACTERS[random.nextInt(most)].getBytes(StandardCharsets.UTF_8);
            System.arraycopy(character, 0, body, at, character.length);
            at += character.length;
        }
    }

    /** Takes a message that arrived apart; null when no ledger made it so. */
    static @Nullable LedgerMessage read(byte[] bytes, boolean text) {
        if (bytes.length < HEAD || bytes[0] != (text ? 'T' : 'B')) {
            return null;
        }
        String head = new String(bytes, 0, HEAD, StandardCharsets.ISO_8859_1);
        try {
            if (!head.substring(CHECKSUM).equals(HEX.toHexDigits(checksum(bytes)))
                    || HexFormat.fromHexDigits(head, LENGTH, LENGTH + 8) != bytes.length - HEAD) {
                return null;
            }
            int sender = HexFormat.fromHexDigits(head, SENDER, SENDER + 8);
            long sequence = HexFormat.fromHexDigitsToLong(head, SEQUENCE, SEQUENCE + 16);
            return sequence < 0 ? null : new LedgerMessage(sender, sequence, text, bytes);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Returns the checksum of all but the checksum. */
    private static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, CHECKSUM);
        crc.update(bytes, HEAD, bytes.length - HEAD);
        return (int) crc.getValue();
    }

    /** Returns who sent it. */
    public int sender() {
        return sender;
    }

    /** Returns its number among the sender's messages, from 0. */
    public long sequence() {
        return sequence;
    }

    /** Tells whether it is to be sent as text. */
    public boolean isText() {
        return text;
    }

    /**
     * Returns it as text.
     *
     * @throws IllegalStateException if it is binary
     */
    public String text() {
        if (!text) {
            throw new IllegalStateException(this + " is not text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns its bytes, of a text in UTF-8, in a buffer of its own that is only to be read. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Returns who sent it, and the number. */
    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message " + sequence + " of sender " + sender;
    }
}
