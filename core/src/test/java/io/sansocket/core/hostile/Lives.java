package io.sansocket.core.hostile;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.hostile.Shape.Start;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;

/** Connections with permessage-deflate, some at a time, which compress, inflate, and end in each way there is. */
final class Lives {
    private static final int AT_ONCE = 20;
    private static final byte[] CONTENT = Bytes.content(4, 2_000);
    private static final byte[] MESSAGE = Bytes.masked(0xC2, Bytes.deflated(CONTENT));
    private static final byte[] HALF = java.util.Arrays.copyOf(MESSAGE, MESSAGE.length / 2);

    private enum End {
        CLOSE,
        EOF,
        RESET,
        FAILURE,
        /** Nothing comes any more; the deadlines end it. */
        SILENCE
    }

    private final PermessageDeflate deflate = PermessageDeflate.create();
    private int number;

    void live(int connections) {
        for (int done = 0; done < connections; done += AT_ONCE) {
            var open = new Attack[Math.min(AT_ONCE, connections - done)];
            for (int i = 0; i < open.length; i++) {
                open[i] = Attack.on(Start.SERVER_INFLATES, Limits.SERVER, deflate, true)
                        .feed(MESSAGE, 1_460);
                open[i].protocol.sendBinary(ByteBuffer.wrap(CONTENT));
                open[i].transmit();
                open[i].feed(HALF, 1_460);
            }
            for (Attack each : open) {
                end(each);
            }
        }
    }

    private void end(Attack attack) {
        Protocol protocol = attack.protocol;
        End how = End.values()[number % End.values().length];
        number++;
        switch (how) {
            case CLOSE -> {
                attack.feed(java.util.Arrays.copyOfRange(MESSAGE, HALF.length, MESSAGE.length), 1_460);
                attack.feed(Bytes.masked(0x88), 1);
            }
            case EOF -> protocol.receiveEof(0);
            case RESET -> protocol.receiveReset(0);
            case FAILURE -> {
                attack.feed(java.util.Arrays.copyOfRange(MESSAGE, HALF.length, MESSAGE.length), 1_460);
                attack.feed(Bytes.masked(0x83), 1);
                protocol.receiveEof(0);
            }
            case SILENCE -> {
                while (protocol.deadline() != Protocol.NO_DEADLINE) {
                    protocol.timeout(protocol.deadline());
                    attack.transmit();
                }
            }
        }
        attack.transmit();
        if (!protocol.isOutputDone()) {
            throw new AssertionError("not over after " + how + ": " + protocol.progress());
        }
    }
}
