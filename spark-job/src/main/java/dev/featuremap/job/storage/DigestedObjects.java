package dev.featuremap.job.storage;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Objects of a store that are written with a digest, and read against it. */
public final class DigestedObjects {
  private final Storage storage;

  /** Objects of this store. */
  public DigestedObjects(Storage storage) {
    this.storage = storage;
  }

  /** Writes an object into a directory and digests what is written. */
  public StoredObject write(Path directory, String name, ContentWriter content) {
    ContentDigest digest = storage.writeDigested(PathText.child(directory, name), content);
    return new StoredObject(name, digest.length(), digest.sha256());
  }

  /** What {@link #write} would write, by name, length and hash. */
  public static StoredObject digest(String name, ContentWriter content) {
    try {
      ContentDigest digest = ContentDigest.writing(OutputStream.nullOutputStream(), content);
      return new StoredObject(name, digest.length(), digest.sha256());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot digest %s".formatted(name), e);
    }
  }

  /**
   * What {@code reader} makes of an object, after all of its bytes were found to be as written.
   *
   * @param what how the message names what the object belongs to, for example {@code a checkpoint}
   * @throws JobException with exit code 65 when the object is missing or not as written
   */
  public <T> T read(Path directory, StoredObject object, String what, ContentReader<T> reader) {
    Path path = PathText.child(directory, object.name());
    ContentDigest.Digested<T> found =
        storage
            .read(path, input -> ContentDigest.reading(input, reader))
            .orElseThrow(() -> JobException.badData("Cannot read %s: missing.".formatted(path)));
    difference(path.toString(), found.digest(), object.digest())
        .ifPresent(
            problem -> {
              throw JobException.badData("Cannot read %s: %s.".formatted(what, problem));
            });
    return found.value();
  }

  /** What differs in a file, if anything does. */
  public static Optional<String> difference(
      String file, ContentDigest found, ContentDigest expected) {
    if (found.length() != expected.length()) {
      return Optional.of(
          "%s has %s bytes, expected %s".formatted(file, found.length(), expected.length()));
    }
    return found.equals(expected)
        ? Optional.empty()
        : Optional.of(
            "%s has SHA-256 %s, expected %s".formatted(file, found.sha256(), expected.sha256()));
  }
}
