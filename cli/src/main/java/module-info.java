/** The sansocket command. */
module io.sansocket.cli {
    requires io.sansocket.doctor;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    opens io.sansocket.cli to
            info.picocli;
}
