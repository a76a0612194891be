package io.sansocket;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/** An authority and those it vouches for, made anew for each run; as files and as contexts for peers. */
final class Certificates {
    static final char[] PASSWORD = "a password".toCharArray();
    static final X509Bundle CA = authority("CN=the authority");
    static final X509Bundle OTHER_CA = authority("CN=another authority");
    static final X509Bundle LOCALHOST = server(CA, "localhost", Algorithm.ecp256);
    static final X509Bundle CLIENT = client(CA);

    private Certificates() {}

    private static X509Bundle authority(String name) {
        try {
            return new CertificateBuilder()
                    .subject(name)
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A certificate for a name, and for 127.0.0.1 when that is localhost. */
    static X509Bundle server(X509Bundle issuer, String name, Algorithm algorithm) {
        return server(issuer, name, algorithm, Instant.now().plus(Duration.ofDays(1)));
    }

    static X509Bundle server(X509Bundle issuer, String name, Algorithm algorithm, Instant notAfter) {
        try {
            var builder = new CertificateBuilder()
                    .subject("CN=" + name)
                    .algorithm(algorithm)
                    .notBefore(Instant.now().minus(Duration.ofDays(2)))
                    .notAfter(notAfter)
                    .addSanDnsName(name)
                    .addExtendedKeyUsageServerAuth();
            if (name.equals("localhost")) {
                builder.addSanIpAddress("127.0.0.1");
            }
            return builder.buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static X509Bundle client(X509Bundle issuer) {
        try {
            return new CertificateBuilder()
                    .subject("CN=a client")
                    .ecp256()
                    .addExtendedKeyUsageClientAuth()
                    .buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Path chain(X509Bundle bundle) throws Exception {
        return bundle.toTempCertChainPem().toPath();
    }

    static Path key(X509Bundle bundle) throws Exception {
        return bundle.toTempPrivateKeyPem().toPath();
    }

    static Path root(X509Bundle bundle) throws Exception {
        return bundle.toTempRootCertPem().toPath();
    }

    /** What a server shows. */
    static Tls shows(X509Bundle bundle) throws Exception {
        return Tls.pem(chain(bundle), key(bundle));
    }

    /** What a client trusts. */
    static Tls trusts(X509Bundle authority) throws Exception {
        return Tls.system().trusting(root(authority));
    }

    /** A context of the platform's for a peer that trusts the authority. */
    static SSLContext context(X509Bundle bundle) throws Exception {
        return context(bundle, "TLS");
    }

    /** A context whose clients speak nothing newer. */
    static SSLContext context(X509Bundle bundle, String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(
                bundle.toKeyManagerFactory().getKeyManagers(),
                CA.toTrustManagerFactory().getTrustManagers(),
                null);
        return context;
    }

    static Path keyStore(X509Bundle... bundles) throws Exception {
        var store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int count = 0;
        for (X509Bundle bundle : bundles) {
            store.setKeyEntry(
                    "entry" + count++, bundle.getKeyPair().getPrivate(), PASSWORD, bundle.getCertificatePath());
        }
        Path file = Files.createTempFile("sansocket", ".p12");
        file.toFile().deleteOnExit();
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            store.store(out, PASSWORD);
        }
        return file;
    }
}
