package io.sansocket;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads certificates and private keys from text files (RFC 7468). */
final class Pem {
    // RFC 7468 §2: "the type of data encoded is labeled depending on the type label in the "-----BEGIN " line"
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final Pattern LABEL = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    /** What can be read, and how to sign with it, to see whether it is the certificate's. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** What cannot be read, but be named: the algorithms of Java that have private keys, and people's names of them. */
    private static final Map<String, String> OTHERS =
            Map.of("RSASSA-PSS", "RSA-PSS", "DSA", "DSA", "DH", "Diffie-Hellman", "XDH", "X25519 or X448");

    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_LONG_LENGTH = 0x80;

    private Pem() {}

    /** Reads all certificates of a file, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        String text = text(file);
        List<X509Certificate> found = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            if (block.group(1).equals("CERTIFICATE")) {
                found.add(certificate(file, block.group(2)));
            }
        }
        if (found.isEmpty()) {
            throw none("certificate", "CERTIFICATE", file, text);
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
        Set<String> labels = labels(text);
        if (labels.contains("RSA PRIVATE KEY")) {
            throw new IOException(file + " has a key in PKCS#1 form, not PKCS#8; " + convert(file));
        } else if (labels.contains("EC PRIVATE KEY")) {
            throw new IOException(file + " has a key in SEC 1 form, not PKCS#8; " + convert(file));
        } else if (labels.contains("ENCRYPTED PRIVATE KEY")) {
            throw new IOException(file + " has an encrypted key; " + convert(file));
        }
        throw none("private key", "PRIVATE KEY", file, text);
    }

    /** Says what was looked for, and what is there. */
    private static IOException none(String what, String label, Path file, String text) {
        Set<String> labels = labels(text);
        String found = "";
        if (labels.contains("TRUSTED " + label)) {
            found = ", but one in OpenSSL's own form (TRUSTED " + label + "); this converts it: openssl x509 -in "
                    + file + " -out " + label.toLowerCase(Locale.ROOT) + ".pem";
        } else if (!labels.isEmpty()) {
            found = ", but " + String.join(", ", labels);
        } else if (looksLikeDer(text)) {
            found = "; it looks like DER, which openssl converts (-inform der)";
        }
        return new IOException(file + " has no " + what + " in PEM form (-----BEGIN " + label + "-----)" + found);
    }

    private static Set<String> labels(String text) {
        return LABEL.matcher(text)
                .results()
                .map(begin -> begin.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean looksLikeDer(String text) {
        return text.length() > 1 && text.charAt(0) == DER_SEQUENCE && text.charAt(1) > DER_LONG_LENGTH;
    }

    private static String convert(Path file) {
        return "this converts it: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem";
    }

    private static PrivateKey key(Path file, byte[] pkcs8) throws IOException {
        for (String algorithm : SIGNATURES.keySet()) {
            PrivateKey key = key(algorithm, pkcs8);
            if (key != null) {
                return key;
            }
        }
        String found = OTHERS.keySet().stream()
                .filter(algorithm -> key(algorithm, pkcs8) != null)
                .map(algorithm -> "this one is " + OTHERS.get(algorithm))
                .findFirst()
                .orElse("this one is something else, or damaged");
        throw new IOException(file + " has a private key that is neither RSA nor EC nor Ed25519 nor Ed448: " + found);
    }

    /** Reads a key as one of an algorithm; null if it is another's. */
    private static @Nullable PrivateKey key(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            return null;
        }
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
        requireFile(file);
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (AccessDeniedException e) {
            throw new IOException("not allowed to read " + file, e);
        }
    }

    /** Refuses what is no file in words; the platform's message is the path alone, or has no path. */
    static void requireFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new FileNotFoundException("no such file: " + file);
        }
        if (Files.isDirectory(file)) {
            throw new IOException("not a file but a directory: " + file);
        }
    }
}
