package io.sansocket.cli;

import io.sansocket.ConnectionClosedException;
import io.sansocket.Listener;
import io.sansocket.Message;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketBuilder;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.rule.CloseCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection without anybody at a keyboard: an input is sent, what comes is written, and it ends by itself.
 *
 * <p>Theory of operation. Three threads: one of our own reads the input and sends; the connection's loop calls this
 * listener, which writes (who reads our output slowly slows down the server, as it should be); the caller's waits for the
 * first {@link End}. When the input has ended nobody can know how many answers are still to come, so patience decides: the
 * connection is closed when no message came for so long. A message of which a part has come is waited for as long as its
 * bytes keep coming; when they do not, that is the fault we are here to tell.
 */
final class PipedSession implements Listener {
    /** Why the session is over. */
    private enum End {
        /** The connection has ended. */
        CLOSED,
        /** The one message that was wanted has come. */
        ONE,
        /** Nothing has come for so long. */
        SILENCE,
        /** Nobody reads our output any more. */
        UNREAD,
        /** A line is no message, or the input cannot be read. */
        BAD_INPUT
    }

    /** What is given to the connection ahead of what it has written, in bytes. */
    private static final int AHEAD = 256 * 1024;
    /** How long a server may take to close when the process is to end. */
    private static final Duration HURRY = Duration.ofSeconds(1);

    private final LineInput input;
    private final Transcript output;
    private final PrintWriter err;
    private final boolean one;
    private final Duration patience;

    /** Completes when the connection has ended and that is written. */
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();

    // Guarded by this object's monitor.
    private @Nullable End end;

    private boolean inputEnded;
    private boolean messageCame;
    /** When the last message came, the last line went or the input ended; by the nanosecond clock. */
    private long lastActivity = System.nanoTime();

    PipedSession(LineInput input, Transcript output, PrintWriter err, boolean one, Duration patience) {
        this.input = input;
        this.output = output;
        this.err = err;
        this.one = one;
        this.patience = patience;
    }

    /** Connects, and returns the exit code when all is over. */
    int run(WebSocketBuilder builder) throws IOException, InterruptedException {
        WebSocket connection = builder.listener(this).connect();
        SignalHook signal = SignalHook.of(() -> hurry(connection, CloseCode.GOING_AWAY));
        try {
            var feeder = new Thread(() -> feed(connection), "sansocket-input");
            feeder.setDaemon(true);
            feeder.start();
            return status(connection, await(connection));
        } finally {
            signal.close();
        }
    }

    private int status(WebSocket connection, End how) {
        return switch (how) {
            case CLOSED -> ended(closed.join());
            case ONE -> ended(close(connection));
            case SILENCE -> silence(connection);
            case UNREAD -> {
                hurry(connection, CloseCode.NORMAL_CLOSURE);
                yield ExitCode.FINE;
            }
            case BAD_INPUT -> {
                hurry(connection, CloseCode.NORMAL_CLOSURE);
                yield ExitCode.USAGE;
            }
        };
    }

    private int silence(WebSocket connection) {
        Progress progress = connection.progress();
        if (!one && !isInMessage(progress)) {
            return ended(close(connection));
        }
        say("timed out: " + (one ? "no message for " : "nothing for ") + shown(patience) + ": " + progress);
        hurry(connection, CloseCode.NORMAL_CLOSURE);
        return ExitCode.TIMED_OUT;
    }

    private static String shown(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }

    private Closed close(WebSocket connection) {
        connection.close();
        return closed.join();
    }

