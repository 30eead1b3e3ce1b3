package dev.featuremap.job.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** One attempt at each operation of {@link Storage}, without retries; failures as they come. */
public interface StorageBackend {

  /** A name that is being created; it is taken by whoever finishes first, or begins first. */
  interface NewObject {
    /** Makes {@code content} the content of the name, or fails when the name has one already. */
    void finish(byte[] content) throws IOException;

    /** True when the name is this one's from now on, so that a part of the content may be seen. */
    default boolean isOwned() {
      return true;
    }
  }

  /** Begins to create a name, or fails when it exists. */
  NewObject begin(Path path) throws IOException;

  /** Writes an object, replacing one of the same name. */
  void write(Path path, ContentWriter content) throws IOException;

  /** Replaces a small file so that readers see the old or the new content, never a part. */
  void replace(Path path, byte[] content) throws IOException;

  /** Opens an object. */
  InputStream open(Path path) throws IOException;

  /** The names directly below a directory. */
  List<String> list(Path directory) throws IOException;

  /** Deletes a file, or a directory with everything below; a missing one is no failure. */
  void delete(Path path) throws IOException;
}
