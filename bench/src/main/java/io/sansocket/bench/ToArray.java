package io.sansocket.bench;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.Mask;
import java.nio.ByteBuffer;
import org.openjdk.jmh.infra.Blackhole;

/** A user of the decoder that wants each payload in an array of its own. */
final class ToArray implements FrameHandler {
    private final byte[] target;
    private final Blackhole hole;

    ToArray(byte[] target, Blackhole hole) {
        this.target = target;
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
        int at = (int) frame.payloadReceived();
        Mask.copy(in, index, target, at, length, frame.maskingKey(), at);
        return true;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        hole.consume(target);
        return true;
    }
}
