package dev.featuremap.job.storage;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the content of one object; may be called again after a failure, with the same result. */
@FunctionalInterface
public interface ContentWriter {
  /** Writes everything to {@code output} and leaves it open. */
  void writeTo(OutputStream output) throws IOException;
}
