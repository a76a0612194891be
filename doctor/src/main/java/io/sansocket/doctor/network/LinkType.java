package io.sansocket.doctor.network;

/**
 * The numbers of the registry of link types that are known here.
 *
 * @since 0.1
 */
public final class LinkType {
    static final int NULL = 0;
    static final int ETHERNET = 1;
    static final int RAW_BSD = 12;
    static final int RAW_OPENBSD = 14;
    static final int RAW = 101;
    static final int LOOP = 108;
    static final int LINUX_SLL = 113;
    static final int IPV4 = 228;
    static final int IPV6 = 229;
    static final int LINUX_SLL2 = 276;

    private LinkType() {}

    /** Returns the number, and the name of a type that is often met but carries no IP we could read. */
    public static String describe(int linkType) {
        String name =
                switch (linkType) {
                    case 9 -> "PPP";
                    case 105 -> "IEEE 802.11";
                    case 119 -> "802.11 with a Prism header";
                    case 127 -> "802.11 with a radiotap header";
                    case 147 -> "private use";
                    case 187, 201 -> "Bluetooth HCI";
                    case 189, 220, 249 -> "USB";
                    case 195, 230 -> "IEEE 802.15.4";
                    case 227 -> "SocketCAN";
                    case 239 -> "Linux netfilter log";
                    case 252 -> "Wireshark upper PDU export";
                    case 253 -> "Linux netlink";
                    default -> "";
                };
        return name.isEmpty() ? Integer.toString(linkType) : linkType + " (" + name + ")";
    }
}
