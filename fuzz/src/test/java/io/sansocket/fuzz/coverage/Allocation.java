package io.sansocket.fuzz.coverage;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/** Bounds what a piece of work allocates by what the peer sent: a declared length must not be an amount of memory. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Less than any limit on frames and messages, more than what a connection and its opening handshake take. */
    private static final long BASE = 256 * 1024;
    /** The events of an empty frame of 2 bytes, and what they are told with. */
    private static final long PER_BYTE = 512;

    private Allocation() {}

    /** Does the work, and once more when it took too much: then the JVM had classes to load. */
    static <T> T bounded(int received, Supplier<T> work) {
        long most = BASE + PER_BYTE * received;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        T result = work.get();
        if (THREADS.getCurrentThreadAllocatedBytes() - before > most) {
            before = THREADS.getCurrentThreadAllocatedBytes();
            result = work.get();
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            Oracle.check(taken <= most, received + " bytes made the end allocate " + taken);
        }
        return result;
    }
}
