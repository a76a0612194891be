package io.sansocket.cli;

import java.math.BigDecimal;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time in seconds, with a fraction or without, or {@code forever}. */
final class Seconds implements ITypeConverter<Duration> {
    /** No end: longer than any process runs. */
    static final Duration FOREVER = Duration.ofDays(36_500);

    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);

    @Override
    public Duration convert(String value) {
        if (value.equals("forever")) {
            return FOREVER;
        }
        try {
            var seconds = new BigDecimal(value);
            if (seconds.signum() >= 0 && seconds.compareTo(BigDecimal.valueOf(FOREVER.toSeconds())) <= 0) {
                return Duration.ofNanos(seconds.multiply(NANOS_PER_SECOND).longValue());
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException("'" + value + "' is neither a number of seconds nor forever");
    }
}
