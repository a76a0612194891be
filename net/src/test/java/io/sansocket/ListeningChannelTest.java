package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of a Unix domain socket: made, replaced where nobody listens at it, and removed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListeningChannelTest {
    @TempDir
    private Path folder;

    private Path file;
    private UnixDomainSocketAddress address;

    @BeforeEach
    void name() {
        file = folder.resolve("s");
        address = UnixDomainSocketAddress.of(file);
    }

    private ServerBuilder server() {
        return WebSocketServer.builder().address(address).handler(ws -> ws.send(ws.receiveText()));
    }

    private void assertServedBy(WebSocketServer server) throws Exception {
        assertThat(server.address()).isEqualTo(address);
        try (var ws = WebSocket.builder("ws://localhost/").address(address).connect()) {
            ws.send("local");
            assertThat(ws.receiveText()).isEqualTo("local");
        }
    }

    private void leaveBehind() throws IOException {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
        assertThat(file).exists();
    }

    @Test
    void aServerRemovesItsFile() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (var server = server().start()) {
                assertServedBy(server);
            }
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void aFileThatNobodyListensAtIsReplaced() throws Exception {
        leaveBehind();
        try (var server = server().start()) {
            assertServedBy(server);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aServerThatListensIsNotDisturbed() throws Exception {
        try (var server = server().start()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> server().start())
                    .withMessage("cannot listen at " + file + ": another server listens there");
            assertServedBy(server);
        }
    }

    /** Its backlog is full: it does not answer, and listens all the same. */
    @Test
    void aServerThatIsBusyIsNotDisturbed() throws Exception {
        try (var busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(address, 1);
            for (int i = 0; i < 8; i++) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> server().start())
                        .withMessageStartingWith("cannot listen at " + file + ": ")
                        .withMessageContaining("another server listens there");
            }
            assertThat(file).exists();
        }
    }

    @Test
    void aFileThatIsNoSocketStays() throws Exception {
        Files.writeString(file, "mine");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server().start())
                .withMessage("cannot listen at " + file + ": the file is there, and is no socket");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aLinkStays() throws Exception {
        leaveBehind();
        Path link = Files.createSymbolicLink(folder.resolve("l"), file);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(
                        () -> server().address(UnixDomainSocketAddress.of(link)).start())
                .withMessage("cannot listen at " + link + ": the file is there, and is no socket");
        assertThat(link).isSymbolicLink();
        assertThat(file).exists();
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path nowhere = folder.resolve("none").resolve("s");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        server().address(UnixDomainSocketAddress.of(nowhere)).start())
                .withMessageStartingWith("cannot listen at " + nowhere + ": ");
    }

    @Test
    void aFileThatAnotherHasPutInItsPlaceStays() throws Exception {
        var server = server().start();
        Files.delete(file);
        try (var other = server().start()) {
            server.close();

            assertServedBy(other);
            assertThat(other.shutdown(Duration.ofSeconds(10))).isEmpty();
        }
    }

    @Test
    void aGivenChannelsFileIsNotTheServersToRemove() throws Exception {
        var bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        try (var server = server().channel(bound).start()) {
            assertServedBy(server);
        }
        assertThat(bound.isOpen()).isFalse();
        assertThat(file).exists();
    }

    @Test
    void aServerThatCannotStartLeavesNoFile() throws Exception {
        Loops loops = Loops.of(1, "ended");
        loops.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server().loops(loops).start());
        assertThat(file).doesNotExist();
    }
}
