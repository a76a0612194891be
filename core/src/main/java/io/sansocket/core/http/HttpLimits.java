package io.sansocket.core.http;

/**
 * How large a head may be. The limits bound what a parser retains; a head of exactly a limit passes.
 *
 * @param maxLine the most bytes of one line, its CR LF not counted
 * @param maxHeaders the most fields
 * @param maxHead the most bytes of the whole head, from the first byte to the last LF
 * @since 0.1
 */
public record HttpLimits(int maxLine, int maxHeaders, int maxHead) {
    /** No limit may be larger than this: 16 MiB. */
    public static final int CEILING = 16 * 1024 * 1024;

    /** The defaults for requests: lines of 8 KiB, 100 fields, 16 KiB in all. */
    public static final HttpLimits REQUEST = new HttpLimits(8 * 1024, 100, 16 * 1024);

    /** The defaults for responses: lines of 8 KiB, 100 fields, 64 KiB in all. */
    public static final HttpLimits RESPONSE = new HttpLimits(8 * 1024, 100, 64 * 1024);

    /**
     * Checks that each limit is finite and allows something.
     *
     * @throws IllegalArgumentException when a limit is not in 1–{@value #CEILING}; {@code maxHeaders} may be 0
     */
    public HttpLimits {
        check("maxLine", maxLine, 1);
        check("maxHeaders", maxHeaders, 0);
        check("maxHead", maxHead, 1);
    }

    private static void check(String name, int value, int least) {
        if (value < least || value > CEILING) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed are " + least + "-" + CEILING);
        }
    }
}
