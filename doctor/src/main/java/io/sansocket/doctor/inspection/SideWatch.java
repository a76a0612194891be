package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.capture.PacketRef;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a TCP connection while nobody knows what it carries: a head that is being collected, frames that may be
 * some, and what waits until it is known.
 */
final class SideWatch {
    /** How many segments without HTTP and without evidence of frames it takes to lose interest. */
    private static final int PATIENCE = 64;

    private static final int MASK_BIT = 0x80;

    private final Workspace workspace;
    private final Backlog backlog;
    private HeadCollector head;
    private boolean httpSeen;
    private int segments;
    /** Bytes of the side so far, those that the capture lacks included. */
    private long seen;
    /** How many of them do not count in the offsets of frames, since they are heads. */
    private long origin;
    /** Whether a head of the opening handshake was seen to its end, so that a frame comes next. */
    private boolean framesDue;

    // Invariant: while there is a chain, the backlog holds its bytes, and chainStart bytes came before.
    private @Nullable FrameChain chain;
    private @Nullable Role chainSender;
    private long chainStart;

    SideWatch(Workspace workspace) {
        this.workspace = workspace;
        backlog = new Backlog(workspace);
        head = new HeadCollector(workspace);
    }

    HeadCollector head() {
        return head;
    }

    /** Tells whether the next byte belongs to a head, or may begin one. */
    boolean expectsHead(ByteBuffer in) {
        byte first = in.get(in.position());
        return head.length() > 0 || (first >= 'A' && first <= 'Z');
    }

    /** Forgets the head, or what was taken for one; the next segment may begin with another. */
    void endHead(boolean wasHttp) {
        renewHead();
        httpSeen |= wasHttp;
        origin = httpSeen ? seen : 0;
    }

    /** Ends a head like {@link #endHead} and hands it over; to release its memory is the caller's from then on. */
    HeadCollector takeHead() {
        HeadCollector taken = head;
        head = new HeadCollector(workspace);
        httpSeen = true;
        origin = seen;
        return taken;
    }

    /** Tells whether a request may still come: the side was silent so far, or spoke HTTP alone. */
    boolean mayBringRequest() {
        return httpSeen || head.length() > 0 || seen == 0;
    }

    /** Says that frames come behind the head that just ended. */
    void expectFrames() {
        framesDue = true;
        forgetFrames();
    }

    /** Forgets what was agreed, since the handshake failed. */
    void expectHttp() {
        framesDue = false;
        forgetFrames();
    }

    /** Tells whether anything had to do with HTTP. */
    boolean isHttp() {
        return httpSeen;
    }

    void count(long bytes) {
        seen += bytes;
    }

    /** Returns how many bytes of the side do not count in the offsets of frames. */
    long origin() {
        return origin;
    }

    /** Keeps bytes, or passes over those that do not fit; tells whether they fit. */
    boolean hold(ByteBuffer bytes, PacketRef packet) {
        if (backlog.isFull()) {
            return false;
        }
        backlog.add(bytes, packet);
        seen += bytes.remaining();
        return true;
    }

    /** Remembers that the capture lacks bytes here. */
    void hold(long hole, PacketRef packet, Ending cause) {
        backlog.addHole(hole, packet, cause);
        seen += hole;
    }

    /** Looks at a segment that is no HTTP as frames. */
    void considerFrames(ByteBuffer segment, PacketRef packet) {
        segments++;
        if (!httpSeen && !isHopeless()) {
            FrameChain current = chain;
            if (current != null) {
                current.add(segment);
            }
            if (current == null || !current.isLawful() || backlog.isFull()) {
                beginChain(segment);
            }
            if (chain != null) {
                backlog.add(segment, packet);
            }
        }
        seen += segment.remaining();
    }

    private void beginChain(ByteBuffer segment) {
        forgetFrames();
        if (segment.remaining() < 2) {
            return;
        }
        boolean masked = (segment.get(segment.position() + 1) & MASK_BIT) != 0;
        Role sender = masked ? Role.CLIENT : Role.SERVER;
        var candidate = new FrameChain(sender, 0);
        candidate.add(segment);
        if (candidate.isLawful()) {
            chain = candidate;
            chainSender = sender;
            chainStart = seen;
        }
    }

    /** Gives up what looked like frames, and what waits. */
    void forgetFrames() {
        chain = null;
        chainSender = null;
        backlog.clear();
    }

    /** Tells whether to look at no further byte. */
    boolean isHopeless() {
        return !httpSeen && segments > PATIENCE && evidence() == 0;
    }

    /** Returns how many bits speak for frames without a handshake. */
    int evidence() {
        return chain == null ? 0 : chain.evidence();
    }

    /** Returns whose frames these are by their mask bits, or null when there are none. */
    @Nullable
    Role chainSender() {
        return evidence() > 0 ? chainSender : null;
    }

    /** Starts a stream where frames are due, or were found, or where some may come; gives it what waits. */
    void handOver(StreamInspection stream) {
        if (!framesDue && evidence() > 0) {
            stream.startWithFrame(chainStart - origin);
        } else if (!framesDue) {
            backlog.clear();
            stream.startInTheMiddle(seen - origin);
        }
        backlog.moveTo(stream);
        chain = null;
        renewHead();
    }

    private void renewHead() {
        head.release();
        head = new HeadCollector(workspace);
    }

    /** Gives everything back: the connection is over. */
    void release() {
        forgetFrames();
        renewHead();
    }
}
