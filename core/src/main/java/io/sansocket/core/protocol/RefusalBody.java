package io.sansocket.core.protocol;

import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpTokens;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The body of a response that refused the opening handshake, collected up to a limit (RFC 9112 §6.3).
 *
 * <p>Ends with its declared length, its last chunk, or the stream. What the framing of a body gets wrong ends it too, as
 * incomplete: the status has said what matters.
 */
final class RefusalBody {
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    /** As many as a {@code long} can always hold. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_END
    }

    private final Framing framing;
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ChunkedDecoder chunks = new ChunkedDecoder();
    /** Bytes of the body that have not come, where its length is declared. */
    private long remaining;
    /** Bytes taken, those of the chunks' framing too. */
    private long received;
    /** Whether the body has more bytes than the limit. */
    private boolean tooLarge;

    RefusalBody(HttpResponse response, int limit) {
        this.limit = limit;
        framing = framing(response);
        remaining = framing == Framing.LENGTH ? contentLength(response) : 0;
    }

    private static Framing framing(HttpResponse response) {
        // RFC 9112 §6.3: "Any response to a HEAD request and any response with a 1xx (Informational), 204 (No Content),
        // or 304 (Not Modified) status code is always terminated by the first empty line after the header fields".
        if (response.status() == NO_CONTENT || response.status() == NOT_MODIFIED) {
            return Framing.NONE;
        }
        String coding = response.headers().first("Transfer-Encoding");
        if (coding != null) {
            return coding.equalsIgnoreCase("chunked") ? Framing.CHUNKED : Framing.UNTIL_END;
        }
        return contentLength(response) < 0 ? Framing.UNTIL_END : Framing.LENGTH;
    }

    /** Returns the declared length, or -1 when there is none that can be believed. */
    private static long contentLength(HttpResponse response) {
        String value = response.headers().first("Content-Length");
        if (value == null || response.headers().all("Content-Length").size() > 1) {
            return -1;
        }
        // RFC 9110 §8.6: "Content-Length = 1*DIGIT"
        boolean digits = value.chars().allMatch(HttpTokens::isDigit);
        return digits && !value.isEmpty() && value.length() <= MAX_LENGTH_DIGITS ? Long.parseLong(value) : -1;
    }

    /** Takes bytes until the body ends or the limit is reached. */
    void receive(ByteBuffer in) {
        int before = in.position();
        while (in.hasRemaining() && !isEnded()) {
            switch (framing) {
                case CHUNKED -> receiveChunked(in);
                case LENGTH -> remaining -= keep(in, remaining);
                default -> keep(in, Long.MAX_VALUE);
            }
        }
        received += in.position() - before;
    }

    private void receiveChunked(ByteBuffer in) {
        if (chunks.isInData()) {
            chunks.dataRead(keep(in, chunks.remaining()));
        } else {
            chunks.accept(in.get() & 0xFF);
        }
    }

    /** Keeps bytes within the limit and returns how many. */
    private int keep(ByteBuffer in, long most) {
        int room = limit - bytes.size();
        tooLarge = room == 0;
        int count = (int) Math.min(Math.min(in.remaining(), most), room);
        byte[] part = new byte[count];
        in.get(part);
        bytes.writeBytes(part);
        return count;
    }

    /** Tells whether the whole body has come; one that ends with the stream never has before. */
    boolean isComplete() {
        return switch (framing) {
            case NONE -> true;
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunks.isComplete();
            case UNTIL_END -> false;
        };
    }

    /** Tells whether the end of the stream completes the body. */
    boolean endsWithStream() {
        return framing == Framing.UNTIL_END;
    }

    /** Tells whether nothing more is to be taken. */
    boolean isEnded() {
        return isComplete() || tooLarge || chunks.isBroken();
    }

    /** Returns how many bytes were taken. */
    long received() {
        return received;
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
