package io.sansocket.bench.echo;

import java.util.Locale;

/** Starts one of the echo servers in a process of its own: {@code Server NAME PORT [deflate]}. */
public enum Server {
    /** Bytes as they come, without WebSocket: what the sockets of the JDK alone cost. */
    RAW_NIO((port, deflate) -> RawEcho.serve(port)),
    /** Netty's pipeline on its native epoll. */
    NETTY_EPOLL(NettyEcho::serve),
    /** Jetty's core WebSocket API. */
    JETTY(JettyEcho::serve),
    /** Java-WebSocket. */
    JAVA_WEBSOCKET(JavaWebSocketEcho::serve),
    /** Ours, with a listener that is called on the event loop. */
    LISTENER(SansocketEcho::listen),
    /** Ours, with a blocking handler on a thread for each connection: a virtual one where the JDK has them. */
    HANDLER(SansocketEcho::handle);

    /** What all servers listen at. */
    static final String HOST = "127.0.0.1";
    /** How many connections may wait to be accepted. */
    static final int BACKLOG = 4096;
    /** The level of compression, of all servers alike. */
    static final int LEVEL = 6;

    /** Starts to serve. */
    private interface Start {
        void at(int port, boolean deflate) throws Exception;
    }

    private final Start start;

    Server(Start start) {
        this.start = start;
    }

    /** Serves until the process is ended. */
    public static void main(String[] args) throws Exception {
        Server server = valueOf(args[0].toUpperCase(Locale.ROOT).replace('-', '_'));
        server.start.at(Integer.parseInt(args[1]), args.length > 2 && args[2].equals("deflate"));
        Thread.currentThread().join();
    }

    /** Says that the server is ready; the script waits for it. */
    static void ready() {
        System.out.println("listening");
    }
}
