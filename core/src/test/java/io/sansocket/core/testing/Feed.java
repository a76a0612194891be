package io.sansocket.core.testing;

import io.sansocket.core.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** The ways a vector reaches a receiver. What the receiver tells of the vector is the same in all of them. */
public enum Feed {
    /** In one buffer that holds nothing else. */
    WHOLE,
    /** In buffers of one byte. */
    BYTE_BY_BYTE,
    /** In one buffer, with the beginning of a Ping behind it: lawful wherever a frame may begin, and never whole. */
    WITH_TAIL;

    private static final int TAIL_LENGTH = 20;

    /**
     * Gives the bytes to a receiver.
     *
     * @param sender whose bytes they are; a client's tail is masked
     */
    public void give(byte[] bytes, Role sender, Consumer<ByteBuffer> receiver) {
        switch (this) {
            case WHOLE -> receiver.accept(ByteBuffer.wrap(bytes));
            case BYTE_BY_BYTE -> {
                for (int i = 0; i < bytes.length; i++) {
                    receiver.accept(ByteBuffer.wrap(bytes, i, 1).slice());
                }
            }
            case WITH_TAIL -> {
                byte[] withTail = Arrays.copyOf(bytes, bytes.length + TAIL_LENGTH);
                withTail[bytes.length] = (byte) 0x89;
                withTail[bytes.length + 1] = (byte) (sender == Role.CLIENT ? 0xFD : 0x7D);
                receiver.accept(ByteBuffer.wrap(withTail));
            }
        }
    }
}
