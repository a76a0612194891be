package io.sansocket.core.hostile;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.hostile.Shape.Start;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Delivery;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.MessageSink;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.rule.CloseStatus;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection under attack: opened, fed in pieces, and its output and events taken, or not. Allocates nothing itself. */
final class Attack {
    private static final URI TARGET = URI.create("ws://server.example.com/chat");
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    private static final ByteBuffer SENT = ByteBuffer.allocate(1 << 16);
    private static final int WIDE = 1 << 22;

    final Protocol protocol;
    private final Start start;
    private final boolean taken;
    private @Nullable Closed closed;
    private long delivered;
    private long most;
    private final MessageSink echo = new Echo();

    private Attack(Start start, Limits limits, ExtensionProvider deflate, boolean taken) {
        this.start = start;
        this.taken = taken;
        List<ExtensionProvider> providers = List.of(deflate);
        protocol = start.isServer()
                ? new ServerProtocol(settings(start, Settings.SERVER, limits), OriginPolicy.any(), providers, 0)
                : ClientProtocol.connect(
                        TARGET,
                        start.inflates() ? HandshakeOptions.NONE.withExtensions(deflate) : HandshakeOptions.NONE,
                        settings(start, Settings.CLIENT, limits),
                        keys(),
                        0);
    }

    private static Settings settings(Start start, Settings defaults, Limits limits) {
        return defaults.withLimits(limits).withDelivery(start.streams() ? Delivery.STREAMED : Delivery.WHOLE);
    }

    /** Four numbers for the nonce of RFC 6455 §1.3, whose answer is known, and any for masking keys. */
    private static MaskingKeySource keys() {
        int[] nonce = {0x7468_6520, 0x7361_6d70, 0x6c65_206e, 0x6f6e_6365};
        int[] next = {0};
        return () -> nonce[next[0]++ % nonce.length];
    }

    /** Returns a connection of a provider, with limits, that stands where a shape begins. */
    static Attack on(Start start, Limits limits, ExtensionProvider deflate, boolean taken) {
        var attack = new Attack(start, limits, deflate, taken);
        attack.open();
        return attack;
    }

    static Attack on(Start start) {
        return on(start, start.limits(), PermessageDeflate.create(), true);
    }

    /** Returns limits that none of the shapes reaches, but for the size of messages. */
    static Limits wide(Limits limits) {
        var http = new HttpLimits(WIDE, WIDE, WIDE);
        return new Limits(
                limits.maxFramePayload(),
                limits.maxMessage(),
                WIDE,
                limits.maxBufferedOutput(),
                limits.maxPendingPings(),
                WIDE,
                WIDE,
                WIDE,
                http);
    }

    private void open() {
        if (start.isServer() && start != Start.SERVER_HEAD) {
            receive(start.inflates() ? with(RequestShapes.LAWFUL) : RequestShapes.LAWFUL);
        } else if (!start.isServer()) {
            transmit();
            if (start != Start.CLIENT_HEAD) {
                receive(start.inflates() ? with(ResponseShapes.LAWFUL) : ResponseShapes.LAWFUL);
            }
        }
        takeEvents();
        transmit();
        if (start == Start.SERVER_PINGING) {
            for (int i = 0; i < Limits.SERVER.maxPendingPings(); i++) {
                protocol.sendPing(ByteBuffer.allocate(125).put(124, (byte) (i + 1)), 0);
            }
        } else if (start == Start.SERVER_CLOSING) {
            protocol.close(CloseStatus.NONE, 0);
        }
        transmit();
    }

    private static byte[] with(byte[] head) {
        byte[] all = Bytes.join(head, Bytes.latin1(DEFLATE));
        // The empty line moves behind the new header.
        System.arraycopy(Bytes.latin1(DEFLATE), 0, all, head.length - 2, DEFLATE.length());
        return java.util.Arrays.copyOf(all, all.length - 2);
    }

    private void receive(byte[] bytes) {
        protocol.receive(ByteBuffer.wrap(bytes), 0);
    }

    /** Gives bytes in pieces of a size. */
    Attack feed(byte[] bytes, int piece) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (int at = 0; at < bytes.length; at += piece) {
            in.limit(Math.min(bytes.length, at + piece)).position(at);
            protocol.receive(in, 0);
            if (taken) {
                takeEvents();
                transmit();
            }
        }
        return this;
    }

    /** Gives bytes in pieces of a size, in place, to a sink that has enough each time and says back what it is given. */
    Attack push(byte[] bytes, int piece) {
        ByteBuffer sent = ByteBuffer.allocate(1 << 16);
        for (int at = 0; at < bytes.length; at += piece) {
            ByteBuffer in =
                    ByteBuffer.wrap(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
            do {
                protocol.lend(sent.clear());
                long before = delivered;
                protocol.receiveInPlace(in, 0, echo);
                most = Math.max(most, delivered - before);
                protocol.transmitted(protocol.takeBack());
                protocol.deliver(echo);
            } while (in.hasRemaining());
            transmit();
        }
        return this;
    }

    /** Returns the most bytes of messages that one call of {@link #push} brought. */
    long most() {
        return most;
    }

    void transmit() {
        while (protocol.hasOutput()) {
            protocol.transmit(SENT.clear());
        }
    }

    private void takeEvents() {
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            take(event);
        }
    }

    private void take(Event event) {
        if (event instanceof Event.HandshakeRequest && start != Start.SERVER_UNANSWERED) {
            ((ServerProtocol) protocol).accept(0);
        } else if (event instanceof Event.BinaryMessage message) {
            delivered += message.data().remaining();
        } else if (event instanceof Event.TextMessage message) {
            delivered += message.text().length();
        } else if (event instanceof Event.BinaryFragment fragment) {
            delivered += fragment.data().remaining();
        } else if (event instanceof Event.TextFragment fragment) {
            delivered += fragment.text().length();
        } else if (event instanceof Closed end) {
            closed = end;
        }
    }

    private final class Echo implements MessageSink {
        @Override
        public boolean text(String text) {
            delivered += text.length();
            return false;
        }

        @Override
        public boolean binary(ByteBuffer data) {
            delivered += data.remaining();
            return false;
        }

        @Override
        public boolean binaryInPlace(ByteBuffer borrowed) {
            delivered += borrowed.remaining();
            if (start != Start.SERVER_CLOSING) {
                protocol.sendBinary(borrowed);
            }
            return false;
        }

        @Override
        public boolean event(Event event) {
            take(event);
            return false;
        }
    }

    /** Returns how many bytes of messages were handed to the application. */
    long delivered() {
        return delivered;
    }

    /** Ends the stream, and returns what became of the connection before that. */
    String outcome() {
        takeEvents();
        boolean wentOn = closed == null && !protocol.isOutputDone() && !protocol.hasOutput();
        transmit();
        boolean failed = protocol.isOutputDone();
        protocol.receiveEof(0);
        transmit();
        takeEvents();
        if (closed == null) {
            return "never ends";
        }
        if (wentOn && !failed) {
            return Shape.GOES_ON;
        }
        return closed.rule() == null ? Shape.CLOSES : closed.rule().id();
    }
}
