package io.sansocket.cli;

import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.Rule;
import java.util.Set;

/** How a command tells the shell what happened; a contract. A signal's code is the JVM's: 130 for SIGINT, 143 for SIGTERM. */
final class ExitCode {
    static final int FINE = 0;
    /** What the user asked to see did not happen. */
    static final int CHECK_FAILED = 1;
    /** The command line was wrong. */
    static final int USAGE = 2;

    static final int CANNOT_CONNECT = 3;
    static final int HANDSHAKE_REFUSED = 4;
    static final int CLOSED_ABNORMALLY = 5;
    static final int TIMED_OUT = 6;

    /** What the JVM ends with after SIGINT, for where that does not come as a signal. */
    static final int INTERRUPTED = 130;

    private static final Set<Integer> EXPECTED_CLOSE =
            Set.of(CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RECEIVED);

    private static final Set<Rule> TIMEOUTS =
            Set.of(Rule.HANDSHAKE_TIMEOUT, Rule.PONG_TIMEOUT, Rule.CLOSE_TIMEOUT, Rule.FRAME_STALLED);

    private ExitCode() {}

    /** Returns the code for the end of a connection that was open. */
    static int of(Closed closed) {
        if (isTimeout(closed)) {
            return TIMED_OUT;
        }
        return isExpected(closed) ? FINE : CLOSED_ABNORMALLY;
    }

    static boolean isTimeout(Closed closed) {
        Rule rule = closed.rule();
        return closed.transportEnd() == TransportEnd.LOCAL_TIMEOUT || (rule != null && TIMEOUTS.contains(rule));
    }

    /** Tells whether a connection ended cleanly, and with a code that blames nobody. */
    static boolean isExpected(Closed closed) {
        return closed.isClean() && EXPECTED_CLOSE.contains(closed.closeCode());
    }
}
