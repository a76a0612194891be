package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.sansocket.core.http.HttpLimits;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a connection may be told, and that what it is not told has an end. */
class SettingsTest {
    private static final long LARGEST = 64L << 20;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Test
    void everyDefaultIsFinite() throws ReflectiveOperationException {
        checkFinite(Settings.CLIENT);
        checkFinite(Settings.SERVER);
    }

    private static void checkFinite(Object value) throws ReflectiveOperationException {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = component.getAccessor().invoke(value);
            if (part instanceof Number number) {
                assertThat(number.longValue()).as("%s", component).isBetween(1L, LARGEST);
            } else if (part instanceof Duration duration) {
                assertThat(duration).as("%s", component).isBetween(Duration.ofMillis(1), LONGEST);
            } else if (part instanceof Record) {
                checkFinite(part);
            } else {
                assertThat(part).as("%s", component).isInstanceOf(Enum.class);
            }
        }
    }

    @Test
    void noLimitIsBelowOne() throws ReflectiveOperationException {
        Constructor<?> constructor = Limits.class.getDeclaredConstructors()[0];
        RecordComponent[] components = Limits.class.getRecordComponents();
        for (int i = 0; i < components.length - 1; i++) {
            Object[] arguments = new Object[components.length];
            for (int j = 0; j < components.length; j++) {
                arguments[j] = components[j].getAccessor().invoke(Limits.SERVER);
            }
            boolean isInt = components[i].getType() == int.class;
            arguments[i] = isInt ? (Object) 0 : (Object) 0L;
            assertThatExceptionOfType(InvocationTargetException.class)
                    .isThrownBy(() -> constructor.newInstance(arguments))
                    .havingCause()
                    .withMessage(components[i].getName() + " is 0, it must be at least 1");
            arguments[i] = isInt ? (Object) 1 : (Object) 1L;
            constructor.newInstance(arguments);
        }
    }

    @Test
    void eachWitherChangesItsOwn() {
        Limits limits =
                Limits.CLIENT.withMessageLimits(1, 2).withMaxFragments(3).withMaxBufferedOutput(4);
        assertThat(limits).isEqualTo(new Limits(1, 2, 3, 4, 16, 65_536, 65_536, 5, HttpLimits.RESPONSE));
        Timeouts timeouts = Timeouts.DEFAULT
                .withHandshake(seconds(1))
                .withClose(seconds(2))
                .withKeepalive(seconds(3), seconds(4))
                .withProgress(seconds(5));
        assertThat(timeouts).isEqualTo(new Timeouts(seconds(1), seconds(2), seconds(3), seconds(4), seconds(5)));
        Settings settings = Settings.SERVER
                .withLimits(limits)
                .withTimeouts(timeouts)
                .withDelivery(Delivery.STREAMED)
                .withStallPolicy(StallPolicy.FAIL);
        assertThat(settings).isEqualTo(new Settings(limits, timeouts, Delivery.STREAMED, StallPolicy.FAIL));
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    @Test
    void timeoutsAreNotNegativeAndFitTheClock() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeouts.DEFAULT.withClose(Duration.ofNanos(-1)))
                .withMessage("the close timeout is PT-0.000000001S, it must not be negative");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Timeouts.DEFAULT.withClose(Duration.ofDays(1_000_000)));
        List<Function<Duration, Timeouts>> others = List.of(
                Timeouts.DEFAULT::withHandshake,
                Timeouts.DEFAULT::withProgress,
                timeout -> Timeouts.DEFAULT.withKeepalive(timeout, Timeouts.OFF),
                timeout -> Timeouts.DEFAULT.withKeepalive(Timeouts.OFF, timeout));
        for (Function<Duration, Timeouts> other : others) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.apply(Duration.ofNanos(-1)))
                    .withMessageEndingWith(" timeout is PT-0.000000001S, it must not be negative");
        }
        assertThat(Timeouts.DEFAULT.withClose(Timeouts.OFF).close()).isZero();
    }

    @Test
    void nothingMayBeMissing() {
        assertThatNullPointerException().isThrownBy(() -> Settings.CLIENT.withLimits(null));
        assertThatNullPointerException().isThrownBy(() -> Settings.CLIENT.withTimeouts(null));
        assertThatNullPointerException().isThrownBy(() -> Settings.CLIENT.withDelivery(null));
        assertThatNullPointerException().isThrownBy(() -> Settings.CLIENT.withStallPolicy(null));
    }
}
