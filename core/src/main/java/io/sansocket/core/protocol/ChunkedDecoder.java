package io.sansocket.core.protocol;

/** The framing of a chunked body, byte by byte (RFC 9112 §7.1). Extensions and trailers are passed over. */
final class ChunkedDecoder {
    private static final int HEX = 16;
    private static final int MAX_SIZE_DIGITS = 8;

    private enum Step {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILER,
        COMPLETE,
        BROKEN
    }

    private Step step = Step.SIZE;
    private int digits;
    /** The bytes of the current chunk that have not come; while its size is being read, the size so far. */
    private long remaining;
    /** Whether the current trailer line has no byte yet; a line without any is the end. */
    private boolean emptyLine = true;

    /** Takes a byte that is not data. */
    void accept(int next) {
        switch (step) {
            case SIZE -> acceptSize(next);
            case EXTENSION -> {
                if (next == '\n') {
                    beginChunk();
                }
            }
            case DATA_END -> {
                if (next == '\n') {
                    step = Step.SIZE;
                    digits = 0;
                    remaining = 0;
                } else if (next != '\r') {
                    step = Step.BROKEN;
                }
            }
            default -> acceptTrailer(next);
        }
    }

    private void acceptSize(int next) {
        int digit = Character.digit(next, HEX);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            digits++;
            remaining = remaining * HEX + digit;
        } else if (digits == 0 || digit >= 0) {
            step = Step.BROKEN;
        } else if (next == '\n') {
            beginChunk();
        } else {
            step = Step.EXTENSION;
        }
    }

    private void beginChunk() {
        step = remaining == 0 ? Step.TRAILER : Step.DATA;
    }

    private void acceptTrailer(int next) {
        if (next == '\n') {
            step = emptyLine ? Step.COMPLETE : Step.TRAILER;
            emptyLine = true;
        } else if (next != '\r') {
            emptyLine = false;
        }
    }

    /** Notes how much of the chunk's data was read. */
    void dataRead(int count) {
        remaining -= count;
        if (remaining == 0) {
            step = Step.DATA_END;
        }
    }

    boolean isInData() {
        return step == Step.DATA;
    }

    long remaining() {
        return remaining;
    }

    boolean isComplete() {
        return step == Step.COMPLETE;
    }

    boolean isBroken() {
        return step == Step.BROKEN;
    }
}
