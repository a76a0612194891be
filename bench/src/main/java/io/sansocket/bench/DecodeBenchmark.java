package io.sansocket.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.Parser;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.Framedata;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A read full of masked binary frames, decoded; an operation is one frame. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class DecodeBenchmark {
    /** Payload bytes of a frame. */
    @Param({"20", "125", "1024", "65536"})
    public int size;

    private ByteBuffer heap;
    private ByteBuffer direct;
    private ByteBuffer directForInPlace;
    private byte[] target;
    private int reads;
    private FrameDecoder toArray;
    private FrameDecoder inPlace;
    private Protocol server;
    private ByteBuf nettyRead;
    private EmbeddedChannel netty;
    private Parser jetty;
    private Draft_6455 javaWebSocket;

    /** Fills the reads. */
    @Setup
    public void prepare(Blackhole hole) {
        byte[] bytes = Samples.maskedFrames(Opcode.BINARY, Samples.noise(size));
        reads = Samples.reads(size);
        heap = ByteBuffer.wrap(bytes);
        direct = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        directForInPlace = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        target = new byte[size];
        toArray = new FrameDecoder(Role.CLIENT, new ToArray(target, hole));
        inPlace = new FrameDecoder(Role.CLIENT, new InPlace(hole));
        server = Sessions.server();
        nettyRead = Peers.nettyBuffer(bytes);
        netty = Peers.nettyDecoder(false);
        jetty = Peers.jettyParser();
        javaWebSocket = Peers.javaWebSocket();
    }

    /** The copy of the payloads, and nothing else. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void arraycopy(Blackhole hole) {
        byte[] bytes = heap.array();
        int frame = bytes.length / (Samples.FRAMES / reads);
        for (int i = 0; i < reads; i++) {
            for (int end = frame; end <= bytes.length; end += frame) {
                System.arraycopy(bytes, end - size, target, 0, size);
                hole.consume(target);
            }
        }
    }

    /** Frames whose payload is unmasked on its way into the user's array. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void sansocketToArray() {
        for (int i = 0; i < reads; i++) {
            toArray.decode(direct.rewind());
        }
    }

    /** The same from a buffer on the heap. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void sansocketHeapToArray() {
        for (int i = 0; i < reads; i++) {
            toArray.decode(heap.rewind());
        }
    }

    /** Frames whose payload is unmasked where it lies. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void sansocketInPlace() {
        for (int i = 0; i < reads; i++) {
            inPlace.decode(directForInPlace.rewind());
        }
    }

    /** Whole messages as events, which own their data. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void sansocketMessages(Blackhole hole) {
        for (int i = 0; i < reads; i++) {
            server.receive(direct.rewind(), 0);
            for (Event event = server.nextEvent(); event != null; event = server.nextEvent()) {
                hole.consume(event);
            }
        }
    }

    /** Netty's decoder, frame by frame. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void netty(Blackhole hole) {
        for (int i = 0; i < reads; i++) {
            netty.writeInbound(nettyRead.retainedDuplicate());
            for (Object frame = netty.readInbound(); frame != null; frame = netty.readInbound()) {
                hole.consume(frame);
                ReferenceCountUtil.release(frame);
            }
        }
    }

    /** Jetty's parser and unmasking. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void jetty(Blackhole hole) {
        for (int i = 0; i < reads; i++) {
            heap.rewind();
            while (heap.hasRemaining()) {
                try (Frame.Parsed frame = jetty.parse(heap)) {
                    frame.demask();
                    hole.consume(frame.getPayload());
                }
            }
        }
    }

    /** Java-WebSocket's draft. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void javaWebSocket(Blackhole hole) throws InvalidDataException {
        for (int i = 0; i < reads; i++) {
            for (Framedata frame : javaWebSocket.translateFrame(heap.rewind())) {
                hole.consume(frame.getPayloadData());
            }
        }
    }
}
