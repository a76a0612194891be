package io.sansocket.testkit;

import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.rule.CloseStatus;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The end under test: core over a blocking socket, as docs/how-to-integrate-the-core.md tells, on a clock that moves only
 * when nothing can come any more, and then to the next deadline.
 */
final class BlockingEnd {
    private static final int A_MOMENT_MILLIS = 5;

    private final Protocol protocol;
    private final Socket socket;
    private final BooleanSupplier silence;
    private final boolean closesFirst;
    final List<Event> events = new ArrayList<>();
    private final ByteBuffer outgoing = ByteBuffer.allocate(8192);
    private long now;
    /** Whether the last read found nothing though the peer was silent already. */
    private boolean quiet;

    BlockingEnd(Protocol protocol, Socket socket, BooleanSupplier silence, boolean closesFirst) throws IOException {
        this.protocol = protocol;
        this.socket = socket;
        this.silence = silence;
        this.closesFirst = closesFirst;
        socket.setSoTimeout(A_MOMENT_MILLIS);
    }

    Closed drive() throws IOException {
        Closed closed = null;
        while (closed == null) {
            try {
                closed = turn();
            } catch (IOException e) {
                fail(e);
            }
        }
        socket.close();
        return closed;
    }

    private Closed turn() throws IOException {
        Event event = protocol.nextEvent();
        if (event != null) {
            events.add(event);
            answer(event);
            return event instanceof Closed closed ? closed : null;
        }
        int count = unwritten();
        if (count > 0) {
            socket.getOutputStream().write(outgoing.array(), 0, count);
            outgoing.clear();
            return null; // it may have been the last thing that was waited for
        }
        if (protocol.isOutputDone() && !socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
        boolean silent = silence.getAsBoolean();
        try {
            byte[] bytes = new byte[8192];
            receive(bytes, socket.getInputStream().read(bytes));
        } catch (SocketTimeoutException e) {
            timeOut(silent);
        }
        return null;
    }

    /** A write that times out in the handshake of TLS has written nothing. */
    private int unwritten() {
        if (outgoing.position() == 0) {
            protocol.transmit(outgoing);
        }
        return outgoing.position();
    }

    private void answer(Event event) {
        if (event instanceof Event.HandshakeRequest) {
            ((ServerProtocol) protocol).accept(now);
        } else if (event instanceof Event.Opened && closesFirst) {
            protocol.close(CloseStatus.of(1000), now);
        }
    }

    private void receive(byte[] bytes, int count) {
        quiet = false;
        if (count < 0) {
            protocol.receiveEof(now);
        } else {
            protocol.receive(ByteBuffer.wrap(bytes, 0, count), now);
        }
    }

    private void timeOut(boolean silent) {
        if (silent && quiet) {
            now = protocol.deadline();
            protocol.timeout(now);
        }
        quiet = silent;
    }

    private void fail(IOException e) {
        if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
            timeOut(silence.getAsBoolean());
            return;
        }
        outgoing.clear();
        if (e.getCause() instanceof EOFException) {
            protocol.receiveEof(now); // JSSE's way to say that the stream ended inside its handshake
        } else {
            protocol.receiveReset(now);
        }
    }
}
