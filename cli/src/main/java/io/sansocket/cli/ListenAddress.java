package io.sansocket.cli;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where to listen, as the user wrote it.
 *
 * @param host a name or an address, an IPv6 address in brackets
 * @param port the port, 0 for any
 */
record ListenAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    InetSocketAddress socketAddress() throws UnknownHostException {
        var address = new InetSocketAddress(withoutBrackets(), port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("unknown host " + host);
        }
        return address;
    }

    /** Returns the URI by which this machine reaches a server that got this port. */
    String uri(String scheme, int boundPort) {
        return scheme + "://" + host + ":" + boundPort + "/";
    }

    private String withoutBrackets() {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Reads HOST:PORT. */
    static final class Converter implements ITypeConverter<ListenAddress> {
        @Override
        public ListenAddress convert(String value) {
            int colon = value.lastIndexOf(':');
            String host = value.substring(0, Math.max(colon, 0));
            if (host.isEmpty() || (host.indexOf(':') >= 0 && !host.startsWith("["))) {
                throw new TypeConversionException("'" + value + "' is not HOST:PORT");
            }
            return new ListenAddress(host, port(value, value.substring(colon + 1)));
        }
    }

    /** Reads the port in what the user wrote. */
    static int port(String value, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException("the port in '" + value + "' is not in 0-" + MAX_PORT);
    }
}
