package io.sansocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.pkitesting.X509Bundle;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.Rule;
import io.sansocket.engine.LoopProbe;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server's log and application are told when TLS goes wrong. After each, nothing is left of the connection. */
@Timeout(60)
class TlsServerFaultTest {
    private final BlockingQueue<Closed> closed = new LinkedBlockingQueue<>();
    private final BlockingQueue<WebSocket> opened = new LinkedBlockingQueue<>();
    private Loops loops;
    private LogLines log;
    private WebSocketServer server;

    @BeforeEach
    void watch() {
        loops = Loops.of(1, "test");
        log = new LogLines("io.sansocket.server");
    }

    @AfterEach
    void nothingIsLeft() {
        LoopProbe.awaitNothingLeft(loops.next(), 1);
        server.close();
        loops.close();
        log.close();
    }

    private void serve(Tls tls) throws IOException {
        server = WebSocketServer.builder()
                .port("localhost", 0)
                .tls(tls)
                .loops(loops)
                .timeouts(Timeouts.DEFAULT.withHandshake(Duration.ofSeconds(3)))
                .listener(new Listener() {
                    @Override
                    public void onOpen(WebSocket ws) {
                        opened.add(ws);
                    }

                    @Override
                    public void onText(WebSocket ws, String text) {
                        ws.sendAsync(text);
                    }

                    @Override
                    public void onClosed(WebSocket ws, Closed how) {
                        closed.add(how);
                    }
                })
                .start();
    }

    private void serve() throws Exception {
        serve(Certificates.shows(Certificates.LOCALHOST));
    }

    private LogRecord strangersFailure() throws Exception {
        LogRecord line = log.await(text -> text.startsWith("x "));
        assertThat(line.getLevel()).isEqualTo(Level.FINE);
        assertThat(line.getThrown()).isNull();
        assertThat(line.getMessage()).doesNotContain("\n").contains(": TLS failed: ");
        return line;
    }

    private SSLSocket connect(X509Bundle certificate) throws Exception {
        return TlsPeer.connect(server.port(), Certificates.context(certificate));
    }

    /** Reads until the server ends the connection. */
    private static void drain(InputStream in) throws IOException {
        in.readAllBytes();
    }

    @Test
    void aClientWithoutTlsIsNamedAsSuch() throws Exception {
        serve();
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write("GET /chat HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            drain(socket.getInputStream());
        }
        assertThat(strangersFailure().getMessage())
                .contains("the peer does not speak TLS, it began with \"GET /chat HTTP/1.1\"");
    }

