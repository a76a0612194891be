package io.sansocket.core.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head in their order: an immutable multi-map whose names compare without regard to case.
 *
 * <p>Two are equal when they hold the same names and values in the same order; offsets do not count.
 *
 * @since 0.1
 */
public final class HttpHeaders implements Iterable<HttpField> {
    private static final HttpHeaders EMPTY = new HttpHeaders(List.of(), 0, 0);

    private final List<HttpField> fields;
    private final long startOffset;
    private final long endOffset;

    HttpHeaders(List<HttpField> fields, long startOffset, long endOffset) {
        this.fields = List.copyOf(fields);
        this.startOffset = startOffset;
        this.endOffset = endOffset;
    }

    /** Returns headers without a field. */
    public static HttpHeaders empty() {
        return EMPTY;
    }

    /**
     * Returns headers with one field.
     *
     * @throws IllegalArgumentException when the name or the value breaks the grammar, see {@link HttpField}
     */
    public static HttpHeaders of(String name, String value) {
        return EMPTY.with(name, value);
    }

    /**
     * Returns a copy with one more field at the end; fields of the same name stay.
     *
     * @throws IllegalArgumentException when the name or the value breaks the grammar, see {@link HttpField}
     */
    public HttpHeaders with(String name, String value) {
        var more = new ArrayList<>(fields);
        more.add(new HttpField(name, value, 0));
        return new HttpHeaders(more, startOffset, endOffset);
    }

    /** Returns a copy with all fields of the others at the end. */
    public HttpHeaders withAll(HttpHeaders others) {
        var more = new ArrayList<>(fields);
        more.addAll(others.fields);
        return new HttpHeaders(more, startOffset, endOffset);
    }

    /** Returns a copy without the fields of a name. */
    public HttpHeaders without(String name) {
        var fewer = new ArrayList<>(fields);
        fewer.removeIf(field -> field.name().equalsIgnoreCase(name));
        return new HttpHeaders(fewer, startOffset, endOffset);
    }

    /** Returns the value of the first field of a name, or null. */
    public @Nullable String first(String name) {
        for (HttpField field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** Returns the values of all fields of a name, in order. */
    public List<String> all(String name) {
        return fields(name).stream().map(HttpField::value).toList();
    }

    /** Returns all fields of a name, in order. */
    public List<HttpField> fields(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .toList();
    }

    /**
     * Returns the elements of a comma-separated list, over all fields of a name, each with its own offset.
     *
     * <p>Empty elements are left out. Commas inside quoted strings are not spared: this is for lists of tokens.
     */
    public List<HttpField> elements(String name) {
        var elements = new ArrayList<HttpField>();
        for (HttpField field : fields(name)) {
            addElements(field, elements);
        }
        return List.copyOf(elements);
    }

    private static void addElements(HttpField field, List<HttpField> elements) {
        String value = field.value();
        for (int from = 0; from <= value.length(); ) {
            int comma = value.indexOf(',', from);
            int next = comma < 0 ? value.length() : comma;
            int end = next;
            while (from < end && HttpTokens.isOptionalWhitespace(value.charAt(from))) {
                from++;
            }
            while (from < end && HttpTokens.isOptionalWhitespace(value.charAt(end - 1))) {
                end--;
            }
            // RFC 9110 §5.6.1.2: "A recipient MUST parse and ignore a reasonable number of empty list elements"
            if (from < end) {
                elements.add(new HttpField(field.name(), value.substring(from, end), field.offset() + from));
            }
            from = next + 1;
        }
    }

    /** Tells whether there is a field of a name. */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /** Returns the number of fields. */
    public int size() {
        return fields.size();
    }

    /** Returns where the first field's line begins in the peer's stream, or 0 when the headers were not received. */
    public long startOffset() {
        return startOffset;
    }

    /**
     * Returns where the empty line behind the last field begins in the peer's stream, or 0 when the headers were not
     * received. It is the first byte that shows that a field is missing.
     */
    public long endOffset() {
        return endOffset;
    }

    /** Returns the fields in order. */
    @Override
    public Iterator<HttpField> iterator() {
        return fields.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpHeaders headers && texts().equals(headers.texts());
    }

    @Override
    public int hashCode() {
        return texts().hashCode();
    }

    private List<String> texts() {
        return fields.stream()
                .map(field -> field.name().toLowerCase(Locale.ROOT) + ":" + field.value())
                .toList();
    }

    /** Returns the names alone: values may be secrets (Authorization, Cookie). */
    @Override
    public String toString() {
        return fields.stream().map(HttpField::name).toList().toString();
    }
}
