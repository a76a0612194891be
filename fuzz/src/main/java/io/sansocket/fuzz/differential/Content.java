package io.sansocket.fuzz.differential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Payloads: text of all kinds of characters, text that is none, binary data that compresses and such that does not. */
final class Content {
    private static final int[] CHARACTERS = {
        0, 'a', 0x7F, 0x80, 0xDF, 0x7FF, 0x800, 0x20AC, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000,
        0x1F600, 0x10FFFF
    };
    private static final String[] WORDS = {"price", "{\"id\":", "true", "null", ",", " ", "EUR", "0123456789", "ä", "日本"
    };
    /** The classes of what is not UTF-8 (RFC 3629 §3, §10), each with the bytes that show it. */
    private static final int[][] NOT_UTF8 = {
        {0x80},
        {0xBF, 0xBF},
        {0xC0, 0x80},
        {0xC1, 0xBF},
        {0xC3},
        {0xC3, 0x28},
        {0xE0, 0x80, 0x80},
        {0xE0, 0x9F, 0xBF},
        {0xE2, 0x82},
        {0xE2, 0x28, 0xA1},
        {0xED, 0xA0, 0x80},
        {0xED, 0xBF, 0xBF},
        {0xF0, 0x80, 0x80, 0x80},
        {0xF0, 0x8F, 0xBF, 0xBF},
        {0xF0, 0x9F, 0x98},
        {0xF4, 0x90, 0x80, 0x80},
        {0xF5, 0x80, 0x80, 0x80},
        {0xF8, 0x88, 0x80, 0x80, 0x80},
        {0xFE},
        {0xFF}
    };

    private static final int[] BOUNDARIES = {0, 1, 2, 124, 125, 126, 127, 128};
    private static final int[] LONG_BOUNDARIES = {65_535, 65_536, 65_537};
    private static final int ONE_IN_LONG = 500;
    private static final int ONE_IN_MIDDLING = 60;
    private static final int MIDDLING = 3_000;
    private static final int SHORT = 40;
    private static final int BEYOND = 10_000;

    private final Random random;

    Content(Random random) {
        this.random = random;
    }

    int length() {
        if (random.nextInt(ONE_IN_LONG) == 0) {
            return LONG_BOUNDARIES[random.nextInt(LONG_BOUNDARIES.length)];
        }
        if (random.nextInt(ONE_IN_MIDDLING) == 0) {
            return random.nextInt(MIDDLING);
        }
        return random.nextInt(3) == 0 ? BOUNDARIES[random.nextInt(BOUNDARIES.length)] : random.nextInt(SHORT);
    }

    /** Returns a length beyond the limit once in a while: for what compresses well. */
    int lengthOfCompressed() {
        return random.nextInt(ONE_IN_LONG) == 0 ? Judge.LIMIT - 5 + random.nextInt(BEYOND) : length();
    }

    byte[] bytes(int length) {
        byte[] made = new byte[length];
        random.nextBytes(made);
        return made;
    }

    /** Returns bytes of which a part repeats. */
    byte[] binary(int length) {
        byte[] made = bytes(length);
        if (random.nextBoolean()) {
            int period = 1 + random.nextInt(SHORT);
            for (int i = period; i < length; i++) {
                made[i] = made[i - period];
            }
        }
        return made;
    }

    /** Returns UTF-8 of exactly so many bytes. */
    byte[] text(int length) {
        boolean words = random.nextBoolean();
        var made = new ByteArrayOutputStream(length);
        while (made.size() < length) {
            String next = words
                    ? WORDS[random.nextInt(WORDS.length)]
                    : Character.toString(CHARACTERS[random.nextInt(CHARACTERS.length)]);
            byte[] encoded = next.getBytes(StandardCharsets.UTF_8);
            made.writeBytes(encoded.length <= length - made.size() ? encoded : new byte[] {'.'});
        }
        return made.toByteArray();
    }

    /** Returns a copy of a text with one flaw in it, or at its end. */
    byte[] spoilt(byte[] text) {
        int[] flaw = NOT_UTF8[random.nextInt(NOT_UTF8.length)];
        int at = random.nextInt(text.length + 1);
        boolean inserted = random.nextBoolean();
        var made = new ByteArrayOutputStream();
        made.write(text, 0, at);
        for (int unit : flaw) {
            made.write(unit);
        }
        int rest = inserted ? at : Math.min(text.length, at + flaw.length);
        made.write(text, rest, text.length - rest);
        return made.toByteArray();
    }
}
