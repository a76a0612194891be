package io.sansocket;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The messages of a connection, one after the other; see {@link WebSocket#iterator}. */
final class MessageIterator implements Iterator<Message> {
    private final Session from;

    MessageIterator(Session from) {
        this.from = from;
    }

    @Override
    public boolean hasNext() {
        try {
            Receiving.messages(from).peek();
            return true;
        } catch (ConnectionClosedException e) {
            if (e.closed().isOrdinary()) {
                return false;
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public Message next() {
        try {
            return Receiving.messages(from).take();
        } catch (ConnectionClosedException e) {
            if (e.closed().isOrdinary()) {
                throw (NoSuchElementException) new NoSuchElementException(e.getMessage()).initCause(e);
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static UncheckedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new UncheckedIOException(new InterruptedIOException("interrupted while waiting for a message"));
    }
}
