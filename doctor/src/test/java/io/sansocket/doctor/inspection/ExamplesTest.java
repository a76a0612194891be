package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    static Stream<Map.Entry<String, byte[]>> files() {
        return Examples.all().entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void committedFilesAreWhatTheGeneratorMakes(Map.Entry<String, byte[]> file) throws IOException {
        assertThat(Files.readAllBytes(Examples.FOLDER.resolve(file.getKey())))
                .as("%s: run Examples.main in the doctor's folder to write it anew", file.getKey())
                .isEqualTo(file.getValue());
    }
}
