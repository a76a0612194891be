package io.sansocket.testkit;

import io.sansocket.core.frame.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer on a real socket of this machine that does what its {@link Script} says, lawful or not: a server for clients
 * under test, or a client for servers.
 *
 * <pre>{@code
 * Script script = FaultyPeer.script().handshake().text("hello")
 *         .truncate(PeerFrame.text("x".repeat(202)), 199).fin();
 * try (FaultyPeer peer = FaultyPeer.listen(script)) {
 *     connectTo(peer.uri()); // and see what it says about the 3 missing bytes
 *     peer.await(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>Each connection has a daemon thread of its own, and blocking I/O. All methods may be called by any thread.
 *
 * @since 0.1
 */
public final class FaultyPeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String LOOPBACK = "127.0.0.1";

    private final Script script;
    private final String host;
    private final int port;
    private final @Nullable ServerSocket listener;
    // Guarded by this. A run is added when its connection is made and stays.
    private final List<Run> runs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    /** The script on one connection, and what became of it. Guarded by the peer. */
    private static final class Run {
        private final Conversation conversation;
        private boolean done;
        private @Nullable Throwable failure;

        Run(Conversation conversation) {
            this.conversation = conversation;
        }
    }

    private FaultyPeer(Script script, String host, int port, @Nullable ServerSocket listener) {
        this.script = Objects.requireNonNull(script);
        this.host = host;
        this.port = port;
        this.listener = listener;
    }

    /** Returns a script without steps: a peer that accepts, or connects, and never says anything. */
    public static Script script() {
        return Script.EMPTY;
    }

    /**
     * Listens on a free port of 127.0.0.1, and runs the script on each connection.
     *
     * @throws IOException if there is no such port
     */
    public static FaultyPeer listen(Script script) throws IOException {
        var listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        var peer = new FaultyPeer(script, LOOPBACK, listener.getLocalPort(), listener);
        peer.start("accept", peer::acceptAll);
        return peer;
    }

    /**
     * Connects to a server under test and runs the script.
     *
     * @throws IOException if the connection cannot be made
     */
    public static FaultyPeer connectTo(String host, int port, Script script) throws IOException {
        var peer = new FaultyPeer(script, host, port, null);
        peer.begin(new Conversation(Role.CLIENT, new Socket(host, port)));
        return peer;
    }

    /** Returns the port it listens on, or is connected to. */
    public int port() {
        return port;
    }

    /** Returns the ws URI it listens on, or is connected to; wss where the script begins with {@link Script#tls}. */
    public URI uri() {
        return URI.create((script.beginsTls() ? "wss://" : "ws://") + host + ":" + port + "/");
    }

    /** Returns how many connections it has had. */
    public synchronized int connections() {
        return runs.size();
    }

    /** Returns the bytes its steps have read on the first connection, up to 1 MiB, after TLS. */
    public byte[] received() {
        return received(0);
    }

    /**
     * Returns the bytes its steps have read on a connection, up to 1 MiB, after TLS.
     *
     * @param connection counted from 0
     * @throws IndexOutOfBoundsException if there is no such connection
     */
    public synchronized byte[] received(int connection) {
        return runs.get(connection).conversation.received();
    }

    /**
     * Tells whether it has had a connection, and will send nothing more on any, nor end one: each script is done, or
     * {@linkplain Script#swallow swallows}. Whoever still waits for something then waits for ever.
     */
    public synchronized boolean isSilent() {
        return !runs.isEmpty() && runs.stream().allMatch(run -> run.conversation.isSilent());
    }

    /**
     * Waits until the script is done on the first connection.
     *
     * @throws AssertionError if a step went wrong, or the script is not done in time
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(Duration timeout) throws InterruptedException {
        await(1, timeout);
    }

    /**
     * Waits until the script is done on the first connections.
     *
     * @throws AssertionError if a step went wrong, or the script is not done in time
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized void await(int connections, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        for (int done = done(connections); done < connections; done = done(connections)) {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (millis <= 0) {
                throw new AssertionError("the script (" + script + ") is done on " + done + " of " + connections
                        + " connections after " + timeout);
            }
            wait(millis);
        }
    }

    private int done(int connections) {
        int done = 0;
        for (Run run : runs.subList(0, Math.min(connections, runs.size()))) {
            if (run.failure != null) {
                throw new AssertionError(run.failure.getMessage(), run.failure);
            }
            done += run.done ? 1 : 0;
        }
        return done;
    }

    /** Closes all sockets and ends all threads; what a script still had to do stays undone. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            closeQuietly(listener);
            runs.forEach(run -> closeQuietly(run.conversation));
        }
        startedThreads().forEach(FaultyPeer::join);
        // A connection that was being accepted had its thread only after that; now nothing is accepted any more.
        startedThreads().forEach(FaultyPeer::join);
    }

    private synchronized List<Thread> startedThreads() {
        return List.copyOf(threads);
    }

    private static void closeQuietly(@Nullable AutoCloseable socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (Exception e) {
            // It is of no more use either way.
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the threads ----

    private void acceptAll() {
        ServerSocket from = Objects.requireNonNull(listener);
        while (!from.isClosed()) {
            try {
                begin(new Conversation(Role.SERVER, from.accept()));
            } catch (IOException e) {
                // The listener was closed, or a client has gone before it was accepted.
            }
        }
    }

    private synchronized void begin(Conversation conversation) {
        var run = new Run(conversation);
        runs.add(run);
        if (closed) {
            closeQuietly(conversation);
        }
        start(Integer.toString(runs.size()), () -> perform(run));
    }

    private synchronized void start(String name, Runnable task) {
        Thread thread = new Thread(task, "faulty-peer-" + port + "-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void perform(Run run) {
        Throwable failure = null;
        int number = 0;
        for (Step step : script.steps()) {
            number++;
            try {
                step.action().run(run.conversation);
            } catch (IOException | RuntimeException | Error e) {
                failure = new IOException("step " + number + " (" + step.name() + ") failed: " + e.getMessage(), e);
                break;
            }
        }
        run.conversation.becomeSilent();
        finished(run, failure);
    }

    private synchronized void finished(Run run, @Nullable Throwable failure) {
        run.done = true;
        run.failure = failure;
        notifyAll();
    }
}
