package io.sansocket;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** An SSLContext of the application's that makes no engine, and counts how often it was asked for one. */
final class BrokenContext extends SSLContext {
    final AtomicInteger asked;

    private BrokenContext(SSLContext sound, AtomicInteger asked) {
        super(new Spi(sound, asked), sound.getProvider(), sound.getProtocol());
        this.asked = asked;
    }

    static BrokenContext of(SSLContext sound) {
        return new BrokenContext(sound, new AtomicInteger());
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext sound;
        private final AtomicInteger asked;

        Spi(SSLContext sound, AtomicInteger asked) {
            this.sound = sound;
            this.asked = asked;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            asked.incrementAndGet();
            throw new IllegalStateException("planted by a test");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return engineCreateSSLEngine();
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("not to be initialized");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return sound.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return sound.getServerSocketFactory();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return sound.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return sound.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return sound.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return sound.getSupportedSSLParameters();
        }
    }
}
