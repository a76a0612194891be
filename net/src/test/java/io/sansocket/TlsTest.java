package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files TLS takes, and what it says about others. */
class TlsTest {
    private static final X509Bundle SERVER = Certificates.LOCALHOST;

    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("file.pem"), content);
    }

    @Test
    void aKeyMayStandBehindItsCertificateInOneFile() throws Exception {
        Path both = file("a comment\n" + SERVER.getCertificatePathPEM() + "\n" + SERVER.getPrivateKeyPEM());

        assertThat(Tls.pem(both, both).hasCertificate()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA PRIVATE KEY, a key in PKCS#1 form",
        "EC PRIVATE KEY, a key in SEC 1 form",
        "ENCRYPTED PRIVATE KEY, an encrypted key"
    })
    void keysOfOtherFormsAreNamedWithTheCommandThatConvertsThem(String label, String form) throws Exception {
        Path key = file("-----BEGIN " + label + "-----\nProc-Type: 4\n\nAAAA\n-----END " + label + "-----\n");

        assertThatThrownBy(() -> Tls.pem(Certificates.chain(SERVER), key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(form)
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in " + key + " -out ");
    }

    @Test
    void anotherCertificatesKeyIsRefused() throws Exception {
        assertThatThrownBy(() -> Tls.pem(Certificates.chain(SERVER), Certificates.key(Certificates.CLIENT)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not that of the certificate for CN=localhost");
    }

    @Test
    void anotherKindOfKeyIsRefused() throws Exception {
        var other = Certificates.server(
                Certificates.CA, "localhost", io.netty.pkitesting.CertificateBuilder.Algorithm.ed25519);
        assertThatThrownBy(() -> Tls.pem(Certificates.chain(SERVER), Certificates.key(other)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the EdDSA key in");
    }

    @Test
    void aFileWithoutACertificateIsNamed() throws Exception {
        Path empty = file("");

        assertThatThrownBy(() -> Tls.system().trusting(empty))
                .isInstanceOf(IOException.class)
                .hasMessage(empty + " has no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    }

    @Test
    void aFileWithoutAKeyIsNamed() throws Exception {
        Path chain = Certificates.chain(SERVER);

        assertThatThrownBy(() -> Tls.pem(chain, chain))
                .isInstanceOf(IOException.class)
                .hasMessage(chain + " has no private key in PEM form (-----BEGIN PRIVATE KEY-----), but CERTIFICATE");
    }

    @Test
    void aDamagedCertificateIsNamed() throws Exception {
        Path damaged = file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThatThrownBy(() -> Tls.system().trusting(damaged))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(damaged + " has a certificate that cannot be read: ");
    }

    @Test
    void aDamagedKeyIsNamed() throws Exception {
        Path damaged = file("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> Tls.pem(Certificates.chain(SERVER), damaged))
                .isInstanceOf(IOException.class)
                .hasMessage(damaged + " has a private key that is neither RSA nor EC nor Ed25519 nor Ed448: "
                        + "this one is something else, or damaged");
    }

    @ParameterizedTest
    @CsvSource({"RSASSA-PSS, RSA-PSS", "X25519, X25519 or X448"})
    void aKeyOfAnAlgorithmThatIsNotSupportedIsNamed(String algorithm, String name) throws Exception {
        byte[] pkcs8 = KeyPairGenerator.getInstance(algorithm)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Path key = file("-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pkcs8) + "\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> Tls.pem(Certificates.chain(SERVER), key))
                .isInstanceOf(IOException.class)
                .hasMessage(key + " has a private key that is neither RSA nor EC nor Ed25519 nor Ed448: this one is "
                        + name);
    }

    @Test
    void aTrustedCertificateIsNamedWithTheCommandThatConvertsIt() throws Exception {
        Path trusted = file("-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----\n");

        assertThatThrownBy(() -> Tls.system().trusting(trusted))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(trusted + " has no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
                .hasMessageContaining("TRUSTED CERTIFICATE")
                .hasMessageEndingWith("openssl x509 -in " + trusted + " -out certificate.pem");
    }

    @Test
    void aFileInBinaryFormIsTakenForWhatItIs() throws Exception {
        Path der =
                Files.write(folder.resolve("file.der"), SERVER.getCertificate().getEncoded());

        assertThatThrownBy(() -> Tls.system().trusting(der))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("it looks like DER, which openssl converts (-inform der)");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path none = folder.resolve("none");

        assertThatThrownBy(() -> Tls.system().trusting(none))
                .isInstanceOf(IOException.class)
                .hasMessage("no such file: " + none);
        assertThatThrownBy(() -> Tls.keyStore(none, Certificates.PASSWORD))
                .isInstanceOf(IOException.class)
                .hasMessage("no such file: " + none);
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> Tls.pem(folder, folder))
                .isInstanceOf(IOException.class)
                .hasMessage("not a file but a directory: " + folder);
        assertThatThrownBy(() -> Tls.keyStore(folder, Certificates.PASSWORD))
                .isInstanceOf(IOException.class)
                .hasMessage("not a file but a directory: " + folder);
    }

    @Test
    void whatIsNoKeyStoreIsNamed() throws Exception {
        Path other = file("no key store");

        assertThatThrownBy(() -> Tls.keyStore(other, Certificates.PASSWORD))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(other + " cannot be read as a key store: ");
    }

    @Test
    void aKeyStoreWantsItsPassword() throws Exception {
        Path store = Certificates.keyStore(SERVER);

        assertThatThrownBy(() -> Tls.keyStore(store, "another".toCharArray()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(store + " cannot be read as a key store: ")
                .hasMessageContaining("password");
    }

    @Test
    void aKeyStoreMustHaveAKey() throws Exception {
        Path store = Certificates.keyStore();

        assertThatThrownBy(() -> Tls.keyStore(store, Certificates.PASSWORD))
                .isInstanceOf(IOException.class)
                .hasMessage(store + " has no private key");
    }

    @Test
    void aContextThatWasGivenHasItsOwnKeysAndTrust() throws Exception {
        Tls given = Tls.of(SSLContext.getDefault());

        assertThatThrownBy(given::insecureTrustingAnyCertificate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a context that was given has its own keys and trust");
    }

    private static boolean checksHostName(Tls tls) {
        return !TlsEngines.client(tls, "host.example", 443)
                .getSSLParameters()
                .getEndpointIdentificationAlgorithm()
                .isEmpty();
    }

    @Test
    void whoeverIsTrustedLastDecides() throws Exception {
        Path authority = Certificates.chain(Certificates.CA);

        assertThat(checksHostName(Tls.system().insecureTrustingAnyCertificate()))
                .isFalse();
        assertThat(checksHostName(Tls.system().trusting(authority).insecureTrustingAnyCertificate()))
                .isFalse();
        assertThat(checksHostName(Tls.system().insecureTrustingAnyCertificate().trusting(authority)))
                .isTrue();
    }

    @Test
    void theHostNameIsNotCheckedOnceThatWasGivenUpByName() throws Exception {
        Path authority = Certificates.chain(Certificates.CA);

        assertThat(checksHostName(Tls.system().insecureWithoutHostNameCheck().trusting(authority)))
                .isFalse();
        assertThat(checksHostName(Tls.system().trusting(authority).insecureWithoutHostNameCheck()))
                .isFalse();
        assertThat(checksHostName(Tls.of(SSLContext.getDefault()).insecureWithoutHostNameCheck()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "host.example, host.example, host.example",
        "host.example., host.example, host.example",
        "127.0.0.1, 127.0.0.1, ",
        "[::1], ::1, ",
        "under_score, under_score, "
    })
    void namesAreSentAndAddressesAreNot(String host, String checked, String sent) {
        var engine = TlsEngines.client(Tls.system(), host, 443);

        assertThat(engine.getPeerHost()).isEqualTo(checked);
        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
        var names = engine.getSSLParameters().getServerNames();
        assertThat(names).hasSize(sent == null ? 0 : 1);
        if (sent != null) {
            assertThat(names.get(0).getEncoded()).asString().isEqualTo(sent);
        }
    }

    @Test
    void nothingOlderThanTls12IsSpoken() {
        assertThat(TlsEngines.client(Tls.system(), "host.example", 443).getEnabledProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }
}
