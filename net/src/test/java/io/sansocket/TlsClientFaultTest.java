package io.sansocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.Rule;
import io.sansocket.engine.LoopProbe;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's user is told when TLS goes wrong. After each, nothing is left of the connection. */
@Timeout(60)
class TlsClientFaultTest {
    private Loops loops;
    private TlsPeer peer;

    @BeforeEach
    void listen() throws IOException {
        loops = Loops.of(1, "test");
        peer = TlsPeer.listen();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        peer.close();
        LoopProbe.awaitNothingLeft(loops.next(), 0);
        loops.close();
    }

    private WebSocketBuilder builder(Tls tls) {
        return WebSocket.builder(peer.uri()).tls(tls).loops(loops);
    }

    private SSLException failure(Tls tls) {
        return catchThrowableOfType(SSLException.class, () -> builder(tls).connect());
    }

    @CanIgnoreReturnValue
    private CompletableFuture<Object> shows(X509Bundle certificate) throws Exception {
        return peer.async(Certificates.context(certificate), socket -> {
            TlsPeer.handshake(socket);
            return socket.getInputStream().read();
        });
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsNotTrusted() throws Exception {
        var told = shows(Certificates.LOCALHOST);

        assertThat(failure(Certificates.trusts(Certificates.OTHER_CA)))
                .hasMessageStartingWith("TLS with localhost:")
                .hasMessageContaining("the server's certificate is not trusted")
                .hasMessageContaining("trusting(")
                .hasCauseInstanceOf(SSLException.class);
        assertThatThrownBy(told::join).hasMessageContaining("certificate_unknown");
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        var told = shows(Certificates.server(Certificates.CA, "elsewhere.example", Algorithm.ecp256));

        assertThat(failure(Certificates.trusts(Certificates.CA)))
                .hasMessageContaining("the server's certificate is refused: No ")
                .hasMessageContaining("localhost");
        assertThatThrownBy(told::join).hasMessageContaining("certificate_unknown");
    }

    @Test
    void aCertificateThatHasExpiredIsRefused() throws Exception {
        var yesterday = Instant.now().minus(Duration.ofDays(1));
        var told = shows(Certificates.server(Certificates.CA, "localhost", Algorithm.ecp256, yesterday));

        assertThat(failure(Certificates.trusts(Certificates.CA)))
                .hasMessageContaining("the server's certificate is not valid now: NotAfter: ");
        assertThatThrownBy(told::join).hasMessageContaining("certificate_expired");
    }

    @Test
    void whatATrustManagerThrowsFailsTheConnectionAndNothingElse() throws Exception {
        shows(Certificates.LOCALHOST);
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Throwing()}, null);

