package io.sansocket.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.websocket.core.internal.Parser;
import org.java_websocket.drafts.Draft_6455;

/** The peers' codecs, each as its own server sets it up. */
final class Peers {
    private static final int MAX_FRAME = 1 << 20;

    private Peers() {}

    /** Returns Netty's decoder of a client's frames; it checks UTF-8 where frames of text may come. */
    static EmbeddedChannel nettyDecoder(boolean text) {
        var decoder = new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(MAX_FRAME)
                .allowExtensions(true)
                .build());
        return text ? channel(decoder, new Utf8FrameValidator()) : channel(decoder);
    }

    /** Returns a channel that goes nowhere. */
    static EmbeddedChannel channel(ChannelHandler... handlers) {
        return new EmbeddedChannel(handlers);
    }

    /** Returns bytes as a channel's read would give them; they can be written again and again. */
    static ByteBuf nettyBuffer(byte[] bytes) {
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** Returns Jetty's parser. */
    static Parser jettyParser() {
        return new Parser(ByteBufferPool.NON_POOLING);
    }

    /** Returns Java-WebSocket's draft. */
    static Draft_6455 javaWebSocket() {
        return new Draft_6455();
    }
}
