package io.sansocket;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.protocol.Delivery;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.protocol.StallPolicy;
import io.sansocket.core.protocol.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What clients and servers choose alike. */
final class Options {
    Settings settings;
    Traffic traffic = Traffic.DEFAULT;
    final List<ExtensionProvider> extensions = new ArrayList<>();

    @Nullable
    Listener listener;

    @Nullable
    Loops loops;

    @Nullable
    Tls tls;

    Options(Settings settings) {
        this.settings = settings;
    }

    void limits(Limits limits) {
        settings = settings.withLimits(limits);
    }

    void timeouts(Timeouts timeouts) {
        settings = settings.withTimeouts(timeouts);
    }

    void stallPolicy(StallPolicy policy) {
        settings = settings.withStallPolicy(policy);
    }

    void streamMessages() {
        settings = settings.withDelivery(Delivery.STREAMED);
    }

    void compression(PermessageDeflate deflate) {
        extensions.add(deflate);
    }

    void receiveBuffer(long bytes, int messages) {
        traffic = traffic.withInbox(bytes, messages);
    }

    void sendBuffer(long bytes, OverflowPolicy policy) {
        traffic = traffic.withOutbox(bytes, policy);
    }

    void writeTimeout(Duration timeout) {
        traffic = traffic.withWriteTimeout(Objects.requireNonNull(timeout, "timeout"));
    }

    void memoryBudget(MemoryBudget budget) {
        traffic = traffic.withBudget(budget);
    }

    /** The outbox keeps the limit of what waits, so the protocol need not. */
    Settings protocolSettings() {
        return settings.withLimits(settings.limits().withMaxBufferedOutput(Limits.UNLIMITED));
    }

    boolean isStreamed() {
        return settings.delivery() == Delivery.STREAMED;
    }
}
