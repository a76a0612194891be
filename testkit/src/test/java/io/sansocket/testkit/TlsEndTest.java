package io.sansocket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two ends of TLS differ on the wire, though JSSE's sockets tell both alike. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsEndTest {
    private static final int RECORD_HEADER = 5;
    private static final int RECORD_LENGTH = 3;

    /** Keeps what came over TCP. */
    private static final class TappedSocket extends Socket {
        private final ByteArrayOutputStream tapped = new ByteArrayOutputStream();

        TappedSocket(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int count = super.read(target, offset, length);
                    tapped.write(target, offset, Math.max(0, count));
                    return count;
                }
            };
        }

        int records() {
            ByteBuffer bytes = ByteBuffer.wrap(tapped.toByteArray());
            int records = 0;
            for (int at = 0; at < bytes.limit(); at += RECORD_HEADER + bytes.getShort(at + RECORD_LENGTH)) {
                records++;
            }
            return records;
        }
    }

    @Test
    void onlyALawfulEndSendsCloseNotify(@TempDir Path directory) throws Exception {
        SSLContext tls = TestCertificate.context(directory);
        Script script = FaultyPeer.script().tls(tls).text("hello");

        int truncated = recordsOf(tls, script.finWithoutCloseNotify());

        assertThat(recordsOf(tls, script.fin())).isEqualTo(truncated + 1);
    }

    private static int recordsOf(SSLContext tls, Script script) throws Exception {
        try (FaultyPeer peer = FaultyPeer.listen(script);
                TappedSocket socket = new TappedSocket(peer.port());
                Socket secure = tls.getSocketFactory().createSocket(socket, "127.0.0.1", peer.port(), true)) {
            assertThat(peer.uri().getScheme()).isEqualTo("wss");
            assertThat(secure.getInputStream().readAllBytes()).startsWith(0x81, 5, 'h');
            peer.await(Duration.ofSeconds(20));
            return socket.records();
        }
    }
}