        assertThat(failure(Tls.of(context))).hasStackTraceContaining("planted");
        var next = Certificates.context(Certificates.LOCALHOST);
        peer.async(next, socket -> {
            TlsPeer.handshake(socket);
            return socket.getInputStream().read();
        });
        try (var ws = builder(Certificates.trusts(Certificates.CA)).connect()) {
            assertThat(ws.isOpen()).isTrue();
        }
    }

    /** An application's, with a fault. */
    private static final class Throwing implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("planted");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void hostNamesAreUncheckedByAnInsecureMethodOnly() throws Exception {
        shows(Certificates.server(Certificates.CA, "elsewhere.example", Algorithm.ecp256));

        try (var ws = builder(Certificates.trusts(Certificates.CA).insecureWithoutHostNameCheck())
                .connect()) {
            assertThat(ws.isOpen()).isTrue();
        }
    }

    @Test
    void anyCertificateIsTrustedByAnInsecureMethodOnly() throws Exception {
        shows(Certificates.server(Certificates.OTHER_CA, "elsewhere.example", Algorithm.ecp256));

        try (var ws = builder(Tls.system().insecureTrustingAnyCertificate()).connect()) {
            assertThat(ws.isOpen()).isTrue();
        }
    }

    @Test
    void aServerWithoutACommonVersionIsRefused() throws Exception {
        peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            TlsPeer.handshake(socket);
            return null;
        });

        assertThat(failure(Tls.of(Certificates.context(Certificates.CLIENT, "TLSv1.2"))))
                .hasMessageContaining("protocol_version; the two have no version of TLS in common");
    }

    @Test
    void aServerOfAnotherApplicationProtocolIsRefused() throws Exception {
        peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            TlsPeer.handshake(socket);
            return null;
        });

        assertThat(failure(Certificates.trusts(Certificates.CA)))
                .hasMessageContaining("no_application_protocol; the two have no application protocol in common");
    }

    @Test
    void aServerThatChoosesAmongApplicationProtocolsGetsHttp11() throws Exception {
        var chosen = peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            TlsPeer.handshake(socket);
            return socket.getApplicationProtocol();
        });

        var ws = builder(Certificates.trusts(Certificates.CA)).connect();
        assertThat(chosen.join()).isEqualTo("http/1.1");
        ws.close();
    }

    @Test
    void aServerWithoutTlsIsNamedAsSuch() {
        peer.async(socket -> {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
            return socket.getInputStream().read();
        });

        assertThat(failure(Tls.system()))
                .hasMessageContaining(
                        "the peer does not speak TLS, it began with \"HTTP/1.1 400 Bad Request\"; is it a ws: URI?");
    }

    @Test
    void aServerThatEndsTheConnectionDuringTheHandshakeIsNamed() {
        peer.async(socket -> {
            return socket.getInputStream().read();
        });

        assertThat(failure(Tls.system()))
                .hasMessageContaining("the peer ended the connection during the TLS handshake");
    }

    @Test
    void aResetDuringTheHandshakeIsAFailureOfTls() {
        peer.async(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
            socket.close();
            return null;
        });

        assertThat(failure(Tls.system()))
                .hasMessageContaining("Connection reset")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForLongerThanTheHandshakeMayTake() {
        peer.async(socket -> socket.getInputStream().readAllBytes());

        var thrown = catchThrowableOfType(
                SSLException.class,
                () -> builder(Tls.system())
                        .timeouts(Timeouts.DEFAULT.withHandshake(Duration.ofMillis(200)))
                        .connect());
        assertThat(thrown)
                .hasMessageContaining("the handshake was not finished; ")
                .hasMessageContaining("took too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aFinWithoutCloseNotifyIsTruncation(String protocol) throws Exception {
        peer.async(socket -> {
            var tls = TlsPeer.over(socket, Certificates.context(Certificates.LOCALHOST));
            tls.setUseClientMode(false);
            TlsPeer.handshake(tls);
            return null; // ends the raw connection
        });
        Closed closed = builder(Tls.of(Certificates.context(Certificates.CLIENT, protocol)))
                .connect()
                .closed()
                .join();

        assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_TRUNCATED);
        assertThat(closed.rule()).isEqualTo(Rule.MISSING_CLOSE_FRAME);
        assertThat(closed.toString()).contains("the peer ended the stream without TLS's close_notify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void closeNotifyAndFinAreTheEndOfTheStream(String protocol) throws Exception {
        peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            TlsPeer.handshake(socket);
            socket.getOutputStream().write(TlsPeer.hex("81 05 68 65")); // 2 of 5 bytes
            socket.close();
            return null;
        });
        Closed closed = builder(Tls.of(Certificates.context(Certificates.CLIENT, protocol)))
                .connect()
                .closed()
                .join();

        assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        assertThat(closed.rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
    }

    @Test
    void aRecordThatWasTamperedWithFailsTls() throws Exception {
        peer.async(socket -> {
            var tls = TlsPeer.over(socket, Certificates.context(Certificates.LOCALHOST));
            tls.setUseClientMode(false);
            TlsPeer.handshake(tls);
            socket.getOutputStream().write(TlsPeer.hex("17 03 03 00 14" + " 00".repeat(20)));
            return null;
        });
        var ws = builder(Certificates.trusts(Certificates.CA)).connect();

        assertThat(ws.closed().join().transportEnd()).isEqualTo(TransportEnd.TLS_FAILED);
        assertThatThrownBy(ws::receive)
                .isInstanceOf(ConnectionClosedException.class)
                .hasCauseInstanceOf(SSLException.class);
    }

    @Test
    void aServerThatWantsACertificateSaysSo() throws Exception {
        peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            socket.setNeedClientAuth(true);
            TlsPeer.handshake(socket);
            return null;
        });

        assertThat(failure(Certificates.trusts(Certificates.CA)))
                .hasMessageContaining("the peer wants another certificate of this end, or any");
    }

    @Test
    void theNameOfTheHostIsSent() throws Exception {
        var name = peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            socket.startHandshake();
            var session = (javax.net.ssl.ExtendedSSLSession) socket.getSession();
            TlsPeer.handshake(socket);
            return String.valueOf(session.getRequestedServerNames());
        });

        var ws = builder(Certificates.trusts(Certificates.CA)).connect();
        assertThat(name.join()).contains("value=localhost");
        ws.close();
    }

    @Test
    void anAddressIsNotSentAsAName() throws Exception {
        var name = peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
            socket.startHandshake();
            var session = (javax.net.ssl.ExtendedSSLSession) socket.getSession();
            TlsPeer.handshake(socket);
            return String.valueOf(session.getRequestedServerNames());
        });

        var ws = WebSocket.builder(peer.uri().replace("localhost", "127.0.0.1"))
                .tls(Certificates.trusts(Certificates.CA))
                .loops(loops)
                .connect();
        assertThat(name.join()).isEqualTo("[]");
        ws.close();
    }

    @Test
    void tlsIsNotForAnUriWithoutIt() {
        assertThatThrownBy(() -> WebSocket.builder("ws://localhost").tls(Tls.system()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("TLS needs a wss: URI, and this is one of ws:");
    }
}
