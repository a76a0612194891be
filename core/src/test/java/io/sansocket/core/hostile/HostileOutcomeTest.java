package io.sansocket.core.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shape ends as the catalogue says, however it comes. */
class HostileOutcomeTest {
    static final int[] PIECES = {Integer.MAX_VALUE / 2, 1_460, 1};

    static List<Shape> shapes() {
        return Catalogue.shapes();
    }

    @Test
    void theCatalogueHasFortyShapesAndMoreAndEachHasItsOwnName() {
        var ids = new HashSet<String>();
        var aims = new HashSet<String>();
        for (Shape shape : shapes()) {
            assertThat(ids.add(shape.id())).as(shape.id()).isTrue();
            assertThat(aims.add(shape.attacks() + shape.start()))
                    .as(shape.attacks())
                    .isTrue();
        }
        assertThat(ids).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aShapeEndsAsTheCatalogueSaysHoweverItComes(Shape shape) {
        byte[] bytes = shape.bytes(shape.size());
        for (int piece : PIECES) {
            assertThat(Attack.on(shape.start()).feed(bytes, piece).outcome())
                    .as("in pieces of %d", piece)
                    .isEqualTo(shape.outcome());
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aShapeEndsTheSameBeforeASinkAndBringsItAMessageAtATime(Shape shape) {
        byte[] bytes = shape.bytes(shape.size());
        for (int piece : new int[] {PIECES[0], PIECES[1]}) {
            Attack attack = Attack.on(shape.start()).push(bytes, piece);
            assertThat(attack.most()).isLessThanOrEqualTo(1 << 20);
            assertThat(attack.outcome()).as("in pieces of %d", piece).isEqualTo(shape.outcome());
        }
    }
}
