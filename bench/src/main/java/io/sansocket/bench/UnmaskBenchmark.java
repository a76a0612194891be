package io.sansocket.bench;

import io.sansocket.core.frame.Mask;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Unmasking alone, against copying the same bytes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class UnmaskBenchmark {
    /** Where the payload begins: behind a header, as it does in a read. */
    private static final int AT = 6;

    /** Payload bytes. */
    @Param({"20", "125", "1024", "65536"})
    public int size;

    private byte[] source;
    private byte[] target;
    private ByteBuffer direct;

    /** Fills the buffers. */
    @Setup
    public void prepare() {
        source = Samples.noise(AT + size);
        target = new byte[AT + size];
        direct = ByteBuffer.allocateDirect(AT + size).put(0, source);
    }

    /** What no decoder that hands out its own bytes can do without. */
    @Benchmark
    public byte[] arraycopy() {
        System.arraycopy(source, AT, target, 0, size);
        return target;
    }

    /** In place in an array. */
    @Benchmark
    public byte[] sansocketArray() {
        Mask.apply(target, AT, size, Samples.MASKING_KEY, 0);
        return target;
    }

    /** In place in memory outside the heap, where an engine reads to. */
    @Benchmark
    public ByteBuffer sansocketDirect() {
        Mask.apply(direct, AT, size, Samples.MASKING_KEY, 0);
        return direct;
    }
}
