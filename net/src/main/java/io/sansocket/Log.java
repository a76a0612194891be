package io.sansocket;

import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Violation;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a connection writes to its log: {@code <} came, {@code >} went, {@code =} changed its state, {@code x} ended badly,
 * {@code %} Pings and Pongs, {@code !} failed. Payload is shown as an excerpt, and made safe to print.
 */
final class Log {
    private static final int SHOWN_BYTES = 16;

    private final System.Logger logger;
    private final SocketAddress peer;
    /** Asked once for each connection: to ask for each message costs as much as the message. */
    private final boolean debug;

    /** Writes about the connection to a peer. */
    Log(System.Logger logger, SocketAddress peer) {
        this.logger = logger;
        this.peer = peer;
        debug = logger.isLoggable(Level.DEBUG);
    }

    /** Tells whether each message is logged. */
    boolean isVerbose() {
        return debug;
    }

    void text(String text) {
        if (debug) {
            say(Level.DEBUG, "< text " + shown(text));
        }
    }

    void binary(ByteBuffer data) {
        if (debug) {
            say(Level.DEBUG, "< binary " + shown(data));
        }
    }

    /** The events but {@link Closed}, of which {@link #closed} writes. */
    void event(Event event) {
        if (debug && !(event instanceof Closed)) {
            say(Level.DEBUG, line(event));
        }
    }

    private static String line(Event event) {
        if (event instanceof Event.TextFragment text) {
            return "< text fragment " + shown(text.text()) + (text.last() ? ", the last" : "");
        } else if (event instanceof Event.BinaryFragment binary) {
            return "< binary fragment " + shown(binary.data()) + (binary.last() ? ", the last" : "");
        } else if (event instanceof Event.Ping ping) {
            return "% Ping received " + shown(ping.payload());
        } else if (event instanceof Event.Pong pong) {
            return "% Pong received " + shown(pong.payload());
        } else if (event instanceof Event.Stalled stalled) {
            return "- stalled: " + stalled.progress();
        } else if (event instanceof Event.HandshakeRequest request) {
            return "< " + request.request();
        } else if (event instanceof Event.Opened opened) {
            return "= open: " + opened.response();
        } else if (event instanceof Event.Refused refused) {
            return "< " + refused.response();
        }
        return "= " + event;
    }

    void sent(Outgoing outgoing) {
        if (debug) {
            String kind = outgoing.kind() == null ? "" : " fragment";
            String what = outgoing.message() instanceof Message.Text text
                    ? "> text" + kind + " " + shown(text.text())
                    : "> binary" + kind + " " + shown(((Message.Binary) outgoing.message()).data());
            say(Level.DEBUG, what);
        }
    }

    void closing(CloseStatus status) {
        if (debug) {
            say(Level.DEBUG, "> Close " + status);
        }
    }

    /** The end of a connection that was open: one line at WARNING when it was abnormal, with the whole diagnosis. */
    void closed(Closed closed, @Nullable Throwable cause) {
        end(closed.isClean() ? Level.DEBUG : Level.WARNING, closed, cause);
    }

    /** The end of one that never was open, as loud as those who may care need it. */
    void notOpened(Level level, Closed closed, @Nullable Throwable cause) {
        end(level, closed, cause);
    }

    private void end(Level level, Closed closed, @Nullable Throwable cause) {
        if (logger.isLoggable(level)) {
            String why = cause == null ? "" : "; " + Excerpt.of(String.valueOf(cause.getMessage()));
            say(level, (closed.isClean() ? "= " : "x ") + closed + why);
        }
    }

    /** The end of one that this end did not want, and said so: nothing went wrong. */
    void refused(Closed closed) {
        if (logger.isLoggable(Level.INFO)) {
            Violation violation = closed.violation();
            String how = violation == null
                    ? closed.progress().toString() // the refusal's status
                    : "the opening handshake was refused: " + violation;
            say(Level.INFO, "= " + how);
        }
    }

    /** TLS did not come about: a stranger's failure, so it is told to who asks for it. */
    void tlsFailed(String why) {
        if (debug) {
            say(Level.DEBUG, "x TLS failed: " + why);
        }
    }

    /** The application's own fault, with its stack trace. */
    void failed(String who, String consequence, Throwable fault) {
        logger.log(Level.ERROR, "! " + Addresses.show(peer) + ": " + who + " failed, " + consequence, fault);
    }

    void warn(String what) {
        say(Level.WARNING, "! " + what);
    }

    private void say(Level level, String what) {
        // The prefix stays in front, for who filters by it.
        logger.log(level, what.substring(0, 2) + Addresses.show(peer) + ": " + what.substring(2));
    }

    private static String shown(String text) {
        return text.length() + " characters " + Excerpt.of(text);
    }

    private static String shown(ByteBuffer data) {
        byte[] first = new byte[Math.min(data.remaining(), SHOWN_BYTES)];
        data.duplicate().get(first);
        String more = data.remaining() > SHOWN_BYTES ? " …" : "";
        return data.remaining() + " bytes " + HexFormat.ofDelimiter(" ").formatHex(first) + more;
    }
}
