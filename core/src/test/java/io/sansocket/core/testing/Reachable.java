package io.sansocket.core.testing;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Settings;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The memory that is reachable from an object and nobody else's: heap in bytes, as HotSpot lays objects out with
 * references of 4 bytes, and coders of zlib, whose memory is outside the heap.
 *
 * <p>What all connections share is left out: classes, enum constants, settings, providers and their pools.
 *
 * @param heap bytes of objects
 * @param coders how many deflaters and inflaters
 */
public record Reachable(long heap, int coders) {
    private static final int HEADER = 12;
    private static final int ARRAY_HEADER = 16;
    private static final int REFERENCE = 4;
    private static final int ALIGNMENT = 8;
    private static final Map<Class<?>, Integer> SIZES = Map.of(
            boolean.class,
            1,
            byte.class,
            1,
            short.class,
            2,
            char.class,
            2,
            int.class,
            4,
            float.class,
            4,
            long.class,
            8,
            double.class,
            8);
    private static final List<Class<?>> SHARED = List.of(
            Class.class,
            Enum.class,
            Thread.class,
            ClassLoader.class,
            Settings.class,
            ExtensionProvider.class,
            OriginPolicy.class);
    private static final String POOL = "io.sansocket.core.deflate.Pool";
    private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

    /** Measures what an object holds, itself included. */
    public static Reachable from(Object root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        seen.add(root);
        open.add(root);
        long heap = 0;
        int coders = 0;
        while (!open.isEmpty()) {
            Object next = open.remove();
            heap += size(next);
            if (next instanceof Inflater || next instanceof Deflater) {
                coders++;
                continue;
            }
            for (Object child : references(next)) {
                if (child != null && !isShared(child) && seen.add(child)) {
                    open.add(child);
                }
            }
        }
        return new Reachable(heap, coders);
    }

    private static boolean isShared(Object object) {
        return SHARED.stream().anyMatch(type -> type.isInstance(object))
                || object.getClass().getName().equals(POOL);
    }

    private static List<Object> references(Object object) {
        List<Object> found = new java.util.ArrayList<>();
        if (object instanceof Object[] array) {
            Collections.addAll(found, array);
        } else if (!object.getClass().isArray()) {
            for (Field field : fields(object.getClass())) {
                if (!field.getType().isPrimitive()) {
                    found.add(value(field, object));
                }
            }
        }
        return found;
    }

    private static Object value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static long size(Object object) {
        Class<?> type = object.getClass();
        long size = HEADER;
        if (type.isArray()) {
            int element = SIZES.getOrDefault(type.getComponentType(), REFERENCE);
            size = ARRAY_HEADER + (long) element * Array.getLength(object);
        } else {
            for (Field field : fields(type)) {
                size += SIZES.getOrDefault(field.getType(), REFERENCE);
            }
        }
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Returns the fields of an object of a class, those of its superclasses among them. */
    private static List<Field> fields(Class<?> type) {
        return FIELDS.computeIfAbsent(type, key -> {
            var all = new java.util.ArrayList<Field>();
            for (Class<?> at = key; at != null; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        all.add(field);
                    }
                }
            }
            return all;
        });
    }
}
