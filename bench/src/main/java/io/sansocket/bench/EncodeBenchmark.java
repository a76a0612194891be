package io.sansocket.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.SecureMaskingKeys;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.Generator;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;
import org.java_websocket.framing.BinaryFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One binary message to the bytes of its frame, of each role; an operation is one frame. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class EncodeBenchmark {
    private static final int MOST_BUFFERS = 16;

    /** Payload bytes. */
    @Param({"20", "125", "1024", "65536"})
    public int size;

    /** Who sends: a client masks. */
    @Param({"SERVER", "CLIENT"})
    public String sender;

    private boolean masks;
    private byte[] payload;
    private byte[] frame;
    private ByteBuffer output;
    private MaskingKeySource keys;
    private Protocol protocol;
    private EmbeddedChannel netty;
    private ByteBuf nettyPayload;
    private Generator jetty;
    private byte[] jettyKey;
    private Draft_6455 javaWebSocket;

    /** Fills the buffers. */
    @Setup
    public void prepare() {
        masks = "CLIENT".equals(sender);
        payload = Samples.noise(size);
        frame = new byte[FrameDecoder.MAX_HEADER_LENGTH + size];
        output = ByteBuffer.allocateDirect(frame.length);
        keys = new SecureMaskingKeys();
        protocol = masks ? Sessions.client() : Sessions.server();
        netty = Peers.channel(new WebSocket13FrameEncoder(masks));
        nettyPayload = Unpooled.directBuffer(size).writeBytes(payload);
        jetty = new Generator();
        jettyKey = new byte[Integer.BYTES];
        javaWebSocket = Peers.javaWebSocket();
        javaWebSocket.setParseMode(masks ? Role.CLIENT : Role.SERVER);
    }

    /** The copy of the payload, and nothing else. */
    @Benchmark
    public byte[] arraycopy() {
        System.arraycopy(payload, 0, frame, 0, size);
        return frame;
    }

    /** Header and payload into the caller's array. */
    @Benchmark
    public int sansocketToArray() {
        int at;
        if (masks) {
            int key = keys.next();
            at = FrameEncoder.encodeMaskedHeader(frame, 0, true, 0, Opcode.BINARY, size, key);
            System.arraycopy(payload, 0, frame, at, size);
            Mask.apply(frame, at, size, key, 0);
        } else {
            at = FrameEncoder.encodeHeader(frame, 0, true, 0, Opcode.BINARY, size);
            System.arraycopy(payload, 0, frame, at, size);
        }
        return at;
    }

    /** Queued as a message, and transmitted into a direct buffer. */
    @Benchmark
    public int sansocketMessages() {
        protocol.sendBinary(ByteBuffer.wrap(payload));
        return protocol.transmit(output.clear());
    }

    /** Written straight into the direct buffer of the write, as the engine does. */
    @Benchmark
    public int sansocketLent() {
        protocol.lend(output.clear());
        protocol.sendBinary(ByteBuffer.wrap(payload));
        int written = protocol.takeBack();
        protocol.transmitted(written);
        return written;
    }

    /** Given away, and gathered for a write of several buffers. */
    @Benchmark
    public ByteBuffer[] sansocketGathered() {
        protocol.sendBinaryByReference(ByteBuffer.wrap(payload));
        ByteBuffer[] buffers = protocol.gather(MOST_BUFFERS);
        protocol.transmitted(protocol.bufferedOutput());
        return buffers;
    }

    /** Netty's encoder. */
    @Benchmark
    public void netty() {
        netty.writeOutbound(new BinaryWebSocketFrame(nettyPayload.retainedDuplicate()));
        for (ByteBuf out = netty.readOutbound(); out != null; out = netty.readOutbound()) {
            out.release();
        }
    }

    /** Jetty's generator, with a key in hand. */
    @Benchmark
    public ByteBuffer jetty() {
        var message = new Frame(OpCode.BINARY, ByteBuffer.wrap(payload));
        if (masks) {
            int key = keys.next();
            for (int i = 0; i < jettyKey.length; i++) {
                jettyKey[i] = (byte) (key >>> (i * Byte.SIZE));
            }
            message.setMask(jettyKey);
        }
        jetty.generateWholeFrame(message, output.clear());
        return output;
    }

    /** Java-WebSocket's draft. */
    @Benchmark
    public ByteBuffer javaWebSocket() {
        var message = new BinaryFrame();
        message.setPayload(ByteBuffer.wrap(payload));
        message.setTransferemasked(masks);
        return javaWebSocket.createBinaryFrame(message);
    }
}
