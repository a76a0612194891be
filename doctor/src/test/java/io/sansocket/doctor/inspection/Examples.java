package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the files in {@code examples/}. Run it from the module's folder to write them anew; a test keeps both equal.
 */
final class Examples {
    static final Path FOLDER = Path.of("..", "examples");

    private static final String QUOTE =
            "{\"type\":\"quote\",\"symbol\":\"SNSK\",\"bid\":41.1,\"ask\":41.23,\"size\":[1200,800],"
                    + "\"venue\":\"Z\u00fcrich\",\"note\":\"a server counted characters of another text, "
                    + "so its header promises three bytes more than it sends\"}";

    private Examples() {}

    static Map<String, byte[]> all() {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("truncated.pcapng", truncated());
        files.put("reset-in-header.pcapng", resetInHeader());
        files.put("client.hex", clientHex());
        return files;
    }

    /** A server's header declares 202 bytes of payload, 199 come, and the server ends the stream. */
    private static byte[] truncated() {
        byte[] quote = QUOTE.getBytes(StandardCharsets.UTF_8);
        if (quote.length != 199) {
            throw new AssertionError("the quote has " + quote.length + " bytes, not 199");
        }
        return CaptureStory.upgraded()
                .client(Frames.maskedText("{\"subscribe\":[\"SNSK\"]}"))
                .server(Frames.text("{\"subscribed\":[\"SNSK\"]}"))
                .server(Frames.text("{\"type\":\"status\",\"market\":\"open\"}"))
                .server(Frames.declaring(Frames.FIN | Frames.TEXT, 202, quote))
                .fin(Role.SERVER)
                .fin(Role.CLIENT)
                .toPcapng();
    }

    /** A client sends a Ping, the server answers with half a header and a reset. */
    private static byte[] resetInHeader() {
        return CaptureStory.upgraded()
                .client(Frames.client(Frames.FIN | Frames.PING, new byte[0]))
                .serverHex("8a 00")
                .serverHex("82 7f 00 00 00 00")
                .reset(Role.SERVER)
                .toPcapng();
    }

    private static byte[] clientHex() {
        return """
                # RFC 6455 section 5.7: a masked text frame, and a frame that a client must not send
                81 85 37 fa 21 3d 7f 9f 4d 51 58   # "Hello"
                81 05 48 65 6c 6c 6f               # "Hello", not masked
                """.getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] args) throws IOException {
        for (var file : all().entrySet()) {
            Files.write(FOLDER.resolve(file.getKey()), file.getValue());
        }
    }
}
