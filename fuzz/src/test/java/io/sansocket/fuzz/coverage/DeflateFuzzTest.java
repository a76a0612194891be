package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionRefusedException;
import io.sansocket.core.testing.ReferenceInflater;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Compressed messages: any bytes against an inflater made from the RFC alone, and round trips through both of them. */
class DeflateFuzzTest {
    private static final int LIMIT = 16 * 1024;
    private static final int LARGEST = DeflateContext.MAX_WINDOW_BITS;
    /** The smallest window that is kept, see the inflater. */
    private static final int SMALLEST = 9;

    private static final int LEVELS = 10;
    private static final int MAX_MESSAGES = 3;
    /** A provider for each window, with and without context takeover. */
    private static final PermessageDeflate[] SERVERS = new PermessageDeflate[16];

    static {
        for (int i = 0; i < SERVERS.length; i++) {
            SERVERS[i] = PermessageDeflate.with(DeflateOptions.DEFAULT.withClient(context(i)));
        }
    }

    private static DeflateContext context(int choice) {
        return new DeflateContext(DeflateContext.MIN_WINDOW_BITS + choice % 8, (choice & 8) == 0);
    }

    /** What became of a stream of messages. */
    private record Outcome(List<ByteBuffer> messages, String fault, boolean tooLong) {}

    /** Decodes messages with a limit until one fails. */
    private static final class Decoder {
        private final Extension extension;
        private final List<ByteBuffer> messages = new ArrayList<>();
        private ByteArrayOutputStream message = new ByteArrayOutputStream();
        private String fault = "";
        private boolean tooLong;

        Decoder(Extension extension) {
            this.extension = extension;
        }

        private boolean take(ByteBuffer decoded) {
            int room = LIMIT - message.size();
            byte[] bytes = new byte[Math.min(room, decoded.remaining())];
            decoded.get(bytes);
            message.writeBytes(bytes);
            tooLong = decoded.hasRemaining();
            return !tooLong;
        }

        void decode(ByteBuffer part, boolean last) {
            if (!isOver()) {
                try {
                    extension.decode(part, last, this::take);
                    Oracle.check(tooLong || !part.hasRemaining(), "a part is read to its end");
                } catch (ExtensionDataException e) {
                    fault = e.rule().id() + ": " + e.getMessage();
                }
                if (last || isOver()) {
                    messages.add(ByteBuffer.wrap(message.toByteArray()));
                    message = new ByteArrayOutputStream();
                }
            }
        }

        boolean isOver() {
            return tooLong || !fault.isEmpty();
        }

        Outcome outcome() {
            extension.release();
            return new Outcome(messages, fault, tooLong);
        }
    }

    @FuzzTest
    void inflate(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        int choice = input.choice(SERVERS.length);
        DeflateContext context = context(choice);
        byte[][] messages = messages(input);

        var whole = new Decoder(server(SERVERS[choice]));
        var cut = new Decoder(server(SERVERS[choice]));
        for (byte[] message : messages) {
            Pieces.whole(message, part -> whole.decode(part, true));
            Pieces.cut(message, place, part -> cut.decode(part, false));
            cut.decode(ByteBuffer.allocate(0), true);
        }
        Outcome outcome = whole.outcome();
        Oracle.same(outcome, cut.outcome(), "messages inflated whole, and in pieces");
        if (!outcome.tooLong()) {
            checkReference(messages, context, outcome);
        }
    }

    private static Extension server(PermessageDeflate provider) {
        return provider.answer(provider.offers().get(0)).orElseThrow();
    }

