package io.sansocket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of the table against core over a blocking socket, with and without TLS. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultCaseTest {
    private static SSLContext tls;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        tls = TestCertificate.context(directory);
    }

    static Stream<FaultCase> plain() {
        return all().filter(fault -> !fault.needsTls());
    }

    static Stream<FaultCase> all() {
        return Stream.of(Role.values()).flatMap(role -> FaultCase.all(role).stream());
    }

    @ParameterizedTest
    @MethodSource
    void plain(FaultCase fault) throws Exception {
        run(fault, fault.script(), false);
    }

    @ParameterizedTest
    @MethodSource("all")
    void overTls(FaultCase fault) throws Exception {
        run(fault.withCutsTakenForEnds(), fault.script(tls), true);
    }

    private static void run(FaultCase fault, Script script, boolean secure) throws Exception {
        if (fault.tested() == Role.CLIENT) {
            try (FaultyPeer peer = FaultyPeer.listen(script);
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
                Protocol protocol = ClientProtocol.connect(peer.uri(), 0);
                check(fault, peer, protocol, secure ? secureClient(socket) : socket);
            }
            return;
        }
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultyPeer peer = FaultyPeer.connectTo(
                        listener.getInetAddress().getHostAddress(), listener.getLocalPort(), script);
                Socket socket = listener.accept()) {
            check(fault, peer, new ServerProtocol(0), secure ? secureServer(socket) : socket);
        }
    }

    private static Socket secureClient(Socket socket) throws IOException {
        return tls.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
    }

    private static Socket secureServer(Socket socket) throws IOException {
        SSLSocketFactory factory = tls.getSocketFactory();
        SSLSocket secure = (SSLSocket) factory.createSocket(socket, null, true);
        secure.setUseClientMode(false);
        return secure;
    }

    private static void check(FaultCase fault, FaultyPeer peer, Protocol protocol, Socket socket) throws Exception {
        BlockingEnd end = new BlockingEnd(protocol, socket, peer::isSilent, fault.closesFirst());
        Closed closed = end.drive();
        fault.verify(closed);
        assertThat(end.events.stream().anyMatch(Event.Stalled.class::isInstance))
                .as("a stalled frame is reported")
                .isEqualTo(fault.stalled());
        assertThat(end.events.stream().filter(Closed.class::isInstance)).hasSize(1);
        peer.await(Duration.ofSeconds(10));
    }

    @Test
    void theTableHasEachCaseOnce() {
        for (Role tested : Role.values()) {
            List<String> names =
                    FaultCase.all(tested).stream().map(FaultCase::toString).toList();
            assertThat(new HashSet<>(names)).hasSameSizeAs(names);
        }
        assertThat(FaultCase.all(Role.CLIENT))
                .hasSize(FaultCase.all(Role.SERVER).size() + 1); // WRONG_ACCEPT
    }

    @Test
    void theTableHasEachFaultAndEachMoment() {
        for (Role tested : Role.values()) {
            assertThat(FaultCase.all(tested)).extracting(FaultCase::moment).contains(Moment.values());
        }
        assertThat(FaultCase.all(Role.CLIENT)).extracting(FaultCase::fault).contains(Fault.values());
    }

    @Test
    void everyMomentCanBeCutAndBeSilent() {
        for (Role tested : Role.values()) {
            for (Moment moment : Moment.values()) {
                assertThat(FaultCase.all(tested))
                        .filteredOn(fault -> fault.moment() == moment)
                        .extracting(FaultCase::fault)
                        .contains(Fault.FIN, Fault.HALF_CLOSE, Fault.RESET, Fault.STALL);
            }
        }
    }

    @Test
    void anotherOutcomeIsAnError() {
        List<FaultCase> cases = FaultCase.all(Role.SERVER);
        Pair pair = Pair.open();
        pair.cut(Direction.TO_SERVER, 0).run();
        Closed closed = pair.server().closed(); // as FIN at BETWEEN_FRAMES

        assertThat(cases.stream().filter(fault -> agrees(fault, closed)))
                .isNotEmpty()
                .allMatch(fault -> fault.moment() == Moment.BETWEEN_FRAMES);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> find(cases, Moment.BETWEEN_FRAMES, Fault.RESET).verify(closed))
                .withMessageStartingWith("RESET at BETWEEN_FRAMES before a server: expected missing-close-frame, "
                        + "PEER_RESET, BETWEEN_FRAMES, it ended with missing-close-frame, PEER_EOF, BETWEEN_FRAMES: ");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> find(cases, Moment.CLOSE_RECEIVED, Fault.FIN).verify(closed))
                .withMessageContaining("expected no rule broken, LOCAL, CLOSING");
    }

    private static boolean agrees(FaultCase fault, Closed closed) {
        try {
            fault.verify(closed);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private static FaultCase find(List<FaultCase> cases, Moment moment, Fault fault) {
        return cases.stream()
                .filter(candidate -> candidate.moment() == moment && candidate.fault() == fault)
                .findAny()
                .orElseThrow();
    }

    @Test
    void aCutIsAnEndOnlyWhereTlsDoesNotTell() {
        FaultCase cut = find(FaultCase.all(Role.CLIENT), Moment.PAYLOAD, Fault.TLS_TRUNCATION);
        FaultCase end = find(FaultCase.all(Role.CLIENT), Moment.PAYLOAD, Fault.FIN);

        assertThat(cut.transportEnd()).isEqualTo(TransportEnd.PEER_TRUNCATED);
        assertThat(cut.withCutsTakenForEnds().transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        assertThat(end.withCutsTakenForEnds()).isEqualTo(end);
    }

    @Test
    void whatNeedsTlsHasNoScriptWithoutIt() {
        FaultCase truncation = find(FaultCase.all(Role.CLIENT), Moment.PAYLOAD, Fault.TLS_TRUNCATION);

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(truncation::script)
                .withMessage("TLS_TRUNCATION at PAYLOAD before a client needs TLS");
    }
}
