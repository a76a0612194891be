package io.sansocket.core.protocol;

/**
 * Whether a fragment that is sent ends its message.
 *
 * @since 0.1
 */
public enum FragmentKind {
    /** More fragments of the message follow. */
    MORE,
    /** The message ends with this fragment. */
    FINAL
}
