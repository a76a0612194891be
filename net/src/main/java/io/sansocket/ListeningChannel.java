package io.sansocket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The channel a server listens at and, where that is a Unix domain socket the server made, its file. The system keeps the
 * file when nobody listens any more, and refuses its name to the next server.
 */
final class ListeningChannel {
    private static final System.Logger LOGGER = System.getLogger("io.sansocket.server");
    /** Where a file's mode says what it is, and what it says of a socket (POSIX, S_IFMT and S_IFSOCK). */
    private static final int FILE_TYPE = 0xF000;

    private static final int SOCKET = 0xC000;

    final ServerSocketChannel channel;
    /** The file to remove in the end, or null. */
    private final @Nullable Path file;
    /** What tells the file from another one of its name, where the system has such a thing. */
    private final @Nullable Object fileKey;

    private ListeningChannel(ServerSocketChannel channel, @Nullable Path file) {
        this.channel = channel;
        this.file = file;
        fileKey = file == null ? null : key(file);
    }

    /** Takes a channel that somebody else has bound: what else there is of it is theirs. */
    static ListeningChannel of(ServerSocketChannel bound) {
        return new ListeningChannel(bound, null);
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if that cannot be; the message names the address
     */
    static ListeningChannel bind(SocketAddress at, int backlog) throws IOException {
        try {
            return at instanceof UnixDomainSocketAddress unix
                    ? bindFile(unix, backlog)
                    : of(open(resolved((InetSocketAddress) at), backlog));
        } catch (IOException e) {
            String where = at instanceof InetSocketAddress inet && inet.isUnresolved()
                    ? inet.getHostString() + ":" + inet.getPort()
                    : Addresses.show(at);
            throw new IOException("cannot listen at " + where + ": " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress resolved(InetSocketAddress at) throws UnknownHostException {
        var resolved = at.isUnresolved() ? new InetSocketAddress(at.getHostString(), at.getPort()) : at;
        if (resolved.isUnresolved()) {
            throw new UnknownHostException("no address is known of that host");
        }
        return resolved;
    }

    private static ServerSocketChannel open(SocketAddress at, int backlog) throws IOException {
        boolean unix = at instanceof UnixDomainSocketAddress;
        ServerSocketChannel opened =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            if (!unix) {
                opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            return opened.bind(at, backlog);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static ListeningChannel bindFile(UnixDomainSocketAddress at, int backlog) throws IOException {
        ServerSocketChannel bound;
        try {
            bound = open(at, backlog);
        } catch (BindException e) {
            removeLeftBehind(at, e);
            bound = open(at, backlog);
        }
        return new ListeningChannel(bound, at.getPath());
    }

    /** Removes what a server that was killed has left behind; what somebody listens at, or is no socket, is theirs. */
    private static void removeLeftBehind(UnixDomainSocketAddress at, BindException inUse) throws IOException {
        Path path = at.getPath();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw inUse; // for another reason
        }
        if (!isSocket(path)) {
            throw new BindException("the file is there, and is no socket");
        }
        if (isListenedAt(at)) {
            throw new BindException("another server listens there");
        }
        LOGGER.log(Level.INFO, "= nobody listens at " + path + " any more: the file is replaced");
        Files.deleteIfExists(path);
    }

    private static boolean isSocket(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & FILE_TYPE) == SOCKET;
        }
        return attributes(path).isOther();
    }

    private static boolean isListenedAt(UnixDomainSocketAddress at) throws IOException {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // a server that has no room just now would make it wait
            probe.connect(at);
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (SocketException e) {
            throw new BindException("whether another server listens there cannot be told: " + e.getMessage());
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static @Nullable Object key(Path path) {
        try {
            return attributes(path).fileKey();
        } catch (IOException e) {
            return null; // somebody was quick to remove it
        }
    }

    /**
     * Removes the file. While the channel is open still: a server that starts then finds no file, rather than one that
     * nobody listens at, which it would replace, only to lose its own to us.
     */
    void removeFile() {
        if (file != null && Objects.equals(key(file), fileKey)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "! " + file + ": the socket's file cannot be removed", e);
            }
        }
    }

    /** Gives it up before anything has come of it. */
    void close() throws IOException {
        removeFile();
        channel.close();
    }
}
