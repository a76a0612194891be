package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures of TLS in words. */
class TlsFaultTest {
    private static String told(Throwable failure) {
        return TlsFault.ofClient("host:443", failure, Ends.some()).getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "handshake_failure, cipher suite",
        "unrecognized_name, does not serve this host",
        "protocol_version, no version of TLS in common",
        "unknown_ca, does not trust this end's certificate",
        "bad_certificate, wants another certificate"
    })
    void alertsWhoseNamesDoNotSayItAreExplained(String alert, String words) {
        assertThat(told(new SSLHandshakeException("Received fatal alert: " + alert)))
                .startsWith("TLS with host:443 failed: Received fatal alert: " + alert + "; ")
                .contains(words);
    }

    @Test
    void otherAlertsAreLeftAsTheyAre() {
        assertThat(told(new SSLException("Received fatal alert: internal_error")))
                .endsWith("internal_error");
    }

    @Test
    void aCertificateOfTheFutureIsNotValidNow() {
        var cause = new CertificateNotYetValidException("NotBefore: tomorrow");

        assertThat(told(new SSLException(cause)))
                .contains("the server's certificate is not valid now: NotBefore: tomorrow");
    }

    /** Some of the words may be a stranger's certificate's. */
    @Test
    void whatIsNotPrintableIsReplacedAndWhatIsLongIsCut() {
        String told = told(new SSLException("a\nb\u001b[31mc é " + "x".repeat(400)));

        assertThat(told).contains("a?b?[31mc ? xxx").endsWith("xxx...").hasSizeLessThan(400);
    }

    @Test
    void aFailureWithoutWordsHasItsName() {
        assertThat(told(new SSLException((String) null))).endsWith("javax.net.ssl.SSLException");
    }
}
