package io.sansocket.bench;

import io.sansocket.core.frame.Opcode;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.MessageSink;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A read of masked binary messages echoed into the buffer of a write, both direct; an operation is one message. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class EchoBenchmark {
    private static final int MESSAGES = 16;
    private static final int SMALL = 1024;

    /** Payload bytes of a message; small ones come 16 to a read, others one by one. */
    @Param({"20", "1024", "16384"})
    public int size;

    private int reads;
    private ByteBuffer read;
    private ByteBuffer write;
    private Protocol server;
    private MessageSink echo;

    /** Fills the reads. */
    @Setup
    public void prepare() {
        reads = size > SMALL ? MESSAGES : 1;
        byte[] bytes = Samples.maskedFrames(Opcode.BINARY, Samples.noise(size), MESSAGES / reads);
        read = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        write = ByteBuffer.allocateDirect(bytes.length);
        server = Sessions.server();
        echo = new Echo(server);
    }

    /** The copy of the read, headers with it, and nothing else. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void copy() {
        for (int i = 0; i < reads; i++) {
            write.clear().put(read.rewind());
        }
    }

    /** Messages as events, which own their data, and {@code transmit}. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sansocketEvents() {
        for (int i = 0; i < reads; i++) {
            server.receive(read.rewind(), 0);
            for (Event event = server.nextEvent(); event != null; event = server.nextEvent()) {
                server.sendBinaryByReference(((Event.BinaryMessage) event).data());
            }
            server.transmit(write.clear());
        }
    }

    /** Messages given to a sink where they lie, and echoed straight into the buffer of the write. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sansocketSink() {
        for (int i = 0; i < reads; i++) {
            server.lend(write.clear());
            server.receiveInPlace(read.rewind(), 0, echo);
            server.transmitted(server.takeBack());
        }
    }

    /** Sends back what comes. */
    private record Echo(Protocol protocol) implements MessageSink {
        @Override
        public boolean text(String text) {
            protocol.sendText(text);
            return true;
        }

        @Override
        public boolean binary(ByteBuffer data) {
            protocol.sendBinaryByReference(data);
            return true;
        }

        @Override
        public boolean binaryInPlace(ByteBuffer borrowed) {
            protocol.sendBinary(borrowed);
            return true;
        }

        @Override
        public boolean event(Event event) {
            throw new IllegalStateException("the samples are messages, this is " + event);
        }
    }
}
