package io.sansocket.bench;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.Mask;
import java.nio.ByteBuffer;
import org.openjdk.jmh.infra.Blackhole;

/** A user of the decoder that owns the buffer of the read and looks at payloads where they lie. */
final class InPlace implements FrameHandler {
    private final Blackhole hole;

    InPlace(Blackhole hole) {
        this.hole = hole;
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        throw new IllegalStateException("the samples are lawful");
    }

    @Override
    public boolean header(FrameDecoder frame) {
        return true;
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
        Mask.apply(in, index, length, frame.maskingKey(), frame.payloadReceived());
        return true;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        hole.consume(frame);
        return true;
    }
}
