package io.sansocket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.frame.Frame;
import io.sansocket.core.frame.FrameReader;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the steps do, seen by plain sockets that know nothing of WebSocket. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultyPeerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** RFC 6455 §1.2 and §1.3. */
    private static final String REQUEST = """
            GET / HTTP/1.1
            Host: server.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n");

    private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

    /** Lets a client say something to a server that runs a script, and returns all that the server sent. */
    private static byte[] exchange(Script script, byte... said) throws Exception {
        try (FaultyPeer peer = FaultyPeer.listen(script)) {
            byte[] heard = exchange(peer, said);
            peer.await(PATIENCE);
            return heard;
        }
    }

    private static byte[] exchange(FaultyPeer peer, byte... said) throws IOException {
        try (Socket socket = connect(peer)) {
            OutputStream out = socket.getOutputStream();
            out.write(said);
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        }
    }

    private static Socket connect(FaultyPeer peer) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), peer.port());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aServersFramesAreNotMasked() throws Exception {
        Script script = FaultyPeer.script()
                .text("hé")
                .binary((byte) 7)
                .ping("p")
                .frame(PeerFrame.pong(""))
                .fragment("f")
                .frame(PeerFrame.of(true, Opcode.CONTINUATION))
                .close(1000)
                .fin();

        assertThat(hex(exchange(script)))
                .isEqualTo("81 03 68 c3 a9 82 01 07 89 01 70 8a 00 01 01 66 80 00 88 02 03 e8");
    }

    @Test
    void aClientsFramesAreMasked() throws Exception {
        List<Frame> frames = framesOfClient(
                FaultyPeer.script().text("hello").binary(new byte[200]).ping("").fin());

        assertThat(frames).extracting(Frame::opcode).containsExactly(Opcode.TEXT, Opcode.BINARY, Opcode.PING);
        assertThat(frames).allMatch(Frame::masked);
        assertThat(new String(frames.get(0).payload(), StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThat(frames.get(1).payload()).containsOnly(0).hasSize(200);
    }

    private static List<Frame> framesOfClient(Script script) throws Exception {
        FrameReader reader = new FrameReader(Role.CLIENT);
        reader.feed(ByteBuffer.wrap(bytesOfClient(script)));
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] bytesOfClient(Script script) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultyPeer peer = FaultyPeer.connectTo("127.0.0.1", listener.getLocalPort(), script);
                Socket socket = listener.accept()) {
            byte[] bytes = socket.getInputStream().readAllBytes();
            assertThat(peer.port()).isEqualTo(listener.getLocalPort());
            peer.await(PATIENCE);
            return bytes;
        }
    }

    @Test
    void framesAreCutWhereTheScriptSays() throws Exception {
        PeerFrame frame = PeerFrame.text("x".repeat(202));

        assertThat(hex(exchange(FaultyPeer.script().truncateHeader(frame, 3).fin())))
                .isEqualTo("81 7e 00");
        assertThat(exchange(FaultyPeer.script().truncate(frame, 199).fin())).hasSize(4 + 199);
        assertThat(exchange(FaultyPeer.script().truncate(frame, 0).fin())).hasSize(4);
        assertThat(bytesOfClient(FaultyPeer.script().truncate(frame, 199).fin()))
                .hasSize(8 + 199)
                .startsWith(0x81, 0xFE, 0, 202);
        assertThat(bytesOfClient(FaultyPeer.script().truncateHeader(frame, 0).fin()))
                .isEmpty();
    }

    @Test
    void unlawfulFramesAreWhatTheyAreCalled() throws Exception {
        byte[] masked =
                exchange(FaultyPeer.script().badMask(PeerFrame.binary((byte) 1)).fin());
        assertThat(masked).hasSize(2 + 4 + 1).startsWith(0x82, 0x81);
        assertThat(masked[6] ^ masked[2]).isEqualTo(1);
        assertThat(hex(bytesOfClient(
                        FaultyPeer.script().badMask(PeerFrame.binary((byte) 1)).fin())))
                .isEqualTo("82 01 01");
        assertThat(hex(exchange(FaultyPeer.script().hugeLength(1L << 40).fin())))
                .isEqualTo("82 7f 00 00 01 00 00 00 00 00");
        assertThat(bytesOfClient(FaultyPeer.script().hugeLength(Long.MIN_VALUE).fin()))
                .hasSize(2 + 8 + 4)
                .startsWith(0x82, 0xFF, 0x80, 0);
        assertThat(new String(exchange(FaultyPeer.script().httpText().fin()), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 502 Bad Gateway\r\n");
    }

    @Test
    void aServerAnswersTheRequest() throws Exception {
        assertThat(new String(
                        exchange(FaultyPeer.script().handshake().fin(), ascii(REQUEST)), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 101 ")
                .contains(ACCEPT)
                .endsWith("\r\n\r\n");
        assertThat(new String(
                        exchange(FaultyPeer.script().wrongAccept().fin(), ascii(REQUEST)), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 101 ")
                .contains("Sec-WebSocket-Accept: ")
                .doesNotContain(ACCEPT);
        assertThat(new String(
                        exchange(FaultyPeer.script().partOfHead(12).fin(), ascii(REQUEST)), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 101");
        assertThat(new String(
                        exchange(
                                FaultyPeer.script()
                                        .readHead()
                                        .raw("any\n")
                                        .raw((byte) 'x')
                                        .fin(),
                                ascii(REQUEST)),
                        StandardCharsets.US_ASCII))
                .isEqualTo("any\nx");
    }

    @Test
    void dribbledBytesAreTheSame() throws Exception {
        assertThat(hex(exchange(FaultyPeer.script().dribble().text("hello").fin())))
                .isEqualTo("81 05 68 65 6c 6c 6f");
    }

    @Test
    void itKeepsWhatItsStepsRead() throws Exception {
        Script script = FaultyPeer.script().read(4).fin().stall();
        try (FaultyPeer peer = FaultyPeer.listen(script)) {
            exchange(peer, ascii("abcdefgh"));
            exchange(peer, ascii("ABCDEFGH"));
            peer.await(2, PATIENCE);

            assertThat(peer.connections()).isEqualTo(2);
            assertThat(peer.received()).asString().isEqualTo("abcd");
            assertThat(peer.received(1)).asString().isEqualTo("ABCD");
            assertThat(peer.isSilent()).isTrue();
            assertThat(peer.uri()).hasToString("ws://127.0.0.1:" + peer.port() + "/");
        }
    }

    @Test
    void itKeepsAMebibyteAtMost() throws Exception {
        Script script = FaultyPeer.script().readUntilEnd().fin();
        try (FaultyPeer peer = FaultyPeer.listen(script)) {
            exchange(peer, new byte[Conversation.MAX_KEPT + 100_000]);
            peer.await(PATIENCE);

            assertThat(peer.received()).hasSize(Conversation.MAX_KEPT);
        }
    }

    @Test
    void readingUntilTheCloseFrameLeavesWhatIsBehind() throws Exception {
        byte[] sent = HexFormat.ofDelimiter(" ").parseHex("82 81 00 00 00 00 07 88 80 00 00 00 00 ff ff");
        try (FaultyPeer peer =
                FaultyPeer.listen(FaultyPeer.script().answerClose(1000).fin())) {
            assertThat(hex(exchange(peer, sent))).isEqualTo("88 02 03 e8");
            peer.await(PATIENCE);
            assertThat(peer.received()).hasSize(sent.length - 2);
        }
    }

    @Test
    void aHalfOpenPeerIsSilentAndReads() throws Exception {
        CountDownLatch swallowing = new CountDownLatch(1);
        Script script = FaultyPeer.script().call(swallowing::countDown).swallow();
        try (FaultyPeer peer = FaultyPeer.listen(script);
                Socket socket = connect(peer)) {
            assertThat(swallowing.await(20, TimeUnit.SECONDS)).isTrue();
            socket.getOutputStream().write(new byte[100]);
            socket.shutdownOutput();
            peer.await(PATIENCE);

            assertThat(peer.received()).hasSize(100);
            assertThat(peer.isSilent()).isTrue();
        }
    }

    @Test
    void aPeerWithoutAConnectionIsNotSilent() throws Exception {
        try (FaultyPeer peer = FaultyPeer.listen(FaultyPeer.script())) {
            assertThat(peer.isSilent()).isFalse();
            assertThat(peer.connections()).isZero();
        }
    }

    @Test
    void closingEndsTheThreads() throws Exception {
        FaultyPeer peer = FaultyPeer.listen(FaultyPeer.script().call(() -> {}).swallow());
        try (Socket socket = connect(peer)) {
            socket.getOutputStream().write(1);
            String prefix = "faulty-peer-" + peer.port() + "-";

            peer.close();

            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith(prefix));
        }
    }

    // ---- what goes wrong ----

    private static void assertFails(Script script, byte[] said, String message) throws Exception {
        try (FaultyPeer peer = FaultyPeer.listen(script.stall());
                Socket socket = connect(peer)) {
            socket.getOutputStream().write(said);
            socket.shutdownOutput();
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> peer.await(PATIENCE))
                    .withMessageStartingWith(message);
        }
    }

    @Test
    void aStepThatGoesWrongIsSaidWhereOneWaits() throws Exception {
        Script script = FaultyPeer.script();
        byte[] nothing = {};
        assertFails(script.handshake(), nothing, "step 1 (handshake) failed: the stream ended in the ");
        assertFails(script.handshake(), ascii("GET /\r\n"), "step 1 (handshake) failed: the other end broke a rule: ");
        assertFails(
                script.handshake(),
                ascii(REQUEST.replace("13", "12")),
                "step 1 (handshake) failed: the client broke a rule: handshake-version");
        assertFails(script.text("").read(3), ascii("ab"), "step 2 (read) failed: the stream ended after 2 of 3 bytes");
        assertFails(
                script.readUntilClose(),
                nothing,
                "step 1 (readUntilClose) failed: the stream ended before a Close frame: between frames at offset 0");
        assertFails(
                script.readUntilClose(),
                new byte[] {(byte) 0x81, 0},
                "step 1 (readUntilClose) failed: the other end broke a rule: ");
        assertFails(
                script.finWithoutCloseNotify(),
                nothing,
                "step 1 (finWithoutCloseNotify) failed: there is no close_notify without TLS");
        assertFails(
                script.partOfHead(10_000),
                ascii(REQUEST),
                "step 1 (partOfHead) failed: the head has 129 bytes, 10000 of them cannot be sent");
        assertFails(
                script.truncateHeader(PeerFrame.text(""), 3),
                nothing,
                "step 1 (truncateHeader text of 0 bytes) failed: the header has 2 bytes, 3 of them cannot be sent");
    }

    @Test
    void aClientNeedsToBeAccepted() throws Exception {
        assertClientFails(
                FaultyPeer.script().handshake(), "step 1 (handshake) failed: the server did not accept: HTTP/1.1 404");
        assertClientFails(FaultyPeer.script().wrongAccept(), "step 1 (wrongAccept) failed: a client accepts nothing");
        assertClientFails(FaultyPeer.script().partOfHead(-1), "step 1 (partOfHead) failed: the head has ");
        assertClientFails(
                FaultyPeer.script().readHead().finWithoutCloseNotify(),
                "step 2 (finWithoutCloseNotify) failed: there is no close_notify without TLS");
    }

    private static void assertClientFails(Script script, String message) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultyPeer peer = FaultyPeer.connectTo("127.0.0.1", listener.getLocalPort(), script);
                Socket socket = listener.accept()) {
            socket.getOutputStream().write(ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> peer.await(PATIENCE))
                    .withMessageStartingWith(message);
        }
    }

    @Test
    void aScriptThatIsNotDoneIsSaidWhereOneWaits() throws Exception {
        try (FaultyPeer peer = FaultyPeer.listen(FaultyPeer.script().readUntilEnd())) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> peer.await(Duration.ZERO))
                    .withMessage("the script (readUntilEnd) is done on 0 of 1 connections after PT0S");
        }
    }

    @Test
    void nothingFollowsTheEndOfAScript() {
        Script stalled = FaultyPeer.script().stall();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> stalled.text("hello"))
                .withMessage("nothing can follow stall, not frame text of 5 bytes");
    }

    @Test
    void aPayloadIsNotCutBehindItsEnd() {
        PeerFrame frame = PeerFrame.fragment("hello");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> FaultyPeer.script().truncate(frame, 6))
                .withMessage("the payload has 5 bytes, 6 of them cannot be sent");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> FaultyPeer.script().truncate(frame, -1));
        assertThat(frame).hasToString("text (not final) of 5 bytes");
    }
}
