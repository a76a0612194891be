package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.BufferKind;
import io.sansocket.core.testing.FrameStreams;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The proofs of {@link ChunkingProofTest} and {@link CutProofTest} for compressed sessions. */
class CompressedProofTest {
    private static final int SESSIONS = 1_000;
    private static final int CUT_SESSIONS = 12;
    private static final BufferKind[] KINDS = BufferKind.values();
    private static final ExtensionOffer DEFLATE = ExtensionOffer.of(PermessageDeflate.NAME);
    private static final String HEADER = "\nSec-WebSocket-Extensions: permessage-deflate\n\n";

    private static byte[] head(Role receiver) {
        String head = receiver == Role.SERVER ? Wire.REQUEST : Wire.RESPONSE;
        return Wire.head(head.stripTrailing() + HEADER);
    }

    /** What an end of a session's sending side did, one frame after the other. */
    private static final class Session {
        private final Role sender;
        private final Random random;
        private final Extension extension;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        /** Where frames end, and how many messages are whole there; negative inside of one. */
        private final List<int[]> ends = new ArrayList<>();

        private final List<Event> messages = new ArrayList<>();

        Session(long seed, Role sender) {
            this.sender = sender;
            random = new Random(seed);
            DeflateContext any = new DeflateContext(8 + random.nextInt(8), random.nextBoolean());
            extension = PermessageDeflate.with(DeflateOptions.DEFAULT
                            .withServer(any)
                            .withClient(any)
                            .withLevel(random.nextInt(10)))
                    .answer(DEFLATE)
                    .orElseThrow();
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                addMessage();
            }
            extension.release();
        }

        private void addMessage() {
            boolean text = random.nextBoolean();
            int length = random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(60);
            byte[] content = new byte[length];
            for (int i = 0; i < length; i++) {
                content[i] = (byte) (random.nextInt(8) == 0 || !text ? random.nextInt(128) : 'a');
            }
            messages.add(
                    text
                            ? new Event.TextMessage(new String(content, java.nio.charset.StandardCharsets.US_ASCII))
                            : new Event.BinaryMessage(ByteBuffer.wrap(content)));
            boolean compressed = random.nextInt(4) > 0;
            byte[] payload = compressed ? encoded(content) : content;
            List<byte[]> parts = random.nextBoolean() ? List.of(payload) : FrameStreams.cut(payload, random);
            int first = (text ? 1 : 2) + (compressed ? 0x40 : 0);
            int number = 0;
            for (byte[] part : parts) {
                add(first, part);
                first = 0;
                number++;
                ends.add(new int[] {bytes.size(), -messages.size()});
                if (number > 50) {
                    break;
                }
            }
            byte[] rest = join(parts.subList(number, parts.size()));
            add(first + 0x80, rest);
            ends.add(new int[] {bytes.size(), messages.size()});
        }

        private static byte[] join(List<byte[]> parts) {
            return Wire.join(parts.toArray(byte[][]::new));
        }

        private void add(int first, byte[] payload) {
            bytes.writeBytes(Wire.frame(sender, first, payload));
        }

        private byte[] encoded(byte[] content) {
            var out = new ByteArrayOutputStream();
            extension.encode(ByteBuffer.wrap(content), true, part -> {
                byte[] copy = new byte[part.remaining()];
                part.get(copy);
                out.writeBytes(copy);
                return true;
            });
            return out.toByteArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, WHOLE", "CLIENT, STREAMED", "SERVER, WHOLE", "SERVER, STREAMED"})
    void aSessionInAnyPiecesInAnyBuffersIsTheSameSession(Role role, Delivery delivery) {
        PermessageDeflate provider = PermessageDeflate.create();
        int broken = 0;
        for (int seed = 0; seed < SESSIONS; seed++) {
            Random random = new Random(seed);
            byte[] frames = new Session(seed, role.peer()).bytes.toByteArray();
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                frames[random.nextInt(frames.length)] ^= (byte) (1 << random.nextInt(8));
            }
            byte[] stream = Wire.join(head(role), frames);
            String whole = tell(provider, role, delivery, List.of(stream), new Random(seed));
            assertThat(tell(provider, role, delivery, FrameStreams.cut(stream, random), random))
                    .as("seed %d, %s, %s", seed, role, delivery)
                    .isEqualTo(whole);
            assertThat(push(provider, role, delivery, FrameStreams.cut(stream, random), random))
                    .as("seed %d, %s, %s, to a sink", seed, role, delivery)
                    .isEqualTo(whole);
            broken += whole.contains("compressed-data-") || whole.contains("invalid-utf8") ? 1 : 0;
        }
        assertThat(broken).isBetween(SESSIONS / 20, SESSIONS);
    }

    private static String tell(
            PermessageDeflate provider, Role role, Delivery delivery, List<byte[]> pieces, Random random) {
        Story story = new Story(role, delivery, provider);
        for (byte[] piece : pieces) {
            story.receive(KINDS[random.nextInt(KINDS.length)].of(piece));
        }
        return told(story);
    }

    private static String push(
            PermessageDeflate provider, Role role, Delivery delivery, List<byte[]> pieces, Random random) {
        Story story = new Story(role, delivery, provider);
        for (byte[] piece : pieces) {
            story.push(KINDS[random.nextInt(KINDS.length)].of(piece), random);
        }
        return told(story);
    }

    /** A fault inside a frame is found when its byte has come, and how much has come with it is told. */
    private static String told(Story story) {
        return story.eof().tell().replaceAll("[0-9]+ of ([0-9]+) bytes received, [0-9]+ missing", "$1 bytes");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void anEndOfTheStreamAtAnyByte(Role role) {
        PermessageDeflate provider = PermessageDeflate.create();
        int sessions = 0;
        for (int seed = 0; sessions < CUT_SESSIONS; seed++) {
            Session session = new Session(seed, role.peer());
            if (session.bytes.size() < 1_500) {
                sessions++;
                for (int cut = 0; cut <= session.bytes.size(); cut++) {
                    check(provider, role, session, cut);
                }
            }
        }
    }

    private static void check(PermessageDeflate provider, Role role, Session session, int cut) {
        Endpoint end = Endpoint.unopened(role, Endpoint.settings(role), 0, provider);
        end.receive(head(role));
        if (role == Role.SERVER) {
            end.next(Event.HandshakeRequest.class);
            end.accept();
        }
        end.next(Event.Opened.class);
        end.receive(Arrays.copyOf(session.bytes.toByteArray(), cut)).eof();
        int whole = 0;
        Rule rule = cut == 0 ? Rule.MISSING_CLOSE_FRAME : Rule.INCOMPLETE_FRAME;
        for (int[] frame : session.ends) {
            whole = frame[0] <= cut ? Math.max(whole, frame[1]) : whole;
            if (frame[0] == cut) {
                rule = frame[1] < 0 ? Rule.INCOMPLETE_MESSAGE : Rule.MISSING_CLOSE_FRAME;
            }
        }
        List<Event> events = end.takeEvents();
        assertThat(events.subList(0, events.size() - 1)).isEqualTo(session.messages.subList(0, whole));
        Closed closed = (Closed) events.get(events.size() - 1);
        assertThat(closed.rule()).as("cut at %d", cut).isEqualTo(rule);
        assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        end.takeSent();
    }
}
