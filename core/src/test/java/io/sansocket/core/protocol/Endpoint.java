package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * One end of a connection under test, its clock, and all that came out of it and was not looked at yet.
 *
 * <p>{@code receive} injects bytes, {@code expect…} takes what came out, {@code advance} moves the clock through every
 * deadline. What was transmitted is collected after each call unless {@link #block} says that the peer does not read.
 */
final class Endpoint {
    /** Masking keys and nonces that a test can foresee: the nonce is RFC 6455 §1.3's, the keys are {@link Wire#KEY}. */
    static MaskingKeySource keys() {
        Iterator<Integer> nonce =
                List.of(0x7468_6520, 0x7361_6d70, 0x6c65_206e, 0x6f6e_6365).iterator();
        return () -> nonce.hasNext() ? nonce.next() : 0x37FA_213D;
    }

    private static final URI TARGET = URI.create("ws://server.example.com/chat");

    final Role role;
    final Protocol protocol;
    long now;
    private final Deque<Event> unread = new ArrayDeque<>();
    private ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private boolean blocked;

    private Endpoint(Role role, Protocol protocol, long now) {
        this.role = role;
        this.protocol = protocol;
        this.now = now;
        settle();
    }

    /** Returns an end whose opening handshake has not begun (a server), or whose request was sent (a client). */
    static Endpoint unopened(Role role, Settings settings, long now, ExtensionProvider... extensions) {
        Protocol protocol = role == Role.SERVER
                ? new ServerProtocol(settings, OriginPolicy.any(), List.of(extensions), now)
                : ClientProtocol.connect(
                        TARGET, HandshakeOptions.NONE.withExtensions(extensions), settings, keys(), now);
        return new Endpoint(role, protocol, now);
    }

    static Endpoint unopened(Role role) {
        return unopened(role, settings(role), 0);
    }

    /** Returns an end whose opening handshake is done and forgotten. */
    static Endpoint open(Role role, Settings settings, long now) {
        Endpoint end = unopened(role, settings, now);
        end.open();
        return end;
    }

    static Endpoint open(Role role, Settings settings) {
        return open(role, settings, 0);
    }

    static Endpoint open(Role role) {
        return open(role, settings(role));
    }

    static Settings settings(Role role) {
        return role == Role.CLIENT ? Settings.CLIENT : Settings.SERVER;
    }

    private void open() {
        receive(Wire.head(role == Role.SERVER ? Wire.REQUEST : Wire.RESPONSE));
        if (role == Role.SERVER) {
            next(Event.HandshakeRequest.class);
            accept();
        }
        next(Event.Opened.class);
        takeSent();
    }

    // ---- what a test does ----

    Endpoint receive(byte[]... bytes) {
        protocol.receive(ByteBuffer.wrap(Wire.join(bytes)), now);
        return settle();
    }

    Endpoint receive(ByteBuffer bytes) {
        protocol.receive(bytes, now);
        return settle();
    }

    Endpoint eof() {
        protocol.receiveEof(now);
        return settle();
    }

    Endpoint reset() {
        protocol.receiveReset(now);
        return settle();
    }

    Endpoint end(TransportEnd how) {
        protocol.receiveEnd(how, now);
        return settle();
    }

    Endpoint accept() {
        server().accept(now);
        return settle();
    }

    Endpoint accept(String subprotocol, HttpHeaders headers) {
        server().accept(subprotocol, headers, now);
        return settle();
    }

    ServerProtocol server() {
        return (ServerProtocol) protocol;
    }

    /** Moves the clock, and stops at every deadline on the way. */
    Endpoint advance(Duration duration) {
        long until = now + duration.toNanos();
        while (hasDeadlineUntil(until)) {
            now = protocol.deadline();
            protocol.timeout(now);
            settle();
            assertNothingIsDue();
        }
        now = until;
        return this;
    }

    /** What was due was dealt with: otherwise an engine would call again at once, and for ever. */
    void assertNothingIsDue() {
        assertThat(hasDeadlineUntil(now))
                .as("a deadline is due after timeout()")
                .isFalse();
    }

    boolean hasDeadlineUntil(long time) {
        return protocol.deadline() != Protocol.NO_DEADLINE && protocol.deadline() - time <= 0;
    }

    /** From now on the peer does not read. */
    Endpoint block() {
        blocked = true;
        return this;
    }

    /** The peer reads again. */
    Endpoint unblock() {
        blocked = false;
        return settle();
    }

    /** Takes the events, and what there is to transmit. */
    Endpoint settle() {
        if (!blocked) {
            transmit();
        }
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            unread.add(event);
        }
        return this;
    }

    private void transmit() {
        ByteBuffer target = ByteBuffer.allocate(1 << 11);
        while (protocol.transmit(target) > 0) {
            sent.write(target.array(), 0, target.position());
            target.clear();
        }
    }

    // ---- what a test looks at ----

    /** Returns the bytes transmitted since the last look. */
    byte[] takeSent() {
        settle();
        byte[] bytes = sent.toByteArray();
        sent = new ByteArrayOutputStream();
        return bytes;
    }

    String takeSentText() {
        return new String(takeSent(), StandardCharsets.ISO_8859_1);
    }

    /** Returns the events since the last look. */
    List<Event> takeEvents() {
        settle();
        var events = new ArrayList<>(unread);
        unread.clear();
        return events;
    }

    <E extends Event> E next(Class<E> type) {
        settle();
        Event event = unread.poll();
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }

    Endpoint expect(Event... events) {
        assertThat(takeEvents()).containsExactly(events);
        return this;
    }

    Endpoint expectSent(byte[]... frames) {
        assertThat(Wire.show(takeSent())).isEqualTo(Wire.show(Wire.join(frames)));
        return this;
    }

    Endpoint expectNothing() {
        return expect().expectSent();
    }

    Endpoint expectNoEvent() {
        return expect();
    }

    Closed expectClosed() {
        Closed closed = next(Closed.class);
        assertThat(unread).isEmpty();
        assertThat(protocol.isOutputDone()).isTrue();
        assertThat(protocol.hasOutput()).isFalse();
        assertThat(protocol.deadline()).isEqualTo(Protocol.NO_DEADLINE);
        return closed;
    }

    /**
     * Expects that the connection is being failed (RFC 6455 §7.1.7): a Close frame with this code and a reason that holds
     * the text was the last thing sent, later bytes are dropped, the end of the stream ends it.
     */
    Closed expectFailure(int code, String text) {
        byte[] all = takeSent();
        byte[] payload = closePayload(all);
        int sentCode = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        String reason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        assertThat(reason).contains(text.substring(0, Math.min(text.length(), 40)));
        assertThat(sentCode).isEqualTo(code);
        assertThat(protocol.isOutputDone()).isTrue();
        receive(Wire.frame(role.peer(), 0x81, "late")).expectNothing();
        Closed closed = eof().expectClosed();
        assertThat(String.valueOf(closed.violation())).contains(text);
        assertThat(closed.isClean()).isFalse();
        return closed;
    }

    private byte[] closePayload(byte[] sentBytes) {
        boolean masked = role == Role.CLIENT;
        int header = masked ? 6 : 2;
        assertThat(sentBytes).as("a Close frame").hasSizeGreaterThanOrEqualTo(header + 2);
        assertThat(sentBytes[0]).isEqualTo((byte) 0x88);
        int length = sentBytes[1] & 0x7F;
        assertThat(sentBytes).hasSize(header + length);
        byte[] payload = Arrays.copyOfRange(sentBytes, header, sentBytes.length);
        for (int i = 0; masked && i < payload.length; i++) {
            payload[i] ^= Wire.KEY[i % 4];
        }
        return payload;
    }

    /** Nothing is left unread or unsent. */
    void assertExhausted() {
        expectNothing();
        assertThat(protocol.hasOutput()).isFalse();
    }
}
