package dev.featuremap.job.storage;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the content of one object; may be called again, from its beginning, after a failure.
 *
 * @param <T> what the content becomes
 */
@FunctionalInterface
public interface ContentReader<T> {
  /** Reads as much of {@code input} as it needs and leaves it open. */
  T readFrom(InputStream input) throws IOException;
}
