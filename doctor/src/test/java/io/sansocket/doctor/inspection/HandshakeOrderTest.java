package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.HandshakeState;
import org.junit.jupiter.api.Test;

/** Handshakes that are not simply a request, then a response, then frames. */
class HandshakeOrderTest {
    private static final String ORDINARY = "GET /page HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello";

    private static void assertLawful(Doctor doctor) {
        assertThat(doctor.connections()).hasSize(1);
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.PRESENT);
        assertThat(doctor.told()).isEmpty();
        assertThat(doctor.frames(Role.SERVER)).hasSize(1);
        assertThat(doctor.frames(Role.SERVER).get(0).offset()).isZero();
    }

    @Test
    void responseInFrontOfItsRequestIsJudgedByTheRequest() {
        assertLawful(Doctor.of(CaptureStory.connect()
                .server(CaptureStory.RESPONSE)
                .server(Frames.text("Hello"))
                .client(CaptureStory.REQUEST)));
        var wrong = Doctor.of(CaptureStory.connect()
                .server(CaptureStory.RESPONSE.replace("s3pPLMBi", "AAAAAAAA"))
                .client(CaptureStory.REQUEST));
        assertThat(wrong.told()).containsExactly("error handshake-accept server @97");
    }

    @Test
    void responseBetweenThePartsOfItsRequestIsJudgedByTheRequest() {
        int half = CaptureStory.REQUEST.length() / 2;
        assertLawful(Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST.substring(0, half))
                .server(CaptureStory.RESPONSE)
                .server(Frames.text("Hello"))
                .client(CaptureStory.REQUEST.substring(half))));
    }

    @Test
    void responseWhoseRequestNeverComesIsJudgedAlone() {
        var one = CaptureStory.connect().server(CaptureStory.RESPONSE);
        for (int i = 0; i < 100; i++) {
            one.server(Frames.text("Hello"));
        }
        var doctor = Doctor.of(one.fin(Role.SERVER));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.PRESENT);
        assertThat(doctor.frames(Role.SERVER)).hasSize(100);
        assertThat(doctor.told()).containsExactly("warning missing-close-frame server @700");

        var client = Doctor.of(CaptureStory.connect()
                .server(CaptureStory.RESPONSE)
                .client(Frames.maskedText("Hello"))
                .server(Frames.text("Hello"))
                .reset(Role.CLIENT));
        assertThat(client.frames()).hasSize(2);
    }

    @Test
    void headsThatShareASegmentWithOthersAreFound() {
        assertLawful(Doctor.of(CaptureStory.connect()
                .client(ORDINARY + CaptureStory.REQUEST)
                .server(ANSWER + CaptureStory.RESPONSE)
                .server(Frames.text("Hello"))));
    }

    @Test
    void responseToAnEarlierRequestIsNoRefusal() {
        assertLawful(Doctor.of(CaptureStory.connect()
                .client(ORDINARY)
                .client(CaptureStory.REQUEST)
                .server(ANSWER)
                .server(CaptureStory.RESPONSE)
                .server(Frames.text("Hello"))));
    }

    @Test
    void connectionThatNeverOpenedOwesNoCloseFrame() {
        var unanswered = Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST)
                .fin(Role.CLIENT)
                .fin(Role.SERVER));
        assertThat(unanswered.told()).containsExactly("note no-handshake server @0");
        var cut = Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST)
                .server(CaptureStory.RESPONSE.substring(0, 60))
                .fin(Role.SERVER));
        assertThat(cut.told()).containsExactly("error handshake-header-syntax server @60");
        assertThat(cut.findings().get(0).message())
                .isEqualTo("in the response head: the head ends after 60 bytes, the empty line behind it is missing");
    }
}
