import io.sansocket.cli.LogLines;

/** The sansocket command. */
module io.sansocket.cli {
    requires io.sansocket;
    requires io.sansocket.doctor;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires org.jline.reader;
    requires org.jline.terminal;
    requires static org.jspecify;

    provides System.LoggerFinder with
            LogLines;

    opens io.sansocket.cli to
            info.picocli;
}