    /** Closes without insisting on an answer. */
    private void hurry(WebSocket connection, int code) {
        CompletableFuture<Closed> unused = connection.closeAsync(code, "");
        try {
            closed.get(HURRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // The end of the process will cut it.
        }
    }

    private int ended(Closed closed) {
        if (!closed.isClean()) {
            say(closed.toString());
        } else if (closed.peerFirst() && closed.received() != null && closed.closeCode() != CloseCode.NORMAL_CLOSURE) {
            say("the server closed the connection: " + closed.received());
        }
        int status = ExitCode.of(closed);
        if (status == ExitCode.FINE && one && !messageCame()) {
            say("the connection was closed before a message came");
            return ExitCode.CHECK_FAILED;
        }
        return status;
    }

    private void say(String line) {
        err.println("sansocket: " + line);
        err.flush();
    }

    // ---- the input's thread ----

    private void feed(WebSocket connection) {
        try {
            CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
            long ahead = 0;
            Message message;
            while ((message = input.next()) != null) {
                sent = connection.sendAsync(message);
                ahead += size(message);
                if (ahead > AHEAD) {
                    sent.get();
                    ahead = 0;
                }
                touched();
            }
            sent.get();
            inputEnded();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ConnectionClosedException)) {
                say("cannot send: " + e.getCause());
                end(End.BAD_INPUT);
            }
        } catch (IOException e) {
            say("standard input: " + e.getMessage());
            end(End.BAD_INPUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long size(Message message) {
        return message instanceof Message.Text text
                ? text.text().length()
                : ((Message.Binary) message).data().remaining();
    }

    // ---- the loop's thread ----

    @Override
    public void onOpen(WebSocket connection) {
        output.onOpen(connection);
    }

    @Override
    public void onText(WebSocket connection, String text) {
        if (wants()) {
            output.onText(connection, text);
            written();
        }
    }

    @Override
    public void onBinary(WebSocket connection, ByteBuffer data) {
        if (wants()) {
            output.onBinary(connection, data);
            written();
        }
    }

    @Override
    public void onPing(WebSocket connection, ByteBuffer payload) {
        output.onPing(connection, payload);
    }

    @Override
    public void onPong(WebSocket connection, ByteBuffer payload) {
        output.onPong(connection, payload);
    }

    @Override
    public void onStalled(WebSocket connection, Progress progress) {
        say("waiting: " + progress);
        output.onStalled(connection, progress);
    }

    @Override
    public void onClosed(WebSocket connection, Closed how) {
        output.onClosed(connection, how);
        closed.complete(how);
        end(End.CLOSED);
    }

    private synchronized boolean wants() {
        if (one && messageCame) {
            return false;
        }
        messageCame = true;
        return true;
    }

    private void written() {
        touched();
        if (output.isUnread()) {
            end(End.UNREAD);
        } else if (one) {
            end(End.ONE);
        }
    }

    // ---- the end ----

    private synchronized void end(End how) {
        if (end == null) {
            end = how;
            notifyAll();
        }
    }

    private synchronized void touched() {
        lastActivity = System.nanoTime();
    }

    private synchronized void inputEnded() {
        inputEnded = true;
        lastActivity = System.nanoTime();
        notifyAll();
    }

    private synchronized boolean messageCame() {
        return messageCame;
    }

    private End await(WebSocket connection) throws InterruptedException {
        while (true) {
            End how = awaitOrSilence();
            if (how != End.SILENCE) {
                return how;
            }
            Progress progress = connection.progress();
            if (!isInMessage(progress) || System.nanoTime() - progress.lastByteAt() >= patience.toNanos()) {
                return how;
            }
            activity(progress.lastByteAt());
        }
    }

    private synchronized void activity(long at) {
        lastActivity = Math.max(lastActivity, at);
    }

    /** Waits for an end, or until patience is. */
    private synchronized End awaitOrSilence() throws InterruptedException {
        while (end == null) {
            if (one || inputEnded) {
                long left = lastActivity + patience.toNanos() - System.nanoTime();
                if (left <= 0) {
                    return End.SILENCE;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } else {
                wait();
            }
        }
        return end;
    }

    private static boolean isInMessage(Progress progress) {
        return progress.inFrame() || progress.phase() == Phase.BETWEEN_FRAGMENTS;
    }
}
