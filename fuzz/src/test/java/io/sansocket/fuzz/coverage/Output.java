package io.sansocket.fuzz.coverage;

import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpResponse;
import java.nio.ByteBuffer;

/** What an end may write: one head, then lawful frames, a Close frame the last of them; or a refusal with its body. */
final class Output {
    private Output() {}

    /** Checks a client's bytes. */
    static void checkClient(ByteBuffer output) {
        var parser = HttpHeadParser.forRequests(HttpLimits.REQUEST);
        Oracle.check(parser.parse(output), "a client begins with a request");
        checkFrames(Role.CLIENT, output);
    }

    /** Checks a server's bytes, and tells whether they begin with the response that accepts. */
    static boolean checkServer(ByteBuffer output) {
        if (!output.hasRemaining()) {
            return false;
        }
        var parser = HttpHeadParser.forResponses(HttpLimits.RESPONSE);
        Oracle.check(parser.parse(output), "a server begins with a response");
        HttpResponse response = parser.response();
        if (response.status() == 101) {
            checkFrames(Role.SERVER, output);
            return true;
        }
        Oracle.check(response.status() >= 400, "a refusal is an error of HTTP");
        Oracle.same(
                String.valueOf(output.remaining()), response.headers().first("Content-Length"), "a refusal's length");
        return false;
    }

    private static void checkFrames(Role sender, ByteBuffer output) {
        var log = new FrameLog(sender, false, Long.MAX_VALUE);
        log.decode(output.slice());
        boolean closed = false;
        for (FrameLog.Entry entry : log.entries()) {
            Oracle.check(!closed, "nothing comes behind a Close frame");
            Oracle.check(entry instanceof FrameLog.Seen, "only lawful frames are sent: " + entry);
            if (entry instanceof FrameLog.Seen frame && frame.opcode() == Opcode.CLOSE.code()) {
                closed = true;
                byte[] payload = new byte[frame.payload().remaining()];
                frame.payload().get(payload);
                Oracle.check(ClosePayload.check(payload, 0) == null, "a Close frame that is sent is lawful");
            }
        }
        Oracle.check(!log.decoder().inHeader() && !log.decoder().inPayload(), "only whole frames are sent");
    }
}
