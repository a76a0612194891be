package io.sansocket.testkit;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * A client and a server on a virtual wire and a virtual clock.
 *
 * <pre>{@code
 * var pair = Pair.open();
 * pair.client().sendText("hello");
 * pair.run();
 * pair.server().expect(new Event.TextMessage("hello"));
 * pair.advance(Duration.ofSeconds(20)); // a keepalive Ping and its Pong; nothing sleeps
 * }</pre>
 *
 * <p>Nothing here has a thread, looks at a clock or is random beyond its seed: a test that passes once always does. One
 * thread uses a pair.
 *
 * @since 0.1
 */
public final class Pair {
    /** So many rounds at one moment are taken for ends that never stop to answer each other. */
    private static final int MAX_ROUNDS = 100_000;

    private final End client;
    private final End server;
    private final Wire toServer;
    private final Wire toClient;
    private long now;

    private Pair(Builder builder) {
        MaskingKeySource keys = new SplittableRandom(builder.seed)::nextInt;
        client = new End(
                Role.CLIENT,
                ClientProtocol.connect(builder.uri, builder.request, builder.clientSettings, keys, now),
                this::now);
        server = new End(
                Role.SERVER,
                new ServerProtocol(builder.serverSettings, builder.origins, builder.serverExtensions, now),
                this::now);
        toServer = new Wire(client, server, builder.toServerDelay.toNanos(), builder.pieces());
        toClient = new Wire(server, client, builder.toClientDelay.toNanos(), builder.pieces());
    }

    /** Returns a pair with the defaults whose opening handshake is done. */
    public static Pair open() {
        return builder().open();
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the client's end. */
    public End client() {
        return client;
    }

    /** Returns the server's end. */
    public End server() {
        return server;
    }

    /** Returns the virtual time in nanoseconds; it begins at 0. */
    public long now() {
        return now;
    }

    /**
     * Moves what is due both ways until nothing moves. The clock stands still: what is delayed arrives with
     * {@link #advance}.
     *
     * @throws AssertionError if the ends never stop to answer each other
     */
    public Pair run() {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            boolean moved = client.settle();
            moved |= server.settle();
            moved |= toServer.collect(now);
            moved |= toClient.collect(now);
            moved |= deliver(toServer);
            moved |= deliver(toClient);
            if (!moved) {
                return this;
            }
        }
        throw new AssertionError("after " + MAX_ROUNDS + " rounds the ends still answer each other");
    }

    private boolean deliver(Wire wire) {
        Wire.Outcome outcome = wire.deliver(now);
        if (outcome == Wire.Outcome.RESET) {
            toServer.die();
            toClient.die();
            client.receiveReset();
            server.receiveReset();
        }
        return outcome != Wire.Outcome.NOTHING;
    }

    /** Moves the clock on, stops at every arrival and every deadline on the way, and runs the wire there. */
    public Pair advance(Duration duration) {
        long until = now + duration.toNanos();
        run();
        for (long next = next(until); next - until <= 0; next = next(until)) {
            now = Math.max(now, next);
            timeOut(client);
            timeOut(server);
            run();
        }
        now = until;
        return this;
    }

    private void timeOut(End end) {
        if (end.isDue(now)) {
            end.timeout();
            if (end.isDue(now)) {
                throw new AssertionError("the " + end.role() + "'s deadline is due again after its timeout");
            }
        }
    }

    /** Returns when something happens next, or a moment behind the given one. */
    private long next(long until) {
        long next = until + 1;
        for (End end : List.of(client, server)) {
            if (end.isDue(next)) {
                next = end.protocol().deadline();
            }
        }
        return Math.min(next, Math.min(toServer.nextArrival(), toClient.nextArrival()));
    }

    /**
     * Ends one direction once so many more bytes have arrived: its receiver sees the end of the stream, and what follows
     * is lost. The other direction goes on.
     */
    public Pair cut(Direction direction, long afterBytes) {
        wire(direction).plan(Wire.Incident.CUT, afterBytes);
        return this;
    }

