package io.sansocket.core.hostile;

import java.util.Collection;

/**
 * What the code that {@link CountingLoader} loads has done: how often it entered a method or jumped back in a loop, how
 * many bytes, characters and elements it had the platform copy, and how many it gave zlib as a window and got of it.
 */
public final class Steps {
    private static long steps;
    private static long copied;
    private static long primed;
    private static long inflated;
    private static long made;
    private static long ended;

    private Steps() {}

    /** Counts a method entered, or a loop gone round. */
    public static void step() {
        steps++;
    }

    /** Counts a copy of a length. */
    public static void copied(int length) {
        copied += length;
    }

    /** Counts a window given to zlib. */
    public static void primed(int length) {
        primed += length;
    }

    /** Counts what zlib put out. */
    public static void inflated(int length) {
        inflated += length;
    }

    /** Counts a coder of zlib made. */
    public static void made() {
        made++;
    }

    /** Counts a coder of zlib ended. */
    public static void ended() {
        ended++;
    }

    /** Counts a copy of a range. */
    public static void copied(int from, int to) {
        copied += to - from;
    }

    /** Counts something that was copied, or made by copying. */
    public static void copied(Object made) {
        if (made instanceof String text) {
            copied += text.length();
        } else if (made instanceof byte[] bytes) {
            copied += bytes.length;
        } else if (made instanceof Collection<?> collection) {
            copied += collection.size();
        } else if (made instanceof java.nio.ByteBuffer buffer) {
            copied += buffer.remaining();
        }
    }

    /** Returns steps, copies, windows, inflated bytes, coders made and coders ended so far. */
    static long[] counts() {
        return new long[] {steps, copied, primed, inflated, made, ended};
    }
}
