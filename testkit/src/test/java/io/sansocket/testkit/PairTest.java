package io.sansocket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.protocol.StallPolicy;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairTest {
    private static final URI URI_OF_SERVER = URI.create("ws://server.example/chat");

    @Test
    void messagesGoBothWays() {
        Pair pair = Pair.open();
        pair.client().sendText("").sendText("hello");
        pair.server().sendBinary((byte) 1, (byte) 2);

        pair.run();

        pair.server().expect(new Event.TextMessage(""), new Event.TextMessage("hello"));
        pair.client().expect(new Event.BinaryMessage(ByteBuffer.wrap(new byte[] {1, 2})));
        pair.client().expect();
    }

    @Test
    void nothingMovesBeforeItIsRun() {
        Pair pair = Pair.open();
        pair.client().sendText("hello");

        assertThat(pair.server().events()).isEmpty();
    }

    @Test
    void pingsAreAnswered() {
        Pair pair = Pair.builder()
                .delay(Direction.TO_SERVER, Duration.ofMillis(30))
                .delay(Direction.TO_CLIENT, Duration.ofMillis(12))
                .open();

        pair.client().ping("p");
        pair.advance(Duration.ofMillis(42));

        assertThat(pair.client().next(Event.Pong.class).latency())
                .isEqualTo(Duration.ofMillis(42).toNanos());
        assertThat(pair.server().next(Event.Ping.class).payload()).isEqualTo(ByteBuffer.wrap(new byte[] {'p'}));
    }

    @Test
    void aClosingHandshakeEndsBothEnds() {
        Pair pair = Pair.open();

        pair.client().close(new CloseStatus(1000, "bye"));
        pair.run();

        assertThat(pair.client().closed().isClean()).isTrue();
        assertThat(pair.server().closed().received()).isEqualTo(new CloseStatus(1000, "bye"));
        assertThat(pair.server().closed()).isSameAs(pair.server().next(Closed.class));
    }

    @Test
    void delayedBytesArriveWhenTheirTimeHasCome() {
        Pair pair =
                Pair.builder().delay(Direction.TO_SERVER, Duration.ofMillis(30)).open();
        assertThat(pair.now()).isEqualTo(Duration.ofMillis(30).toNanos());
        pair.client().sendText("hello");

        pair.run().advance(Duration.ofMillis(29));
        pair.server().expect();
        pair.advance(Duration.ofMillis(1));

        pair.server().expect(new Event.TextMessage("hello"));
    }

    @Test
    void keepaliveGoesOnForHoursWithoutAnybodySleeping() {
        Pair pair = Pair.open();

        pair.advance(Duration.ofHours(3));

        // 3 h in steps of 20 s; the Ping of this very moment is among them.
        assertThat(pair.server().events()).hasSize(540).allMatch(Event.Ping.class::isInstance);
        assertThat(pair.now()).isEqualTo(Duration.ofHours(3).toNanos());
    }

    @Test
    void anyPiecesGiveTheSameMessages() {
        List<Pair.Builder> wires = List.of(
                Pair.builder().pieces(1),
                Pair.builder().pieces(7),
                Pair.builder().randomPieces(5).seed(42));
        for (Pair.Builder wire : wires) {
            Pair pair = wire.extensions(PermessageDeflate.create()).open();
            pair.client().sendText("hello, hello, hello, hello").sendBinary(new byte[1000]);

            pair.run();

            pair.server()
                    .expect(
                            new Event.TextMessage("hello, hello, hello, hello"),
                            new Event.BinaryMessage(ByteBuffer.allocate(1000)));
        }
    }

    @Test
    void aCutEndsTheStreamAtTheByte() {
        Pair pair = Pair.open();
        pair.server().sendBinary(new byte[202]); // 4 bytes of header

        pair.cut(Direction.TO_CLIENT, 4 + 199).run();

        assertThat(pair.client().closed().rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
        assertThat(pair.client().closed().transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        assertThat(pair.client().closed().progress().received()).isEqualTo(199);
        assertThat(pair.client().closed().progress().declared()).isEqualTo(202);
        assertThat(pair.server().closed().rule()).isEqualTo(Rule.MISSING_CLOSE_FRAME);
    }

    @Test
    void aResetEndsBothEnds() {
        Pair pair = Pair.open();
        pair.client().sendBinary(new byte[202]); // 8 bytes of header

        pair.reset(Direction.TO_SERVER, 5).run();

        assertThat(pair.server().closed().transportEnd()).isEqualTo(TransportEnd.PEER_RESET);
        assertThat(pair.server().closed().progress().phase()).isEqualTo(Phase.IN_HEADER);
        assertThat(pair.client().closed().transportEnd()).isEqualTo(TransportEnd.PEER_RESET);
    }

    @Test
    void aStalledFrameIsReportedAndMayGoOn() {
        Pair pair = Pair.open();
        pair.client().sendText("hello");

        pair.stall(Direction.TO_SERVER, 3).advance(Duration.ofSeconds(5));
        assertThat(pair.server().next(Event.Stalled.class).progress().phase()).isEqualTo(Phase.IN_HEADER);
        pair.resume(Direction.TO_SERVER).run();

        pair.server().expect(new Event.TextMessage("hello"));
    }

    @Test
    void resumingWhatIsNotStalledLeavesAPlannedCut() {
        Pair pair = Pair.open();

        pair.cut(Direction.TO_SERVER, 0).resume(Direction.TO_SERVER).run();

        assertThat(pair.server().isClosed()).isTrue();
    }

    @Test
    void settingsAreEachEndsOwn() {
        Pair pair = Pair.builder()
                .clientSettings(
                        Settings.CLIENT.withTimeouts(Timeouts.DEFAULT.withKeepalive(Timeouts.OFF, Timeouts.OFF)))
                .serverSettings(Settings.SERVER
                        .withStallPolicy(StallPolicy.FAIL)
                        .withTimeouts(Timeouts.DEFAULT.withProgress(Duration.ofSeconds(1))))
                .open();
        pair.client().sendText("hello");

        pair.stall(Direction.TO_SERVER, 3).advance(Duration.ofSeconds(1));
        assertThat(pair.server().isClosed()).isFalse();
        pair.advance(Duration.ofSeconds(10));

        assertThat(pair.server().closed().rule()).isEqualTo(Rule.FRAME_STALLED);
        assertThat(pair.client().closed().received().code()).isEqualTo(1008);
    }

    @Test
    void theServerMayAnswerARequestItself() {
        Pair pair = Pair.builder()
                .request(URI_OF_SERVER, HandshakeOptions.NONE.withSubprotocols("chat"))
                .unopened()
                .run();
        assertThat(pair.server().next(Event.HandshakeRequest.class).subprotocols())
                .containsExactly("chat");

        pair.server().accept("chat", HttpHeaders.empty());
        pair.run();

        assertThat(pair.client().next(Event.Opened.class).subprotocol()).isEqualTo("chat");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> pair.client().accept())
                .withMessage("a client answers no request");
    }

    @Test
    void theServerMayRefuse() {
        Pair pair = Pair.builder().unopened().run();

        pair.server().refuse(HttpResponse.of(404, "Not Found", HttpHeaders.empty()));
        pair.run();

        assertThat(pair.client().next(Event.Refused.class).response().status()).isEqualTo(404);
        assertThat(pair.client().closed().rule()).isEqualTo(Rule.HANDSHAKE_STATUS);
    }

    @Test
    void aForeignOriginIsLetInOnlyByAPolicyThatSaysSo() {
        Pair.Builder foreign =
                Pair.builder().request(URI_OF_SERVER, HandshakeOptions.NONE.withOrigin("https://other.example"));

        assertThatExceptionOfType(AssertionError.class).isThrownBy(foreign::open);
        assertThat(foreign.origins(OriginPolicy.any()).open().client().isClosed())
                .isFalse();
    }

    @Test
    void aHandlerAnswersAsEventsCome() {
        Pair pair = Pair.open();
        pair.server().onEvent(event -> {
            if (event instanceof Event.TextMessage message) {
                pair.server().sendText(message.text() + "!");
            }
        });
        pair.client().sendText("hello");

        pair.run();

        pair.client().expect(new Event.TextMessage("hello!"));
        pair.server().expect(new Event.TextMessage("hello"));
    }

    @Test
    void aLateHandlerGetsWhatWaits() {
        Pair pair = Pair.open();
        pair.client().sendText("hello");
        pair.run();
        List<Event> handled = new ArrayList<>();

        pair.server().onEvent(handled::add);

        assertThat(handled).containsExactly(new Event.TextMessage("hello"));
    }

    @Test
    void endsThatAnswerEachOtherForEverAreFound() {
        Pair pair = Pair.open();
        for (End end : List.of(pair.client(), pair.server())) {
            end.onEvent(event -> {
                end.events();
                end.sendText("again");
            });
        }
        pair.client().sendText("hello");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(pair::run)
                .withMessage("after 100000 rounds the ends still answer each other");
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        assertThat(key(7)).isEqualTo(key(7)).isNotEqualTo(key(8));
    }

    private static String key(long seed) {
        Pair pair = Pair.builder().seed(seed).unopened().run();
        return pair.server()
                .next(Event.HandshakeRequest.class)
                .request()
                .headers()
                .first("Sec-WebSocket-Key");
    }

    @Test
    void whatIsExpectedAndDoesNotComeIsAnError() {
        Pair pair = Pair.open();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.server().expect(new Event.TextMessage("hello")))
                .withMessageContaining("it got []; now between frames at offset 0");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.server().next(Event.TextMessage.class))
                .withMessageContaining("expected to get a TextMessage, it got nothing");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.client().closed())
                .withMessageContaining("has not ended: between frames");
        pair.client().ping("p");
        pair.run();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.server().next(Event.TextMessage.class))
                .withMessageContaining("it got Ping[");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Pair.builder().pieces(0))
                .withMessage("the largest piece is 0 bytes, it must be at least 1");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Pair.builder().delay(Direction.TO_CLIENT, Duration.ofMillis(-1)))
                .withMessage("the delay is PT-0.001S, it must not be negative");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Pair.open().cut(Direction.TO_CLIENT, -1))
                .withMessage("after -1 bytes, it must be at least 0");
    }

    @Test
    void eachEndKnowsItsRole() {
        Pair pair = Pair.open();

        assertThat(pair.client().role()).isEqualTo(Role.CLIENT);
        assertThat(pair.server().role()).isEqualTo(Role.SERVER);
        assertThat(pair.server().close(1001).protocol().hasOutput()).isTrue();
    }
}
