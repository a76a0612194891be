package io.sansocket.cli;

import io.sansocket.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate made for one run of a server, signed by nobody but itself, in a folder that is deleted at the end.
 *
 * <p>The platform cannot make certificates, but {@code keytool} beside it can.
 */
final class OwnCertificate implements AutoCloseable {
    private static final String ALIAS = "sansocket";
    private static final String PASSWORD_VARIABLE = "SANSOCKET_STORE_PASSWORD";
    private static final int PASSWORD_BYTES = 16;
    private static final int PEM_COLUMNS = 64;

    private final Path folder;
    private final Tls tls;

    private OwnCertificate(Path folder, Tls tls) {
        this.folder = folder;
        this.tls = tls;
    }

    /**
     * Makes one that is for localhost, both loopback addresses, and the host given.
     *
     * @param host a name or an IPv4 address
     */
    static OwnCertificate make(String host) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sansocket-tls");
        Path store = folder.resolve("store.p12");
        try {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            String password = HexFormat.of().formatHex(random);
            keytool(store, password, host);
            writePem(store, password.toCharArray(), folder.resolve("certificate.pem"));
            return new OwnCertificate(folder, Tls.keyStore(store, password.toCharArray()));
        } catch (IOException | InterruptedException e) {
            delete(folder);
            throw e;
        }
    }

    private static void keytool(Path store, String password, String host) throws IOException, InterruptedException {
        String names = "san=dns:localhost,ip:127.0.0.1,ip:::1";
        if (host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
            names += ",ip:" + host;
        } else if (host.matches("[A-Za-z][A-Za-z0-9.-]*")) {
            names += ",dns:" + host;
        }
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=sansocket serve",
                "-ext",
                names,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                PASSWORD_VARIABLE);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(PASSWORD_VARIABLE, password);
        Process keytool = builder.start();
        keytool.getOutputStream().close();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool makes no certificate: " + said);
        }
    }

    private static void writePem(Path store, char[] password, Path pem) throws IOException {
        try {
            byte[] certificate = KeyStore.getInstance(store.toFile(), password)
                    .getCertificate(ALIAS)
                    .getEncoded();
            var base64 = Base64.getMimeEncoder(PEM_COLUMNS, new byte[] {'\n'});
            Files.writeString(
                    pem,
                    "-----BEGIN CERTIFICATE-----\n" + base64.encodeToString(certificate)
                            + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be written", e);
        }
    }

    /** How a server shows it. */
    Tls tls() {
        return tls;
    }

    /** Returns the file that a client has to trust. */
    Path pem() {
        return folder.resolve("certificate.pem");
    }

    @Override
    public void close() {
        delete(folder);
    }

    private static void delete(Path folder) {
        for (Path path : List.of(folder.resolve("store.p12"), folder.resolve("certificate.pem"), folder)) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // What is left is in the system's folder for that.
            }
        }
    }
}
