package io.sansocket.cli;

import io.sansocket.WebSocket;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Messages as lines: a text as it is, bytes as hex. For a terminal what could steer it is escaped. */
final class LineTranscript implements Transcript {
    private final PrintWriter out;
    private final boolean terminal;

    LineTranscript(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void onText(WebSocket connection, String text) {
        line(terminal ? PayloadText.escape(text, Terminal.isUnicode()) : text);
    }

    @Override
    public void onBinary(WebSocket connection, ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        line(HexFormat.of().formatHex(bytes));
    }

    private void line(String line) {
        out.print(line);
        out.print('\n');
        out.flush();
    }

    @Override
    public boolean isUnread() {
        return out.checkError();
    }
}
