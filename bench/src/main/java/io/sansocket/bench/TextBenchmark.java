package io.sansocket.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Utf8Validator;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.Parser;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.Framedata;
import org.java_websocket.util.Charsetfunctions;
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

/** A read full of masked text frames to strings, checked to be UTF-8; an operation is one message. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class TextBenchmark {
    /** Payload bytes of a message. */
    @Param({"20", "1024"})
    public int size;

    /** ASCII only, or characters of 1 to 4 bytes. */
    @Param({"ascii", "mixed"})
    public String kind;

    private byte[] text;
    private final Utf8Validator validator = new Utf8Validator();
    private ByteBuffer heap;
    private ByteBuffer direct;
    private Protocol server;
    private ByteBuf nettyRead;
    private EmbeddedChannel netty;
    private Parser jetty;
    private Draft_6455 javaWebSocket;

    /** Fills the reads. */
    @Setup
    public void prepare() {
        text = "ascii".equals(kind) ? Samples.json(size, 0) : Samples.mixed(size);
        byte[] bytes = Samples.maskedFrames(Opcode.TEXT, text);
        heap = ByteBuffer.wrap(bytes);
        direct = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        server = Sessions.server();
        nettyRead = Peers.nettyBuffer(bytes);
        netty = Peers.nettyDecoder(true);
        jetty = Peers.jettyParser();
        javaWebSocket = Peers.javaWebSocket();
    }

    /** What the platform takes from bytes in hand to a string, with no check. */
    @Benchmark
    public String platformString() {
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The check of bytes in hand. */
    @Benchmark
    public int sansocketCheck() {
        return validator.validate(text, 0, text.length);
    }

    /** Messages as events. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void sansocketMessages(Blackhole hole) {
        server.receive(direct.rewind(), 0);
        for (Event event = server.nextEvent(); event != null; event = server.nextEvent()) {
            hole.consume(((Event.TextMessage) event).text());
        }
    }

    /** Netty's decoder and its check of UTF-8. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void netty(Blackhole hole) {
        netty.writeInbound(nettyRead.retainedDuplicate());
        for (TextWebSocketFrame frame = netty.readInbound(); frame != null; frame = netty.readInbound()) {
            hole.consume(frame.text());
            frame.release();
        }
    }

    /** Jetty's parser, unmasking and strict decoding. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void jetty(Blackhole hole) {
        heap.rewind();
        while (heap.hasRemaining()) {
            try (Frame.Parsed frame = jetty.parse(heap)) {
                frame.demask();
                hole.consume(frame.getPayloadAsUTF8());
            }
        }
    }

    /** Java-WebSocket's draft and its check of UTF-8. */
    @Benchmark
    @OperationsPerInvocation(Samples.FRAMES)
    public void javaWebSocket(Blackhole hole) throws InvalidDataException {
        for (Framedata frame : javaWebSocket.translateFrame(heap.rewind())) {
            hole.consume(Charsetfunctions.stringUtf8(frame.getPayloadData()));
        }
    }
}
