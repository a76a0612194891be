@NullMarked
package io.sansocket.doctor.capture;

import org.jspecify.annotations.NullMarked;