    /** Splits the input: a message, and behind as many bytes as a byte says the next. */
    private static byte[][] messages(Input input) {
        int count = 1 + input.choice(MAX_MESSAGES);
        byte[][] messages = new byte[count][];
        int[] lengths = new int[count];
        for (int i = 0; i < count - 1; i++) {
            lengths[i] = input.choice();
        }
        byte[] rest = input.rest();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = i == count - 1 ? rest.length : Math.min(rest.length, from + lengths[i]);
            messages[i] = Arrays.copyOfRange(rest, from, to);
            from = to;
        }
        return messages;
    }

    /**
     * What a reference with just our window reads, we read; what we read, one with the largest window reads. Between them
     * lies what refers further back than was agreed, but not beyond what we happen to hold.
     */
    private static void checkReference(byte[][] messages, DeflateContext context, Outcome outcome) {
        int window = context.takeover() ? Math.max(SMALLEST, context.maxWindowBits()) : LARGEST;
        var largest = new ReferenceInflater(LARGEST);
        var exact = new ReferenceInflater(window);
        boolean knowsAll = true;
        for (int i = 0; i < outcome.messages().size(); i++) {
            boolean isRead = outcome.fault().isEmpty() || i < outcome.messages().size() - 1;
            boolean isKnown = reference(exact, messages[i]) != null;
            // Without context takeover nothing is held by which what follows a final block could refer to what
            // precedes.
            boolean mustBeRead = knowsAll && isKnown && (context.takeover() || !goesOnBehindFinalBlock(messages[i]));
            if (!isRead) {
                Oracle.check(!mustBeRead, "what the reference reads is read: " + outcome);
                return;
            }
            Oracle.same(
                    reference(largest, messages[i]),
                    outcome.messages().get(i),
                    "a message as the reference reads it, and as we do");
            // A reference that refused a message does not know what the next one refers to.
            knowsAll &= isKnown;
            if (!context.takeover()) {
                largest = new ReferenceInflater(LARGEST);
                exact = new ReferenceInflater(window);
                knowsAll = true;
            }
        }
    }

    private static boolean goesOnBehindFinalBlock(byte[] message) {
        var zlib = new Inflater(true);
        try {
            zlib.setInput(message);
            byte[] out = new byte[LIMIT + 1];
            zlib.inflate(out);
            return zlib.finished() && zlib.getRemaining() > 0;
        } catch (DataFormatException e) {
            return false;
        } finally {
            zlib.end();
        }
    }

    /** Returns the message, or null when it is none. */
    private static ByteBuffer reference(ReferenceInflater inflater, byte[] message) {
        try {
            return ByteBuffer.wrap(inflater.decode(message));
        } catch (ReferenceInflater.RefusedException e) {
            return null;
        }
    }

    /** Providers with deflaters of their own for each window and level. */
    private static final PermessageDeflate[] CLIENTS = new PermessageDeflate[SERVERS.length * LEVELS];

    private static PermessageDeflate client(int choice, int level) {
        int index = choice * LEVELS + level;
        if (CLIENTS[index] == null) {
            CLIENTS[index] = PermessageDeflate.with(
                    DeflateOptions.DEFAULT.withClient(context(choice)).withLevel(level));
        }
        return CLIENTS[index];
    }

    @FuzzTest
    void roundTrip(byte[] bytes) throws ExtensionRefusedException, ReferenceInflater.RefusedException {
        var input = new Input(bytes);
        int place = input.place();
        int choice = input.choice(SERVERS.length);
        PermessageDeflate client = client(choice, input.choice(LEVELS));
        byte[][] messages = messages(input);

        Extension server = SERVERS[choice].answer(client.offers().get(0)).orElseThrow();
        Extension sender = client.accept(server.agreed());
        var receiver = new Decoder(server);
        DeflateContext context = context(choice);
        var reference = new ReferenceInflater(context.maxWindowBits());
        for (byte[] message : messages) {
            var encoded = new ByteArrayOutputStream();
            Extension.Sink sink = part -> write(part, encoded);
            Pieces.cut(message, place, part -> sender.encode(part, false, sink));
            sender.encode(ByteBuffer.allocate(0), true, sink);
            Pieces.cut(encoded.toByteArray(), place, part -> receiver.decode(part, false));
            receiver.decode(ByteBuffer.allocate(0), true);
            // The reference refuses what refers further back than the window.
            Oracle.same(
                    ByteBuffer.wrap(message),
                    ByteBuffer.wrap(reference.decode(encoded.toByteArray())),
                    "a message, and as the reference reads it");
            if (!context.takeover()) {
                reference = new ReferenceInflater(context.maxWindowBits());
            }
        }
        sender.release();
        List<ByteBuffer> sent = Arrays.stream(messages).map(ByteBuffer::wrap).toList();
        Oracle.same(new Outcome(sent, "", false), receiver.outcome(), "messages as sent, and as received");
    }

    private static boolean write(ByteBuffer part, ByteArrayOutputStream to) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        to.writeBytes(bytes);
        return true;
    }
}
