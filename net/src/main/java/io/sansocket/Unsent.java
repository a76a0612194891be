package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What was left when a connection ended.
 *
 * @param left in order; fragments of different messages are not mixed
 * @param begun whether the first fragments belong to a message of which others have gone
 */
record Unsent(List<Outgoing> left, boolean begun) {
    static final Unsent NOTHING = new Unsent(List.of(), false);

    /**
     * Returns the messages that the application sent: fragments are put together, where all of a message are there. Of one
     * that lacks some, a part has gone, or its writer is told that it cannot be ended. Made for who asks, since it takes
     * as much memory again.
     */
    List<Message> messages() {
        List<Message> messages = new ArrayList<>(left.size());
        List<Outgoing> fragments = new ArrayList<>(0);
        boolean lacksSome = begun;
        for (Outgoing next : left) {
            if (next.kind() == null) {
                messages.add(next.message());
                continue;
            }
            fragments.add(next);
            if (next.kind() == FragmentKind.FINAL) {
                if (!lacksSome) {
                    messages.add(join(fragments));
                }
                fragments.clear();
                lacksSome = false;
            }
        }
        return messages;
    }

    private static Message join(List<Outgoing> fragments) {
        if (fragments.get(0).message() instanceof Message.Text) {
            var text = new StringBuilder();
            fragments.forEach(fragment -> text.append(((Message.Text) fragment.message()).text()));
            return new Message.Text(text.toString());
        }
        List<ByteBuffer> parts = fragments.stream()
                .map(fragment -> ((Message.Binary) fragment.message()).data())
                .toList();
        long bytes = parts.stream().mapToLong(ByteBuffer::remaining).sum();
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(bytes));
        parts.forEach(part -> data.put(part.duplicate()));
        return new Message.Binary(data.flip());
    }
}
