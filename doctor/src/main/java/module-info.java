/** Takes captures and byte streams apart into frames and findings. */
module io.sansocket.doctor {
    requires transitive io.sansocket.core;
    requires static org.jspecify;

    exports io.sansocket.doctor.capture;
    exports io.sansocket.doctor.input;
    exports io.sansocket.doctor.inspection;
    exports io.sansocket.doctor.report;
    exports io.sansocket.doctor.tcp;
}
