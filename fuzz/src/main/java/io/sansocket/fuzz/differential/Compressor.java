package io.sansocket.fuzz.differential;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionParameter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The sender's half of permessage-deflate, in every way that RFC 7692 §7.2.1 allows: by the core, by zlib at all levels
 * and strategies with flushes in between, in stored blocks, with final blocks. Where zlib compresses for a small window
 * it may reach too far, which is one of the things to find out about.
 */
final class Compressor implements AutoCloseable {
    private static final PermessageDeflate CORE = PermessageDeflate.with(DeflateOptions.DEFAULT
            .withMinLength(0)
            .withServer(DeflateContext.LARGEST)
            .withClient(DeflateContext.LARGEST));
    private static final int TAIL = 4;
    private static final int LEVELS = 10;
    private static final int STRATEGIES = 3;
    private static final int BUFFER = 8 * 1024;
    private static final int ONE_IN_FINAL = 12;

    private final Random random;
    private final Deflate agreed;
    private final boolean byCore;
    private @Nullable Extension core;
    private @Nullable Deflater zlib;

    Compressor(Deflate agreed, Random random) {
        this.agreed = agreed;
        this.random = random;
        byCore = agreed.windowBits() < Deflate.MAX_WINDOW_BITS ? random.nextInt(4) > 0 : random.nextBoolean();
    }

    /** Returns a message's payload, compressed; its last four bytes are taken off. */
    byte[] compress(byte[] message) {
        if (random.nextInt(ONE_IN_FINAL) == 0) {
            byte[] compressed = withFinalBlock(message);
            close(); // what the next message refers to is not what the receiver has
            return compressed;
        }
        byte[] compressed = byCore ? compressByCore(message) : compressByZlib(message);
        if (!agreed.takeover()) {
            close();
        }
        return compressed;
    }

    private byte[] compressByCore(byte[] message) {
        if (core == null) {
            core = newExtension();
        }
        var out = new ByteArrayOutputStream();
        core.encode(ByteBuffer.wrap(message), true, part -> {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            out.writeBytes(bytes);
            return true;
        });
        return out.toByteArray();
    }

    private Extension newExtension() {
        // RFC 7692 §7.1.2.1: what a server agrees to send limits it, so this is the server's side.
        var parameters = new ArrayList<ExtensionParameter>();
        parameters.add(new ExtensionParameter("server_max_window_bits", Integer.toString(agreed.windowBits())));
        if (!agreed.takeover()) {
            parameters.add(new ExtensionParameter("server_no_context_takeover", null));
        }
        return CORE.answer(new ExtensionOffer(PermessageDeflate.NAME, parameters))
                .orElseThrow();
    }

    private byte[] compressByZlib(byte[] message) {
        if (zlib == null) {
            zlib = newDeflater();
        }
        var out = new ByteArrayOutputStream();
        int flushed = random.nextInt(4) == 0 ? random.nextInt(message.length + 1) : 0;
        if (flushed > 0) {
            deflate(zlib, Arrays.copyOf(message, flushed), Deflater.SYNC_FLUSH, out);
        }
        deflate(zlib, Arrays.copyOfRange(message, flushed, message.length), Deflater.SYNC_FLUSH, out);
        byte[] all = out.toByteArray();
        if (all.length < TAIL) {
            // zlib flushes nothing twice; RFC 7692 §7.2.3.6 has an empty message as one octet.
            return new byte[] {0};
        }
        return Arrays.copyOf(all, all.length - TAIL);
    }

    /** RFC 7692 §7.2.3.4: a block with BFINAL set is padded, and an empty block follows it. */
    private byte[] withFinalBlock(byte[] message) {
        Deflater once = newDeflater();
        var out = new ByteArrayOutputStream();
        once.setInput(message);
        once.finish();
        drain(once, Deflater.NO_FLUSH, out);
        once.end();
        if (random.nextInt(4) > 0) {
            out.write(0);
        }
        return out.toByteArray();
    }

    private Deflater newDeflater() {
        var made = new Deflater(random.nextInt(LEVELS), true);
        made.setStrategy(random.nextInt(STRATEGIES));
        return made;
    }

    static void deflate(Deflater deflater, byte[] input, int flush, ByteArrayOutputStream out) {
        deflater.setInput(input);
        drain(deflater, flush, out);
    }

    private static void drain(Deflater deflater, int flush, ByteArrayOutputStream out) {
        byte[] buffer = new byte[BUFFER];
        int idle = 0;
        // The first call after a change of the strategy may put nothing out, and the next one all.
        while (idle < 2) {
            int count = deflater.deflate(buffer, 0, buffer.length, flush);
            out.write(buffer, 0, count);
            idle = count == 0 ? idle + 1 : 0;
        }
    }

    @Override
    public void close() {
        if (core != null) {
            core.release();
            core = null;
        }
        if (zlib != null) {
            zlib.end();
            zlib = null;
        }
    }
}