    @Test
    void ofAClientWithoutTlsOneLineIsShownOfWhatCanBePrinted() throws Exception {
        serve();
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write(("\u0001\u00ff~" + "x".repeat(100)).getBytes(ISO_8859_1));
            drain(socket.getInputStream());
        }
        assertThat(strangersFailure().getMessage()).contains("it began with \"..~" + "x".repeat(57) + '"');
    }

    @Test
    void aClientWithoutTlsThatEndsItsLineAsUnixDoesIsShown() throws Exception {
        serve();
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write("hello\nworld".getBytes(ISO_8859_1));
            drain(socket.getInputStream());
        }
        assertThat(strangersFailure().getMessage()).contains("it began with \"hello\"");
    }

    @Test
    void aClientThatDoesNotTrustUsIsNamed() throws Exception {
        serve(Certificates.shows(Certificates.server(
                Certificates.OTHER_CA, "localhost", io.netty.pkitesting.CertificateBuilder.Algorithm.ecp256)));
        try (var socket = connect(Certificates.CLIENT)) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
        assertThat(strangersFailure().getMessage())
                .contains("certificate_unknown; the peer does not trust this end's certificate");
    }

    @Test
    void aClientOfOtherApplicationProtocolsIsToldSo() throws Exception {
        serve();
        try (var socket = connect(Certificates.CLIENT)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            assertThatThrownBy(socket::startHandshake).hasMessageContaining("no_application_protocol");
        }
        assertThat(strangersFailure().getMessage()).contains("no_application_protocol");
    }

    @Test
    void aClientThatOffersHttp11GetsIt() throws Exception {
        serve();
        try (var socket = connect(Certificates.CLIENT)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            assertThat(TlsPeer.upgrade(socket)).startsWith("HTTP/1.1 101 ");
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        assertThat(closed.take().transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
    }

    @Test
    void aClientThatSaysNothingIsCutWhenTheHandshakeTakesTooLong() throws Exception {
        serve();
        try (var socket = new Socket("localhost", server.port())) {
            drain(socket.getInputStream());
        }
        assertThat(strangersFailure().getMessage()).contains("the TLS handshake took too long");
    }

    @Test
    void aResetDuringTheHandshakeIsOneLine() throws Exception {
        serve();
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write(TlsPeer.hex("16 03 01 02 00"));
            socket.setSoLinger(true, 0);
        }
        assertThat(strangersFailure().getMessage()).contains("Connection reset");
    }

    @Test
    void aClientThatEndsTheConnectionDuringTheHandshakeIsOneLine() throws Exception {
        serve();
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write(TlsPeer.hex("16 03 01 02 00"));
        }
        assertThat(strangersFailure().getMessage()).contains("the peer ended the connection during the TLS handshake");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientWithTheRightCertificateIsServed(String protocol) throws Exception {
        serve(requiring());
        try (var socket = TlsPeer.connect(server.port(), Certificates.context(Certificates.CLIENT, protocol))) {
            assertThat(TlsPeer.upgrade(socket)).startsWith("HTTP/1.1 101 ");
            assertThat(opened.take()
                            .tlsSession()
                            .orElseThrow()
                            .getPeerPrincipal()
                            .getName())
                    .isEqualTo("CN=a client");
        }
    }

    @Test
    void ourClientShowsItsCertificate() throws Exception {
        serve(requiring());
        var tls = Certificates.trusts(Certificates.CA)
                .withClientCertificate(Certificates.chain(Certificates.CLIENT), Certificates.key(Certificates.CLIENT));
        var ws = WebSocket.builder("wss://localhost:" + server.port()).tls(tls).connect();
        assertThat(opened.take().tlsSession().orElseThrow().getPeerPrincipal().getName())
                .isEqualTo("CN=a client");
        ws.close();
    }

    @Test
    void ourClientWithoutACertificateIsToldThatOneIsWanted() throws Exception {
        serve(requiring());
        assertThatThrownBy(() -> WebSocket.builder("wss://localhost:" + server.port())
                        .tls(Certificates.trusts(Certificates.CA))
                        .connect())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("the peer wants another certificate of this end, or any");
        assertThat(strangersFailure().getMessage()).contains("certificate");
    }

    @Test
    void aClientWithAnotherAuthoritysCertificateIsRefused() throws Exception {
        serve(requiring());
        var stranger = Certificates.client(Certificates.OTHER_CA);
        try (var socket = connect(stranger)) {
            Throwable told = catchThrowable(() -> TlsPeer.upgrade(socket));
            assertThat(told).isInstanceOf(IOException.class);
        }
        strangersFailure();
    }

    @Test
    void aCertificateThatIsOnlyWantedMayBeMissing() throws Exception {
        serve(Certificates.shows(Certificates.LOCALHOST)
                .trusting(Certificates.root(Certificates.CA))
                .wantingClientCertificate());
        var ws = WebSocket.builder("wss://localhost:" + server.port())
                .tls(Certificates.trusts(Certificates.CA))
                .connect();
        var session = opened.take().tlsSession().orElseThrow();
        assertThatThrownBy(session::getPeerPrincipal).isInstanceOf(SSLException.class);
        ws.close();
    }

    private static Tls requiring() throws Exception {
        return Certificates.shows(Certificates.LOCALHOST)
                .trusting(Certificates.root(Certificates.CA))
                .requiringClientCertificate();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aFinWithoutCloseNotifyIsTruncation(String protocol) throws Exception {
        serve();
        try (var raw = new Socket("localhost", server.port())) {
            var socket = TlsPeer.over(raw, Certificates.context(Certificates.CLIENT, protocol));
            TlsPeer.upgrade(socket);
            raw.shutdownOutput();
            Closed how = closed.take();

            assertThat(how.transportEnd()).isEqualTo(TransportEnd.PEER_TRUNCATED);
            assertThat(how.rule()).isEqualTo(Rule.MISSING_CLOSE_FRAME);
        }
    }

    @Test
    void aFinInTheMiddleOfARecordIsTruncation() throws Exception {
        serve();
        try (var raw = new Socket("localhost", server.port())) {
            var socket = TlsPeer.over(raw, Certificates.context(Certificates.CLIENT));
            TlsPeer.upgrade(socket);
            raw.getOutputStream().write(TlsPeer.hex("17 03 03 40 00 01 02 03"));
            LoopProbe.awaitBuffers(
                    true, loops.next(), opened.take().session().conduit.transport());
            raw.shutdownOutput();

            assertThat(closed.take().transportEnd()).isEqualTo(TransportEnd.PEER_TRUNCATED);
        }
    }

    /** RFC 8446 §6.1: "Each party MUST send a "close_notify" alert before closing its write side of the connection". */
    @Test
    void aPeerThatEndsItsSideIsStillAnswered() throws Exception {
        serve();
        try (var socket = connect(Certificates.CLIENT)) {
            TlsPeer.upgrade(socket);
            socket.getOutputStream().write(TlsPeer.hex("88 82 00 00 00 00 03 e8")); // Close 1000
            socket.shutdownOutput();

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(TlsPeer.hex("88 02 03 e8"));
            assertThat(closed.take().isClean()).isTrue();
        }
    }

    @Test
    void aClientMayNotRenegotiate() throws Exception {
        serve();
        try (var socket = TlsPeer.connect(server.port(), Certificates.context(Certificates.CLIENT, "TLSv1.2"))) {
            TlsPeer.upgrade(socket);
            socket.startHandshake();
            assertThat(catchThrowable(() -> drain(socket.getInputStream()))).isInstanceOf(IOException.class);
            Closed how = closed.take();

            assertThat(how.transportEnd()).isEqualTo(TransportEnd.TLS_FAILED);
            assertThat(log.await(text -> text.contains("renegotiate")).getLevel())
                    .isEqualTo(Level.WARNING);
        }
    }

    @Test
    void anIdleConnectionHoldsNoBuffers() throws Exception {
        serve();
        var ws = WebSocket.builder("wss://localhost:" + server.port())
                .tls(Certificates.trusts(Certificates.CA))
                .connect();
        ws.send("x".repeat(100_000));
        assertThat(ws.receiveText()).hasSize(100_000);

        LoopProbe.awaitBuffers(
                false, loops.next(), opened.take().session().conduit.transport());
        LoopProbe.awaitBuffers(
                false, ws.session().conduit.loop(), ws.session().conduit.transport());
        ws.close();
    }

    @Test
    void aServerWithoutACertificateDoesNotStart() throws Exception {
        serve();
        assertThatThrownBy(() -> WebSocketServer.builder().tls(Tls.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a server needs a certificate: ");
    }
}
