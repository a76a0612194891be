package io.sansocket.core.hostile;

import java.util.List;
import java.util.stream.Stream;

/** All shapes of hostile input. */
final class Catalogue {
    private static final List<Shape> SHAPES = Stream.of(
                    RequestShapes.all(), ResponseShapes.all(), FrameShapes.all(), DeflateShapes.all())
            .flatMap(List::stream)
            .toList();

    private Catalogue() {}

    static List<Shape> shapes() {
        return SHAPES;
    }

    static Shape shape(String id) {
        return SHAPES.stream()
                .filter(shape -> shape.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
