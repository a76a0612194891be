package io.sansocket.testkit;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The expected outcomes of the fault cases, written by hand from RFC 6455 and the documentation of core's defaults.
 *
 * <p>A stream that ends breaks the rule of the place where it ends (§7.1.5, §7.1.7), and a Close frame that both sides have
 * sent breaks none. A peer that says nothing is given up by the timeout of what is waited for: the handshake's, the closing
 * handshake's, or while open the keepalive's; {@code +} marks that the unfinished frame is reported as stalled before.
 *
 * <p>TLS changes none of this but in two places. A stream that ends without close_notify ends by {@code PEER_TRUNCATED}
 * ({@link FaultCase#withCutsTakenForEnds}), and at {@code ACCEPT} and {@code TLS} there is no stream yet for core to judge:
 * an end may say so instead ({@link FaultCase#isBeforeTls}).
 */
final class FaultTable {
    private static final String OUTCOMES = """
            moment             fault            tested  rule                   ended by       phase

            ACCEPT             FIN              both    handshake-incomplete   PEER_EOF       HANDSHAKE
            ACCEPT             HALF_CLOSE       both    handshake-incomplete   PEER_EOF       HANDSHAKE
            ACCEPT             RESET            both    handshake-incomplete   PEER_RESET     HANDSHAKE
            ACCEPT             STALL            client  handshake-timeout      LOCAL_TIMEOUT  HANDSHAKE
            ACCEPT             STALL            server  handshake-timeout      LOCAL_TIMEOUT  CLOSING

            TLS                FIN              both    handshake-incomplete   PEER_EOF       HANDSHAKE
            TLS                HALF_CLOSE       both    handshake-incomplete   PEER_EOF       HANDSHAKE
            TLS                RESET            both    handshake-incomplete   PEER_RESET     HANDSHAKE
            TLS                STALL            client  handshake-timeout      LOCAL_TIMEOUT  HANDSHAKE
            TLS                STALL            server  handshake-timeout      LOCAL_TIMEOUT  CLOSING

            HEAD               FIN              both    handshake-incomplete   PEER_EOF       HANDSHAKE
            HEAD               HALF_CLOSE       both    handshake-incomplete   PEER_EOF       HANDSHAKE
            HEAD               TLS_TRUNCATION   both    handshake-incomplete   PEER_TRUNCATED HANDSHAKE
            HEAD               RESET            both    handshake-incomplete   PEER_RESET     HANDSHAKE
            HEAD               STALL            client  handshake-timeout      LOCAL_TIMEOUT  HANDSHAKE
            HEAD               STALL            server  handshake-timeout      LOCAL_TIMEOUT  CLOSING
            HEAD               DRIBBLE          client  -                      PEER_EOF       CLOSING
            HEAD               DRIBBLE          server  -                      LOCAL          CLOSING
            HEAD               WRONG_ACCEPT     client  handshake-accept       LOCAL          HANDSHAKE

            FIRST_HEADER       FIN              both    incomplete-frame       PEER_EOF       IN_HEADER
            FIRST_HEADER       HALF_CLOSE       both    incomplete-frame       PEER_EOF       IN_HEADER
            FIRST_HEADER       TLS_TRUNCATION   both    incomplete-frame       PEER_TRUNCATED IN_HEADER
            FIRST_HEADER       RESET            both    incomplete-frame       PEER_RESET     IN_HEADER
            FIRST_HEADER       STALL            both    pong-timeout           LOCAL_TIMEOUT  CLOSING +
            FIRST_HEADER       DRIBBLE          client  -                      PEER_EOF       CLOSING
            FIRST_HEADER       DRIBBLE          server  -                      LOCAL          CLOSING
            FIRST_HEADER       BAD_MASK         client  masked-server-frame    PEER_EOF       CLOSING
            FIRST_HEADER       BAD_MASK         server  unmasked-client-frame  PEER_EOF       CLOSING
            FIRST_HEADER       HUGE_LENGTH      both    message-too-big        PEER_EOF       CLOSING
            FIRST_HEADER       NEGATIVE_LENGTH  both    length-out-of-range    PEER_EOF       CLOSING
            FIRST_HEADER       HTTP_TEXT        both    reserved-bits          PEER_EOF       CLOSING

            PAYLOAD            FIN              both    incomplete-frame       PEER_EOF       IN_PAYLOAD
            PAYLOAD            HALF_CLOSE       both    incomplete-frame       PEER_EOF       IN_PAYLOAD
            PAYLOAD            TLS_TRUNCATION   both    incomplete-frame       PEER_TRUNCATED IN_PAYLOAD
            PAYLOAD            RESET            both    incomplete-frame       PEER_RESET     IN_PAYLOAD
            PAYLOAD            STALL            both    pong-timeout           LOCAL_TIMEOUT  CLOSING +

            CONTROL_FRAME      FIN              both    incomplete-frame       PEER_EOF       IN_PAYLOAD
            CONTROL_FRAME      HALF_CLOSE       both    incomplete-frame       PEER_EOF       IN_PAYLOAD
            CONTROL_FRAME      TLS_TRUNCATION   both    incomplete-frame       PEER_TRUNCATED IN_PAYLOAD
            CONTROL_FRAME      RESET            both    incomplete-frame       PEER_RESET     IN_PAYLOAD
            CONTROL_FRAME      STALL            both    pong-timeout           LOCAL_TIMEOUT  CLOSING +
            CONTROL_FRAME      DRIBBLE          client  -                      PEER_EOF       CLOSING
            CONTROL_FRAME      DRIBBLE          server  -                      LOCAL          CLOSING

            BETWEEN_FRAGMENTS  FIN              both    incomplete-message     PEER_EOF       BETWEEN_FRAGMENTS
            BETWEEN_FRAGMENTS  HALF_CLOSE       both    incomplete-message     PEER_EOF       BETWEEN_FRAGMENTS
            BETWEEN_FRAGMENTS  TLS_TRUNCATION   both    incomplete-message     PEER_TRUNCATED BETWEEN_FRAGMENTS
            BETWEEN_FRAGMENTS  RESET            both    incomplete-message     PEER_RESET     BETWEEN_FRAGMENTS
            BETWEEN_FRAGMENTS  STALL            both    pong-timeout           LOCAL_TIMEOUT  CLOSING
            BETWEEN_FRAGMENTS  DRIBBLE          client  -                      PEER_EOF       CLOSING
            BETWEEN_FRAGMENTS  DRIBBLE          server  -                      LOCAL          CLOSING

            BETWEEN_FRAMES     FIN              both    missing-close-frame    PEER_EOF       BETWEEN_FRAMES
            BETWEEN_FRAMES     HALF_CLOSE       both    missing-close-frame    PEER_EOF       BETWEEN_FRAMES
            BETWEEN_FRAMES     TLS_TRUNCATION   both    missing-close-frame    PEER_TRUNCATED BETWEEN_FRAMES
            BETWEEN_FRAMES     RESET            both    missing-close-frame    PEER_RESET     BETWEEN_FRAMES
            BETWEEN_FRAMES     STALL            both    pong-timeout           LOCAL_TIMEOUT  CLOSING
            BETWEEN_FRAMES     SWALLOW          both    pong-timeout           LOCAL_TIMEOUT  CLOSING

            CLOSE_SENT         FIN              both    missing-close-frame    PEER_EOF       CLOSING
            CLOSE_SENT         HALF_CLOSE       both    missing-close-frame    PEER_EOF       CLOSING
            CLOSE_SENT         TLS_TRUNCATION   both    missing-close-frame    PEER_TRUNCATED CLOSING
            CLOSE_SENT         RESET            both    missing-close-frame    PEER_RESET     CLOSING
            CLOSE_SENT         STALL            both    close-timeout          LOCAL_TIMEOUT  CLOSING
            CLOSE_SENT         SWALLOW          both    close-timeout          LOCAL_TIMEOUT  CLOSING
            CLOSE_SENT         DRIBBLE          client  -                      PEER_EOF       CLOSING
            CLOSE_SENT         DRIBBLE          server  -                      LOCAL          CLOSING

            CLOSE_RECEIVED     FIN              client  -                      PEER_EOF       CLOSING
            CLOSE_RECEIVED     HALF_CLOSE       client  -                      PEER_EOF       CLOSING
            CLOSE_RECEIVED     TLS_TRUNCATION   client  -                      PEER_TRUNCATED CLOSING
            CLOSE_RECEIVED     RESET            client  -                      PEER_RESET     CLOSING
            CLOSE_RECEIVED     STALL            client  -                      LOCAL_TIMEOUT  CLOSING
            CLOSE_RECEIVED     DRIBBLE          client  -                      PEER_EOF       CLOSING
            CLOSE_RECEIVED     SECOND_CLOSE     client  -                      PEER_EOF       CLOSING
            CLOSE_RECEIVED     DATA_AFTER_CLOSE client  -                      PEER_EOF       CLOSING
            CLOSE_RECEIVED     FIN              server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     HALF_CLOSE       server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     TLS_TRUNCATION   server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     RESET            server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     STALL            server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     DRIBBLE          server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     SECOND_CLOSE     server  -                      LOCAL          CLOSING
            CLOSE_RECEIVED     DATA_AFTER_CLOSE server  -                      LOCAL          CLOSING
            """;

    static final List<FaultCase> CASES = parse();

    private FaultTable() {}

    private static List<FaultCase> parse() {
        var cases = new ArrayList<FaultCase>();
        OUTCOMES.lines().skip(1).filter(line -> !line.isBlank()).forEach(line -> {
            String[] cells = line.split(" +", -1);
            for (Role tested : Role.values()) {
                if (cells[2].equals("both") || cells[2].equals(tested.name().toLowerCase(Locale.ROOT))) {
                    cases.add(toCase(cells, tested));
                }
            }
        });
        return List.copyOf(cases);
    }

    private static FaultCase toCase(String[] cells, Role tested) {
        return new FaultCase(
                tested,
                Moment.valueOf(cells[0]),
                Fault.valueOf(cells[1]),
                rule(cells[3]),
                TransportEnd.valueOf(cells[4]),
                Phase.valueOf(cells[5]),
                cells.length > 6);
    }

    private static @Nullable Rule rule(String id) {
        if (id.equals("-")) {
            return null;
        }
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.id().equals(id))
                .findAny()
                .orElseThrow(() -> new NoSuchElementException(id));
    }
}
