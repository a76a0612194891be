package io.sansocket.fuzz.differential;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.Version;
import io.sansocket.core.frame.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Netty's handlers behind the handshake, in the order in which its own protocol handlers put them. */
final class NettyJudge implements Judge {
    private static final int LEVEL = 6;
    private static final int NO_ALLOCATION_LIMIT = 0;

    @Override
    public String name() {
        return "netty";
    }

    @Override
    public String version() {
        Version version = Version.identify().get("netty-codec-http");
        return version == null ? "unknown" : version.artifactVersion();
    }

    @Override
    public List<Verdict> judge(List<Stream> streams) {
        return streams.stream().map(NettyJudge::judge).toList();
    }

    private static Verdict judge(Stream stream) {
        var listener = new Listener();
        Deflate deflate = stream.deflate();
        var handlers = new ArrayList<ChannelHandler>();
        handlers.add(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(stream.receiver() == Role.SERVER)
                .allowExtensions(deflate != null)
                .maxFramePayloadLength(LIMIT)
                .build()));
        if (deflate != null) {
            handlers.add(extension(stream.receiver(), deflate).newExtensionDecoder());
        }
        handlers.add(new Utf8FrameValidator());
        handlers.add(new WebSocketFrameAggregator(LIMIT));
        handlers.add(listener);
        var channel = new EmbeddedChannel(handlers.toArray(ChannelHandler[]::new));
        for (byte[] piece : stream.pieces()) {
            if (listener.end != null || !channel.isOpen()) {
                break;
            }
            channel.writeInbound(Unpooled.wrappedBuffer(piece));
        }
        Verdict verdict = listener.verdict();
        channel.finishAndReleaseAll();
        return verdict;
    }

    /** Its inflater has a window of 15 bits whatever was agreed, so the window bits are not told. */
    private static WebSocketExtension extension(Role receiver, Deflate deflate) {
        Map<String, String> parameters = new HashMap<>();
        if (!deflate.takeover()) {
            parameters.put(
                    receiver.peer() == Role.CLIENT ? "client_no_context_takeover" : "server_no_context_takeover", "");
        }
        var data = new WebSocketExtensionData("permessage-deflate", parameters);
        return receiver == Role.SERVER
                ? new PerMessageDeflateServerExtensionHandshaker(
                                LEVEL, true, Deflate.MAX_WINDOW_BITS, true, true, NO_ALLOCATION_LIMIT)
                        .handshakeExtension(data)
                : new PerMessageDeflateClientExtensionHandshaker(
                                LEVEL, true, Deflate.MAX_WINDOW_BITS, true, false, NO_ALLOCATION_LIMIT)
                        .handshakeExtension(data);
    }

    /** Takes what reaches the end of the pipeline, up to the first Close frame or failure. */
    private static final class Listener extends ChannelInboundHandlerAdapter {
        private final List<Verdict.Item> items = new ArrayList<>();
        private Verdict.@Nullable End end;
        private String why = "";

        Verdict verdict() {
            return new Verdict(items, end == null ? Verdict.End.EOF : end, why);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (end == null) {
                take((WebSocketFrame) message);
            }
            ReferenceCountUtil.release(message);
        }

        private void take(WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                end = close.content().isReadable()
                        ? Verdict.End.close(close.statusCode(), close.reasonText())
                        : Verdict.End.close(io.sansocket.core.rule.CloseCode.NO_STATUS_RECEIVED, "");
            } else {
                items.add(Verdict.Item.of(type(frame), bytes(frame.content())));
            }
        }

        private static Verdict.Type type(WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame) {
                return Verdict.Type.TEXT;
            } else if (frame instanceof BinaryWebSocketFrame) {
                return Verdict.Type.BINARY;
            } else if (frame instanceof PingWebSocketFrame) {
                return Verdict.Type.PING;
            } else if (frame instanceof PongWebSocketFrame) {
                return Verdict.Type.PONG;
            }
            throw new IllegalStateException("unexpected " + frame);
        }

        private static byte[] bytes(ByteBuf content) {
            return ByteBufUtil.getBytes(content);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (end == null) {
                Object sent = context.channel() instanceof EmbeddedChannel channel ? channel.readOutbound() : null;
                end = Verdict.End.fail(
                        sent instanceof CloseWebSocketFrame close ? close.statusCode() : Verdict.End.NO_CODE);
                why = String.valueOf(cause);
                ReferenceCountUtil.release(sent);
            }
        }
    }
}
