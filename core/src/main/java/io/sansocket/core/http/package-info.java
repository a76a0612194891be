/**
 * The heads of HTTP/1.1 requests and responses (RFC 9112, RFC 9110), parsed strictly and written safely.
 *
 * <p>Text is ISO-8859-1: each byte of a field value is one character, so obs-text (RFC 9110 §5.5) survives a round trip
 * and an index into a value is an offset into the head. Nothing here knows about WebSocket.
 */
@NullMarked
package io.sansocket.core.http;

import org.jspecify.annotations.NullMarked;
