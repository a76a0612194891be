package io.sansocket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.rule.Rule;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of the module's README, word for word. */
class ExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /** The end under test of the examples. */
    private static Closed yourClient(URI uri) throws IOException {
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            return new BlockingEnd(ClientProtocol.connect(uri, 0), socket, () -> false, false).drive();
        }
    }

    /** The handler under test of the examples. */
    private static void yourHandler(End end, Event event) {
        if (event instanceof Event.TextMessage message) {
            end.sendText(message.text());
        } else if (event instanceof Event.BinaryMessage message) {
            end.protocol().sendBinary(message.data());
        }
    }

    @Test
    void aHandlerIsTestedWithoutSockets() {
        Pair pair = Pair.builder()
                .pieces(1)
                .delay(Direction.TO_CLIENT, Duration.ofMillis(80))
                .open();
        pair.server().onEvent(event -> yourHandler(pair.server(), event));

        pair.client().sendText("hello");
        pair.advance(Duration.ofMillis(80));
        pair.client().expect(new Event.TextMessage("hello"));

        pair.stall(Direction.TO_SERVER, 0).advance(Duration.ofSeconds(60)); // nothing sleeps
        assertThat(pair.server().closed().rule()).isEqualTo(Rule.PONG_TIMEOUT);
    }

    @Test
    void aClientIsTestedWithAServerThatStopsInAFrame() throws Exception {
        Script script = FaultyPeer.script()
                .handshake()
                .text("hello")
                .truncate(PeerFrame.text("x".repeat(202)), 199)
                .fin();
        try (FaultyPeer peer = FaultyPeer.listen(script)) {
            Closed closed = yourClient(peer.uri());

            assertThat(closed.rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
            assertThat(closed.progress().missing()).isEqualTo(3);
            peer.await(Duration.ofSeconds(5)); // tells what went wrong in the script itself
        }
    }

    @Test
    void noMessageIsLost() {
        Ledger ledger = new Ledger(42, 10_000);
        Pair pair = Pair.builder().randomPieces(500).seed(42).open();
        pair.server().onEvent(event -> yourHandler(pair.server(), event));

        for (int i = 0; i < 1000; i++) {
            LedgerMessage message = ledger.next(i % 10); // of 10 senders
            pair.client().send(message);
            pair.run().client().events().forEach(ledger::arrived);
        }

        assertThat(ledger.settle().isPerfect()).as(ledger.tally().toString()).isTrue();
    }

    @Test
    void theReadmeHasTheseExamples() throws IOException {
        String source = words(Files.readString(Path.of("src/test/java/io/sansocket/testkit/ExamplesTest.java")));
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(example -> words(example.group(1)))
                .toList();

        assertThat(examples).hasSize(3).allMatch(source::contains);
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }
}
