package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpVersion;
import io.sansocket.core.protocol.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    @Test
    void whatIsKeptSmallComesBackAsItWas() {
        HttpHeaders headers = HttpHeaders.empty();
        for (int i = 0; i < 200; i++) { // more, and longer, than a head that comes over the wire may have
            headers =
                    headers.with("X-" + i, "ä, \"" + "x".repeat(i * 10) + "\"").with("x-" + i, "");
        }
        var request = new HttpRequest("GET", "/chat?room=1", HttpVersion.HTTP_1_1, headers);
        var response = HttpResponse.of(101, "", headers);

        var kept = new Handshake(new Event.Opened(request, response, "chat", List.of()));

        assertThat(kept.request()).isEqualTo(request);
        assertThat(kept.response()).isEqualTo(response);
        assertThat(kept.subprotocol()).isEqualTo("chat");
        assertThat(kept.extensions()).isEmpty();
    }
}
