/** From a packet to the TCP segment inside it: link layers, VLAN tags, IPv4, IPv6, fragments and tunnels. Not exported. */
@NullMarked
package io.sansocket.doctor.network;

import org.jspecify.annotations.NullMarked;
