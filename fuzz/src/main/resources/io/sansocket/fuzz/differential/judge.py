"""Judges streams with a Sans-I/O library of Python, for PythonJudge.java.

Usage: judge.py websockets|wsproto LIMIT

Standard input has batches: their number of streams, then for each whether the receiver is a server, the window bits (0:
no compression), whether there is context takeover, and the pieces. Standard output has the version, then for each stream
its verdict: the items that were handed on, how it ended, with which code and reason, and the library's own words. Numbers
are big-endian; byte strings have their length in front.
"""

import logging
import struct
import sys

TEXT, BINARY, PING, PONG = b"TBIO"
EOF, CLOSE, FAIL = b"ECF"


class WebsocketsJudge:
    """The Sans-I/O protocols of websockets, with extensions and state as their handshakes leave them."""

    def __init__(self, limit):
        from websockets import version
        from websockets.extensions.permessage_deflate import PerMessageDeflate
        from websockets.frames import Opcode
        from websockets.protocol import OPEN, Protocol, Side

        logging.getLogger("websockets").setLevel(logging.CRITICAL)
        self.version = version.version
        self.limit = limit
        self.extension = PerMessageDeflate
        self.protocol = Protocol
        self.side = Side
        self.open = OPEN
        self.opcode = Opcode

    def judge(self, server, window_bits, takeover, pieces):
        side = self.side.SERVER if server else self.side.CLIENT
        protocol = self.protocol(side, state=self.open, max_size=self.limit)
        if window_bits:
            protocol.extensions = [self.extension(not takeover, False, window_bits, 15)]
        items = []
        message = _Message(items)
        for piece in pieces:
            protocol.receive_data(piece)
            protocol.data_to_send()
            for frame in protocol.events_received():
                if frame.opcode is self.opcode.CLOSE:
                    received = protocol.close_rcvd
                    return items, (CLOSE, received.code, received.reason.encode(), "")
                if frame.opcode is self.opcode.PING:
                    items.append((PING, bytes(frame.data)))
                elif frame.opcode is self.opcode.PONG:
                    items.append((PONG, bytes(frame.data)))
                else:
                    if frame.opcode is not self.opcode.CONT:
                        message.begin(frame.opcode is self.opcode.TEXT)
                    # The Sans-I/O layer leaves UTF-8 to the layers above it, which decode whole messages.
                    error = message.add(bytes(frame.data), frame.fin)
                    if error:
                        return items, (FAIL, 1007, b"", error)
            if protocol.parser_exc is not None:
                return items, (FAIL, protocol.close_sent.code, b"", repr(protocol.parser_exc))
        return items, (EOF, 0, b"", "")


class _Message:
    """A message in the making."""

    def __init__(self, items):
        self.items = items
        self.text = False
        self.parts = []

    def begin(self, text):
        self.text = text
        self.parts = []

    def add(self, part, last):
        """Add a part; return what is wrong with the text, if anything."""
        self.parts.append(part)
        if not last:
            return None
        data = b"".join(self.parts)
        if self.text:
            try:
                data.decode()
            except UnicodeDecodeError as exc:
                return str(exc)
        self.items.append((TEXT if self.text else BINARY, data))
        return None


class WsprotoJudge:
    """wsproto's connection behind the handshake; it has no limit to tell."""

    def __init__(self, limit):
        import wsproto
        from wsproto import events
        from wsproto.connection import Connection, ConnectionState, ConnectionType
        from wsproto.extensions import PerMessageDeflate

        self.version = wsproto.__version__
        self.events = events
        self.connection = Connection
        self.type = ConnectionType
        self.open = ConnectionState.OPEN
        self.extension = PerMessageDeflate

    def judge(self, server, window_bits, takeover, pieces):
        extensions = []
        if window_bits:
            extension = self.extension()
            sender = "client" if server else "server"
            parameters = f"permessage-deflate; {sender}_max_window_bits={window_bits}"
            extension.finalize(parameters + ("" if takeover else f"; {sender}_no_context_takeover"))
            extensions = [extension]
        connection = self.connection(self.type.SERVER if server else self.type.CLIENT, extensions)
        items = []
        message = []
        for piece in pieces:
            connection.receive_data(piece)
            for event in connection.events():
                if isinstance(event, self.events.Message):
                    text = isinstance(event, self.events.TextMessage)
                    message.append(event.data.encode() if text else bytes(event.data))
                    if event.message_finished:
                        items.append((TEXT if text else BINARY, b"".join(message)))
                        message = []
                elif isinstance(event, self.events.Ping):
                    items.append((PING, bytes(event.payload)))
                elif isinstance(event, self.events.Pong):
                    items.append((PONG, bytes(event.payload)))
                else:
                    reason = event.reason or ""
                    if connection.state is self.open:
                        return items, (FAIL, event.code, b"", reason)
                    return items, (CLOSE, event.code, reason.encode(), "")
        return items, (EOF, 0, b"", "")


JUDGES = {"websockets": WebsocketsJudge, "wsproto": WsprotoJudge}


def read(count):
    data = sys.stdin.buffer.read(count)
    if len(data) < count:
        sys.exit(0)
    return data


def read_stream():
    server, window_bits, takeover, count = struct.unpack("!?B?I", read(7))
    pieces = []
    for _ in range(count):
        (length,) = struct.unpack("!I", read(4))
        pieces.append(read(length))
    return server, window_bits, takeover, pieces


def chars(data):
    return struct.pack("!I", len(data)) + data


def verdict(items, end):
    ending, code, reason, why = end
    yield struct.pack("!I", len(items))
    for kind, data in items:
        yield struct.pack("!B", kind) + chars(data)
    yield struct.pack("!BH", ending, code) + chars(reason) + chars(why.encode("ascii", "backslashreplace"))


def judged(judge, stream):
    try:
        return judge.judge(*stream)
    except Exception as exc:  # an exception that escapes the library is a verdict, too
        return [], (FAIL, 0, b"", f"raised {exc!r}")


def main():
    judge = JUDGES[sys.argv[1]](int(sys.argv[2]))
    out = sys.stdout.buffer
    version = judge.version.encode()
    out.write(struct.pack("!H", len(version)) + version)
    out.flush()
    while True:
        (count,) = struct.unpack("!I", read(4))
        streams = [read_stream() for _ in range(count)]
        out.write(b"".join(part for stream in streams for part in verdict(*judged(judge, stream))))
        out.flush()


if __name__ == "__main__":
    main()