    /** Resets the connection, for both ends, once so many more bytes have arrived in one direction. */
    public Pair reset(Direction direction, long afterBytes) {
        wire(direction).plan(Wire.Incident.RESET, afterBytes);
        return this;
    }

    /** Holds one direction up once so many more bytes have arrived; nobody is told. {@link #resume} lets it go on. */
    public Pair stall(Direction direction, long afterBytes) {
        wire(direction).plan(Wire.Incident.STALL, afterBytes);
        return this;
    }

    /** Lets a stalled direction go on; nothing was lost. */
    public Pair resume(Direction direction) {
        wire(direction).resume();
        return this;
    }

    private Wire wire(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    /**
     * What a pair is made of. Left alone, both ends have their default settings, no extensions, and the wire is instant
     * and carries whole what one end transmitted.
     *
     * @since 0.1
     */
    public static final class Builder {
        private URI uri = URI.create("ws://server.example/");
        private HandshakeOptions request = HandshakeOptions.NONE;
        private Settings clientSettings = Settings.CLIENT;
        private Settings serverSettings = Settings.SERVER;
        private OriginPolicy origins = OriginPolicy.sameOrigin();
        private List<ExtensionProvider> serverExtensions = List.of();
        private Duration toServerDelay = Duration.ZERO;
        private Duration toClientDelay = Duration.ZERO;
        private int largestPiece = Integer.MAX_VALUE;
        private boolean randomPieces;
        private long seed;

        private Builder() {}

        /** Sets what the client asks for: ws://server.example/ without options, otherwise. */
        public Builder request(URI newUri, HandshakeOptions options) {
            uri = Objects.requireNonNull(newUri);
            request = Objects.requireNonNull(options);
            return this;
        }

        /** Sets the client's settings. */
        public Builder clientSettings(Settings settings) {
            clientSettings = Objects.requireNonNull(settings);
            return this;
        }

        /** Sets the server's settings. */
        public Builder serverSettings(Settings settings) {
            serverSettings = Objects.requireNonNull(settings);
            return this;
        }

        /** Sets the origins that the server lets in. */
        public Builder origins(OriginPolicy policy) {
            origins = Objects.requireNonNull(policy);
            return this;
        }

        /** Sets the extensions that the client offers and the server agrees to. */
        public Builder extensions(ExtensionProvider... providers) {
            request = request.withExtensions(providers);
            serverExtensions = List.of(providers);
            return this;
        }

        /** Sets how long bytes take in one direction. */
        public Builder delay(Direction direction, Duration delay) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("the delay is " + delay + ", it must not be negative");
            }
            if (direction == Direction.TO_SERVER) {
                toServerDelay = delay;
            } else {
                toClientDelay = delay;
            }
            return this;
        }

        /** Lets bytes arrive in pieces of at most this size, both ways. */
        public Builder pieces(int largest) {
            if (largest < 1) {
                throw new IllegalArgumentException("the largest piece is " + largest + " bytes, it must be at least 1");
            }
            largestPiece = largest;
            randomPieces = false;
            return this;
        }

        /** Lets bytes arrive in pieces of random sizes up to this one, both ways; the seed decides which. */
        public Builder randomPieces(int largest) {
            pieces(largest);
            randomPieces = true;
            return this;
        }

        /** Sets the seed of what is random: the sizes of pieces, masking keys and the handshake's nonce. */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        private IntUnaryOperator pieces() {
            int largest = largestPiece;
            if (!randomPieces) {
                return most -> largest;
            }
            var random = new SplittableRandom(seed);
            return most -> 1 + random.nextInt(largest);
        }

        /** Returns a pair whose opening handshake is still to be run, and to be answered by the server. */
        public Pair unopened() {
            return new Pair(this);
        }

        /**
         * Returns a pair whose opening handshake is done, and its events taken. The clock has moved on by the delays.
         *
         * @throws AssertionError if the handshake fails
         */
        public Pair open() {
            Pair pair = unopened().advance(toServerDelay);
            pair.server.next(Event.HandshakeRequest.class);
            pair.server.accept();
            pair.advance(toClientDelay);
            pair.server.next(Event.Opened.class);
            pair.client.next(Event.Opened.class);
            return pair;
        }
    }
}
