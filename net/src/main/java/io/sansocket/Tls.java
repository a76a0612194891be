package io.sansocket;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Iterator;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How to speak TLS: who this end is, and whom it trusts. Immutable; share one between connections, which then resume sessions.
 *
 * <p>TLS 1.3 and 1.2 are spoken, as far as the context has them, and nothing older. A client checks the server's certificate
 * and that it is for the URI's host, sends that host's name (RFC 6066 §3), and both sides agree to {@code http/1.1} (RFC
 * 7301).
 *
 * <pre>{@code
 * Tls tls = Tls.pem(Path.of("chain.pem"), Path.of("key.pem"));
 * WebSocketServer.builder().port(443).tls(tls).handler(ws -> ws.send("hello")).start();
 * WebSocket.builder("wss://intern.example").tls(Tls.system().trusting(Path.of("ca.pem"))).connect();
 * }</pre>
 *
 * @since 0.1
 */
public final class Tls {
    private static final char[] NO_PASSWORD = {};

    final SSLContext context;
    private final KeyManager @Nullable [] keys;
    private final TrustManager @Nullable [] trust;
    /** Whether the context was given to us, with its keys and trust. */
    private final boolean given;
    /** Whether the certificate may be for any host, said in so many words. */
    private final boolean anyHostName;

    final boolean checksHostName;
    final ClientCertificate clientCertificate;

    /** What a server asks its clients for. */
    enum ClientCertificate {
        NONE,
        WANTED,
        REQUIRED
    }

    private Tls(
            SSLContext context,
            KeyManager @Nullable [] keys,
            TrustManager @Nullable [] trust,
            boolean given,
            boolean anyHostName,
            ClientCertificate clientCertificate) {
        this.context = context;
        this.keys = keys;
        this.trust = trust;
        this.given = given;
        this.anyHostName = anyHostName;
        checksHostName = !anyHostName && !trustsAnyone(trust);
        this.clientCertificate = clientCertificate;
    }

    /** Whose certificate may be anybody's needs no host name on it either. */
    private static boolean trustsAnyone(TrustManager @Nullable [] trust) {
        return trust != null && trust[0] instanceof AnyCertificate;
    }

    /**
     * Uses a context as it is, of whatever provider.
     *
     * @throws IllegalArgumentException if it speaks neither TLS 1.3 nor TLS 1.2
     */
    public static Tls of(SSLContext context) {
        TlsEngines.check(context);
        return new Tls(context, null, null, true, false, ClientCertificate.NONE);
    }

    /** Trusts whom the platform trusts, and shows no certificate: what a client does without a choice. */
    public static Tls system() {
        try {
            return new Tls(SSLContext.getDefault(), null, null, false, false, ClientCertificate.NONE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /**
     * Shows a certificate from files in PEM form.
     *
     * @param chain the certificate, and behind it those that lead to the authority
     * @param key its private key: RSA, EC, Ed25519 or Ed448, in PKCS#8 form ({@code BEGIN PRIVATE KEY}), not encrypted
     * @throws IOException if a file cannot be read, is in another form, or the key is another certificate's; the message
     *     says what to do
     */
    public static Tls pem(Path chain, Path key) throws IOException {
        return system().withCertificate(chain, key);
    }

    /**
     * Shows a certificate from a key store (PKCS #12 or JKS): of several a server takes one that has the name the client
     * asks for (RFC 6066 §3).
     *
     * @param password of the store and of its keys
     * @throws IOException if the store cannot be read, has no private key, or the password is wrong
     */
    public static Tls keyStore(Path file, char[] password) throws IOException {
        Pem.requireFile(file);
        KeyStore store;
        try {
            store = KeyStore.getInstance(file.toFile(), password);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IOException(file + " cannot be read as a key store: " + e.getMessage(), e);
        }
        try {
            if (!hasKey(store)) {
                throw new IOException(file + " has no private key");
            }
            return system().withKeys(store, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("the keys in " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean hasKey(KeyStore store) throws GeneralSecurityException {
        for (Iterator<String> names = store.aliases().asIterator(); names.hasNext(); ) {
            if (store.isKeyEntry(names.next())) {
                return true;
            }
        }
        return false;
    }

    /** Shows a certificate, too, where the server asks for one: the files are those of {@link #pem}. */
    public Tls withClientCertificate(Path chain, Path key) throws IOException {
        return withCertificate(chain, key);
    }

    private Tls withCertificate(Path chain, Path key) throws IOException {
        List<X509Certificate> certificates = Pem.certificates(chain);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "key",
                    Pem.key(key, certificates.get(0)),
                    NO_PASSWORD,
                    certificates.toArray(X509Certificate[]::new));
            return withKeys(store, NO_PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate in " + chain + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Tls withKeys(KeyStore store, char[] password) throws GeneralSecurityException {
        // This one looks at the name the client asks for; the other one, the default, does not.
        var factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, password);
        return with(factory.getKeyManagers(), trust);
    }

    /**
     * Trusts the certificates in a file in PEM form, and those issued by them, and no others: servers' on a client, clients'
     * on a server. Of this and {@link #insecureTrustingAnyCertificate} the last that was called decides.
     *
     * @throws IOException if the file cannot be read, or has no certificate
     * @throws IllegalStateException if the context was given, which has its own
     */
    public Tls trusting(Path pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (X509Certificate certificate : Pem.certificates(pem)) {
                store.setCertificateEntry("trusted" + count++, certificate);
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return with(keys, factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates in " + pem + " cannot be trusted: " + e.getMessage(), e);
        }
    }

    private Tls with(KeyManager @Nullable [] otherKeys, TrustManager @Nullable [] otherTrust)
            throws GeneralSecurityException {
        if (given) {
            throw new IllegalStateException("a context that was given has its own keys and trust");
        }
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(otherKeys, otherTrust, null);
        return new Tls(made, otherKeys, otherTrust, false, anyHostName, clientCertificate);
    }

    /** Asks clients for a certificate, and refuses those without one that is trusted: see {@link #trusting}. */
    public Tls requiringClientCertificate() {
        return new Tls(context, keys, trust, given, anyHostName, ClientCertificate.REQUIRED);
    }

    /** Asks clients for a certificate, and serves those without one, too. One that is not trusted is refused. */
    public Tls wantingClientCertificate() {
        return new Tls(context, keys, trust, given, anyHostName, ClientCertificate.WANTED);
    }

    /**
     * Does not check that a server's certificate is for its host, whomever else is trusted. <strong>Whoever has any
     * certificate can listen in.</strong>
     */
    public Tls insecureWithoutHostNameCheck() {
        return new Tls(context, keys, trust, given, true, clientCertificate);
    }

    /**
     * Trusts any certificate, whoever's it is and for whatever host, until {@link #trusting} says whom. <strong>Whoever is on
     * the way can listen in.</strong> For tests.
     */
    public Tls insecureTrustingAnyCertificate() {
        try {
            return with(keys, new TrustManager[] {new AnyCertificate()});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Tells whether a server can be one: it shows a certificate, or may, by a context that was given. */
    boolean hasCertificate() {
        return given || keys != null;
    }
}
