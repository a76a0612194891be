package io.sansocket.doctor.capture;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * What an Interface Description Block says about the packets that name it.
 *
 * @param snapLength the most bytes captured of a packet, 0 for no limit
 * @param resolution the option {@code if_tsresol}: the negative power of 10, or of 2 if the highest bit is set
 * @param secondsOffset the option {@code if_tsoffset}, added to each time
 */
record PcapngInterface(int linkType, long snapLength, int resolution, long secondsOffset) {
    static final int MICROSECONDS = 6;

    private static final int POWER_OF_TWO = 0x80;
    private static final int NANO_DIGITS = 9;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** 10^19 is the highest power below 2^64. */
    private static final int MAX_DIGITS = 19;

    /**
     * Converts a block's timestamp.
     *
     * @param timestamp unsigned, in units of the resolution
     * @throws DateTimeException when no {@code Instant} can hold it
     */
    Instant time(long timestamp) {
        return (resolution & POWER_OF_TWO) == 0
                ? decimalTime(timestamp, resolution)
                : binaryTime(timestamp, resolution & ~POWER_OF_TWO);
    }

    private Instant decimalTime(long timestamp, int digits) {
        long seconds = digits > MAX_DIGITS ? 0 : Long.divideUnsigned(timestamp, power(digits));
        long rest = digits > MAX_DIGITS ? timestamp : Long.remainderUnsigned(timestamp, power(digits));
        long nanos;
        if (digits <= NANO_DIGITS) {
            nanos = rest * power(NANO_DIGITS - digits);
        } else if (digits - NANO_DIGITS > MAX_DIGITS) {
            nanos = 0;
        } else {
            nanos = Long.divideUnsigned(rest, power(digits - NANO_DIGITS));
        }
        return instant(seconds, nanos);
    }

    private Instant binaryTime(long timestamp, int bits) {
        if (bits == 0) {
            return instant(timestamp, 0);
        }
        if (bits < Long.SIZE) {
            long rest = timestamp & ((1L << bits) - 1);
            long high = Math.multiplyHigh(rest, NANOS_PER_SECOND);
            long nanos = (high << (Long.SIZE - bits)) | ((rest * NANOS_PER_SECOND) >>> bits);
            return instant(timestamp >>> bits, nanos);
        }
        // One bit is given up so that the product stays signed; it weighs less than a nanosecond.
        long high = Math.multiplyHigh(timestamp >>> 1, NANOS_PER_SECOND);
        int shift = bits - 1 - Long.SIZE;
        if (shift < 0) {
            return instant(0, (high << 1) | (((timestamp >>> 1) * NANOS_PER_SECOND) >>> (Long.SIZE - 1)));
        }
        return instant(0, shift < Long.SIZE ? high >>> shift : 0);
    }

    private Instant instant(long seconds, long nanos) {
        if (seconds < 0) {
            throw new DateTimeException(Long.toUnsignedString(seconds) + " seconds");
        }
        try {
            return Instant.ofEpochSecond(Math.addExact(seconds, secondsOffset), nanos);
        } catch (ArithmeticException e) {
            throw new DateTimeException(seconds + " and " + secondsOffset + " seconds", e);
        }
    }

    private static long power(int digits) {
        long power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }
}
