package io.sansocket.core.hostile;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.hostile.Shape.Start;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;

/**
 * What a connection does and allocates while hostile bytes come in, with everything it gives taken at once, and with
 * limits out of the bytes' reach but for the size of messages.
 *
 * @param received bytes that the peer sent
 * @param steps methods entered and loops gone round in the core
 * @param copied bytes, characters and elements copied for the core
 * @param primed bytes of windows given to zlib
 * @param inflated bytes that zlib put out
 */
record Work(long received, long steps, long copied, long primed, long inflated) {
    private static final com.sun.management.ThreadMXBean THREAD =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final ClassLoader COUNTING = new CountingLoader();
    private static final Method ATTACK = counting("attack", String.class, byte[].class, int.class);
    private static final Method LIVES = counting("live", int.class);
    private static final Method PLANT = counting("plant", String.class, byte[].class);

    /** Returns the steps it takes to receive bytes in pieces of a size. */
    static Work of(Start start, byte[] bytes, int piece) {
        return of(bytes.length, call(ATTACK, start.name(), bytes, piece));
    }

    /** Returns the steps that something planted takes. */
    static Work ofPlanted(String name, byte[] bytes) {
        return of(bytes.length, call(PLANT, name, bytes));
    }

    private static Work of(long received, long[] counts) {
        return new Work(received, counts[0], counts[1], counts[2], counts[3]);
    }

    /** Returns all that the peer's bytes became: what they are, and what zlib made of them. */
    long bytes() {
        return received + inflated;
    }

    private static Method counting(String name, Class<?>... parameters) {
        try {
            Method method = COUNTING.loadClass(Counted.class.getName()).getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the classes that count are not as expected", e);
        }
    }

    /** Lets connections of one provider live, and returns how many coders of zlib were made and ended for them. */
    static long[] lives(int connections) {
        long[] counts = call(LIVES, connections);
        return new long[] {counts[4], counts[5]};
    }

    private static long[] call(Method method, Object... arguments) {
        try {
            return (long[]) method.invoke(null, arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the classes that count are not as expected", e);
        }
    }

    /** What runs among the classes that count. */
    static final class Counted {
        private static final Lives LIVES = new Lives();

        private Counted() {}

        static long[] attack(String start, byte[] bytes, int piece) {
            Attack attack = wide(Start.valueOf(start));
            long[] before = Steps.counts();
            attack.feed(bytes, piece);
            return since(before);
        }

        static long[] plant(String name, byte[] bytes) {
            long[] before = Steps.counts();
            Planted.valueOf(name).run(bytes);
            return since(before);
        }

        static long[] live(int connections) {
            long[] before = Steps.counts();
            LIVES.live(connections);
            return since(before);
        }

        private static long[] since(long[] before) {
            long[] counts = Steps.counts();
            for (int i = 0; i < counts.length; i++) {
                counts[i] -= before[i];
            }
            return counts;
        }
    }

    private static Attack wide(Start start) {
        return Attack.on(start, Attack.wide(start.limits()), PermessageDeflate.create(), true);
    }

    /** Returns the bytes of heap that it takes to receive bytes in pieces of a size, all garbage counted. */
    static long allocated(Start start, byte[] bytes, int piece) {
        Attack attack = wide(start);
        long before = THREAD.getCurrentThreadAllocatedBytes();
        attack.feed(bytes, piece);
        return THREAD.getCurrentThreadAllocatedBytes() - before;
    }
}
