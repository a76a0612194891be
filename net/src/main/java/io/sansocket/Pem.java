package io.sansocket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from text files (RFC 7468). */
final class Pem {
    // RFC 7468 §2: "the type of data encoded is labeled depending on the type label in the "-----BEGIN " line"
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final Pattern HEADED = Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----");

    /** What can be read, and how to sign with it, to see whether it is the certificate's. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private Pem() {}

    /** Reads all certificates of a file, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text(file)); block.find(); ) {
            if (block.group(1).equals("CERTIFICATE")) {
                found.add(certificate(file, block.group(2)));
            }
        }
        if (found.isEmpty()) {
            throw new IOException(file + " has no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        return found;
    }

    private static X509Certificate certificate(Path file, String base64) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(decode(file, base64)));
        } catch (CertificateException e) {
            throw new IOException(file + " has a certificate that cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads the private key of a certificate. */
    static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
        PrivateKey key = key(file);
        if (!belongsTo(key, certificate.getPublicKey())) {
            throw new IOException("the " + key.getAlgorithm() + " key in " + file
                    + " is not that of the certificate for " + certificate.getSubjectX500Principal());
        }
        return key;
    }

    private static PrivateKey key(Path file) throws IOException {
        String text = text(file);
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            if (block.group(1).equals("PRIVATE KEY")) {
                return key(file, decode(file, block.group(2)));
            }
        }
        Matcher other = HEADED.matcher(text);
        String label = other.find() ? other.group(1) : "";
        throw new IOException(file + " has "
                + switch (label) {
                    case "RSA PRIVATE KEY" -> "a key in PKCS#1 form, not PKCS#8; " + convert(file);
                    case "EC PRIVATE KEY" -> "a key in SEC 1 form, not PKCS#8; " + convert(file);
                    case "ENCRYPTED PRIVATE KEY" -> "an encrypted key; " + convert(file);
                    default -> "no private key in PEM form (-----BEGIN PRIVATE KEY-----)";
                });
    }

    private static String convert(Path file) {
        return "this converts it: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem";
    }

    private static PrivateKey key(Path file, byte[] pkcs8) throws IOException {
        InvalidKeySpecException last = null;
        for (String algorithm : SIGNATURES.keySet()) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                last = e; // a key of another algorithm
            } catch (GeneralSecurityException e) {
                throw new IOException("this Java knows no " + algorithm + " keys", e);
            }
        }
        throw new IOException(file + " has a private key that is neither RSA nor EC nor Ed25519", last);
    }

    private static boolean belongsTo(PrivateKey key, PublicKey certified) {
        try {
            String algorithm = SIGNATURES.getOrDefault(key.getAlgorithm(), key.getAlgorithm());
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update((byte) 0);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update((byte) 0);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] decode(Path file, String base64) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
