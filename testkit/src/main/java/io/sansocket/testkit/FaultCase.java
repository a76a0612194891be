package io.sansocket.testkit;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.Rule;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One fault at one moment, and what an end with default settings has to say about it.
 *
 * <p>Give the {@link #script} to a {@link FaultyPeer} of the other role, let the end under test connect or be connected to,
 * and compare its {@link Closed} with {@link #verify}. It does nothing but answer the handshake; where {@link #closesFirst}
 * it begins the closing handshake as soon as it is open.
 *
 * @param tested the role of the end under test
 * @param moment when the fault happens
 * @param fault what happens
 * @param rule the rule that is broken; null when none is
 * @param transportEnd who ends the transport, and how
 * @param phase where the incoming stream stands at the end
 * @param stalled whether a stalled frame is reported before
 * @since 0.1
 */
public record FaultCase(
        Role tested,
        Moment moment,
        Fault fault,
        @Nullable Rule rule,
        TransportEnd transportEnd,
        Phase phase,
        boolean stalled) {
    /** Checks that nothing is missing. */
    public FaultCase {
        Objects.requireNonNull(tested);
        Objects.requireNonNull(moment);
        Objects.requireNonNull(fault);
        Objects.requireNonNull(transportEnd);
        Objects.requireNonNull(phase);
    }

    /** Returns the cases for an end: every fault at every moment where it makes sense. */
    public static List<FaultCase> all(Role tested) {
        return FaultTable.CASES.stream().filter(fault -> fault.tested == tested).toList();
    }

    /** Tells whether the end under test must speak TLS; it may in every case. */
    public boolean needsTls() {
        return moment == Moment.TLS || fault == Fault.TLS_TRUNCATION;
    }

    /**
     * Tells whether, where the end under test speaks TLS, this happens before TLS is up. There is no WebSocket connection
     * yet: the end may tell of a failure of TLS instead of what the case has to say.
     */
    public boolean isBeforeTls() {
        return moment == Moment.ACCEPT || moment == Moment.TLS;
    }

    /**
     * Returns this case as an end has to tell it that cannot know whether close_notify came, as with JSSE's sockets: a stream
     * that was cut has ended.
     */
    public FaultCase withCutsTakenForEnds() {
        TransportEnd told = transportEnd == TransportEnd.PEER_TRUNCATED ? TransportEnd.PEER_EOF : transportEnd;
        return new FaultCase(tested, moment, fault, rule, told, phase, stalled);
    }

    /** Tells whether the end under test begins the closing handshake. */
    public boolean closesFirst() {
        return moment == Moment.CLOSE_SENT;
    }

    /**
     * Returns the peer's script without TLS.
     *
     * @throws IllegalStateException if the case needs TLS
     */
    public Script script() {
        if (needsTls()) {
            throw new IllegalStateException(this + " needs TLS");
        }
        return FaultScripts.of(this);
    }

    /** Returns the peer's script where the end under test speaks TLS. */
    public Script script(SSLContext context) {
        Script script = FaultScripts.of(this);
        return isBeforeTls() ? script : script.overTls(context);
    }

    /**
     * Compares how the end under test ended with how it should.
     *
     * @throws AssertionError if it is something else
     */
    public void verify(Closed closed) {
        boolean same = closed.rule() == rule
                && closed.transportEnd() == transportEnd
                && closed.progress().phase() == phase;
        if (!same) {
            throw new AssertionError(this + ": expected " + says(rule, transportEnd, phase) + ", it ended with "
                    + says(
                            closed.rule(),
                            closed.transportEnd(),
                            closed.progress().phase()) + ": " + closed);
        }
    }

    private static String says(@Nullable Rule rule, TransportEnd end, Phase phase) {
        return (rule == null ? "no rule broken" : rule.id()) + ", " + end.name() + ", " + phase;
    }

    /** Returns the case in a few words. */
    @Override
    public String toString() {
        return fault + " at " + moment + " before a " + tested;
    }
}
