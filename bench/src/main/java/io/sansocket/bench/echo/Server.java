package io.sansocket.bench.echo;

/** Starts one of the echo servers in a process of its own: {@code Server NAME PORT [deflate]}. */
public final class Server {
    /** What all servers listen at. */
    static final String HOST = "127.0.0.1";
    /** How many connections may wait to be accepted. */
    static final int BACKLOG = 4096;
    /** The level of compression, of all servers alike. */
    static final int LEVEL = 6;

    private Server() {}

    /** Serves until the process is ended. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        boolean deflate = args.length > 2 && args[2].equals("deflate");
        switch (args[0]) {
            case "raw-nio" -> RawEcho.serve(port);
            case "netty-epoll" -> NettyEcho.serve(port, deflate);
            case "jetty" -> JettyEcho.serve(port);
            case "java-websocket" -> JavaWebSocketEcho.serve(port, deflate);
            case "listener" -> SansocketEcho.listen(port, deflate);
            case "handler" -> SansocketEcho.handle(port, deflate);
            default -> throw new IllegalArgumentException("there is no server " + args[0]);
        }
        Thread.currentThread().join();
    }

    /** Says that the server is ready; the script waits for it. */
    static void ready() {
        System.out.println("listening");
    }
}
