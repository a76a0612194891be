package io.sansocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes a connection on, every byte in a segment of its own. */
final class DribblingRelay implements AutoCloseable {
    private final ServerSocket listening;

    DribblingRelay(int port) throws IOException {
        listening = new ServerSocket(0, 10, InetAddress.getByName("localhost"));
        start(() -> {
            try (Socket from = listening.accept();
                    Socket to = new Socket("localhost", port)) {
                from.setTcpNoDelay(true);
                to.setTcpNoDelay(true);
                Thread back = start(() -> pass(to, from));
                pass(from, to);
                back.join();
            } catch (IOException e) {
                // The test has ended.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static Thread start(Runnable task) {
        var thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                out.write(next);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One of the ends is gone, and the other one will learn it.
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
