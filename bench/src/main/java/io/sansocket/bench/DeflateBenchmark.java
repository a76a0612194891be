package io.sansocket.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.util.ReferenceCountUtil;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionOffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.TextFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One message of JSON to DEFLATE data and back, at level 6 in a window of 15 bits with context takeover, as all of them
 * do unless told otherwise.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class DeflateBenchmark {
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final int SLACK = 64;
    private static final int RSV1 = 4;
    /** Different messages in turn: of the same one again and again, nothing but a reference would be left. */
    private static final int MESSAGES = 16;

    /** Bytes of the message. */
    @Param({"20", "125", "1024", "65536"})
    public int size;

    private final byte[][] messages = new byte[MESSAGES][];
    private int next;
    private byte[] compressed;
    private byte[] target;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private Extension sansocket;
    private EmbeddedChannel nettyEncoder;
    private EmbeddedChannel nettyDecoder;
    private final ByteBuf[] nettyMessages = new ByteBuf[MESSAGES];
    private ByteBuf nettyCompressed;
    private PerMessageDeflateExtension javaWebSocket;

    /** Compresses the sample, in a message of its own so that it can be inflated again and again. */
    @Setup
    public void prepare() {
        for (int i = 0; i < MESSAGES; i++) {
            messages[i] = Samples.json(size, i);
        }
        target = new byte[size + SLACK];
        compressed = independent(messages[0]);
        sansocket = extension();
        var netty = new PerMessageDeflateServerExtensionHandshaker(0)
                .handshakeExtension(new WebSocketExtensionData("permessage-deflate", Map.of()));
        nettyEncoder = Peers.channel(netty.newExtensionEncoder());
        nettyDecoder = Peers.channel(netty.newExtensionDecoder());
        for (int i = 0; i < MESSAGES; i++) {
            nettyMessages[i] = Peers.nettyBuffer(messages[i]);
        }
        nettyCompressed = Peers.nettyBuffer(compressed);
        javaWebSocket = new PerMessageDeflateExtension();
        javaWebSocket.setThreshold(0);
        javaWebSocket.acceptProvidedExtensionAsServer("permessage-deflate");
    }

    private static Extension extension() {
        return PermessageDeflate.create()
                .answer(new ExtensionOffer("permessage-deflate", List.of()))
                .orElseThrow();
    }

    private static byte[] independent(byte[] message) {
        var bytes = new ByteArrayOutputStream();
        extension().encode(ByteBuffer.wrap(message), true, part -> {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
            return true;
        });
        return bytes.toByteArray();
    }

    private byte[] message() {
        return messages[next++ % MESSAGES];
    }

    /** The platform's deflater, reused, flushed into an array that is large enough. */
    @Benchmark
    public int deflateBare() {
        deflater.setInput(message());
        return deflater.deflate(target, 0, target.length, Deflater.SYNC_FLUSH);
    }

    /** Ours. */
    @Benchmark
    public void deflateSansocket(Blackhole hole) {
        sansocket.encode(ByteBuffer.wrap(message()), true, part -> {
            hole.consume(part);
            return true;
        });
    }

    /** Netty's. */
    @Benchmark
    public void deflateNetty(Blackhole hole) {
        nettyEncoder.writeOutbound(new BinaryWebSocketFrame(nettyMessages[next++ % MESSAGES].retainedDuplicate()));
        for (Object out = nettyEncoder.readOutbound(); out != null; out = nettyEncoder.readOutbound()) {
            hole.consume(out);
            ReferenceCountUtil.release(out);
        }
    }

    /** Java-WebSocket's. */
    @Benchmark
    public ByteBuffer deflateJavaWebSocket() {
        var frame = new TextFrame();
        frame.setPayload(ByteBuffer.wrap(message()));
        javaWebSocket.encodeFrame(frame);
        return frame.getPayloadData();
    }

    /** The platform's inflater, reused, into an array that is large enough. */
    @Benchmark
    public int inflateBare() throws DataFormatException {
        inflater.setInput(compressed);
        int length = inflater.inflate(target);
        inflater.setInput(TAIL);
        return length + inflater.inflate(target, length, target.length - length);
    }

    /** Ours; it proves the end of the message, which the bare one does not. */
    @Benchmark
    public void inflateSansocket(Blackhole hole) throws ExtensionDataException {
        sansocket.decode(ByteBuffer.wrap(compressed), true, part -> {
            hole.consume(part);
            return true;
        });
    }

    /** Netty's. */
    @Benchmark
    public void inflateNetty(Blackhole hole) {
        nettyDecoder.writeInbound(new BinaryWebSocketFrame(true, RSV1, nettyCompressed.retainedDuplicate()));
        for (Object out = nettyDecoder.readInbound(); out != null; out = nettyDecoder.readInbound()) {
            hole.consume(out);
            ReferenceCountUtil.release(out);
        }
    }

    /** Java-WebSocket's. */
    @Benchmark
    public ByteBuffer inflateJavaWebSocket() throws InvalidDataException {
        var frame = new TextFrame();
        frame.setRSV1(true);
        frame.setPayload(ByteBuffer.wrap(compressed));
        javaWebSocket.decodeFrame(frame);
        return frame.getPayloadData();
    }
}
