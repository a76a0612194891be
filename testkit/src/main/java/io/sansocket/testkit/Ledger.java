package io.sansocket.testkit;

import io.sansocket.core.protocol.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what became of messages in a soak test: makes them with a number and a checksum, and checks those that arrive.
 *
 * <pre>{@code
 * var ledger = new Ledger(42, 65_536);
 * LedgerMessage message = ledger.next(7);  // sender 7's next; to be sent
 * ledger.arrived(text);                    // or the binary message's bytes, in the order of arrival
 * assertThat(ledger.settle().isPerfect()).isTrue();
 * }</pre>
 *
 * <p>One ledger does for both ends in one process, as with an echo. In two processes each has its own, and the receiver's
 * is told what was {@linkplain #sentElsewhere sent elsewhere}.
 *
 * <p>Memory does not grow with the messages: each sender has a window of {@value #WINDOW} numbers up to the highest that
 * arrived. What leaves the window without having arrived is lost; what arrives behind it is late, for nobody can tell then
 * whether it was lost or is a duplicate. All methods may be called by any thread; the order of a sender's messages is that
 * of the calls.
 *
 * @since 0.1
 */
public final class Ledger {
    /** How many numbers a sender's window holds. */
    public static final int WINDOW = 1024;

    private final long seed;
    private final int maxBody;
    private final Map<Integer, LedgerAccount> accounts = new ConcurrentHashMap<>();
    private final LongAdder corrupted = new LongAdder();

    /**
     * Makes an empty ledger.
     *
     * @param seed decides sizes, kinds and contents of the messages
     * @param maxBody the most bytes of a message behind its head of {@value LedgerMessage#HEAD} bytes
     * @throws IllegalArgumentException if maxBody is negative
     */
    public Ledger(long seed, int maxBody) {
        if (maxBody < 0) {
            throw new IllegalArgumentException("the largest body has " + maxBody + " bytes, it must not be negative");
        }
        this.seed = seed;
        this.maxBody = maxBody;
    }

    /** Makes a sender's next message and counts it as sent. */
    public LedgerMessage next(int sender) {
        return LedgerMessage.make(seed, sender, account(sender).send(), maxBody);
    }

    /** Says how many messages of a sender were made by a ledger in another process. */
    public void sentElsewhere(int sender, long count) {
        account(sender).sentElsewhere(count);
    }

    /** Checks and counts a text message that arrived. */
    public void arrived(String text) {
        check(text.getBytes(StandardCharsets.UTF_8), true);
    }

    /** Checks and counts a binary message that arrived: the buffer's remaining bytes, which are only read. */
    public void arrived(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        check(bytes, false);
    }

    /** Checks and counts an event that is a whole message; others do not count. */
    public void arrived(Event event) {
        if (event instanceof Event.TextMessage message) {
            arrived(message.text());
        } else if (event instanceof Event.BinaryMessage message) {
            arrived(message.data());
        }
    }

    private void check(byte[] bytes, boolean text) {
        LedgerMessage message = LedgerMessage.read(bytes, text);
        if (message == null) {
            corrupted.increment();
        } else {
            account(message.sender()).arrive(message.sequence());
        }
    }

    private LedgerAccount account(int sender) {
        return accounts.computeIfAbsent(sender, key -> new LedgerAccount());
    }

    /** Returns the counts so far. What is under way, and what is missing in the windows, is not lost yet. */
    public Tally tally() {
        return sum(false);
    }

    /** Returns the counts when all that will ever arrive has: what is missing now is lost. */
    public Tally settle() {
        return sum(true);
    }

    private Tally sum(boolean settled) {
        Tally sum = new Tally(0, 0, 0, 0, 0, corrupted.sum(), 0);
        for (LedgerAccount account : accounts.values()) {
            sum = sum.plus(account.tally(settled));
        }
        return sum;
    }

    /**
     * What became of messages.
     *
     * @param sent made by this ledger, or sent elsewhere
     * @param arrived arrived whole, each counted once
     * @param lost did not arrive
     * @param duplicated arrived again
     * @param reordered arrived, for the first time, behind one that its sender sent later
     * @param corrupted arrived, and are not what any ledger made
     * @param late arrived behind the window, as lost before or as duplicates
     * @since 0.1
     */
    public record Tally(
            long sent, long arrived, long lost, long duplicated, long reordered, long corrupted, long late) {
        /** Tells whether every message that was sent arrived once, whole and in order. */
        public boolean isPerfect() {
            return sent == arrived && lost + duplicated + reordered + corrupted + late == 0;
        }

        Tally plus(Tally other) {
            return new Tally(
                    sent + other.sent,
                    arrived + other.arrived,
                    lost + other.lost,
                    duplicated + other.duplicated,
                    reordered + other.reordered,
                    corrupted + other.corrupted,
                    late + other.late);
        }
    }
}
