package dev.featuremap.job.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount without hard links keeps the promises of any other store. */
class UnlinkedLocalStorageTest extends StorageContract {
  @TempDir java.nio.file.Path temporary;

  private static LocalBackend unlinked() {
    return new LocalBackend(
        (name, file) -> {
          throw new FileSystemException(
              name.toString(), file.toString(), "Operation not supported");
        });
  }

  @Override
  public Path root() {
    return new Path(temporary.toUri());
  }

  @Override
  public Configuration configuration() {
    return new Configuration();
  }

  @Override
  Storage open(Path directory) {
    try {
      return Storage.local(unlinked(), configuration());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void leavesNothingBesideItsFiles() {
    Storage storage = open(root());

    assertThat(storage.createIfAbsent(new Path(root(), "a"), new byte[] {1})).isTrue();
    assertThat(storage.createIfAbsent(new Path(root(), "a"), new byte[] {2})).isFalse();
    assertThat(storage.list(root())).containsExactly("a");
  }

  @Test
  void takesNoNameOfAnotherForItsOwnThatIsBegun() throws IOException {
    Path path = new Path(root(), "manifest");
    LocalBackend other = unlinked();
    StorageBackend.NewObject begun = other.begin(path);

    // Nothing of its content is there yet, so that it looks like the beginning of anything.
    assertThat(Storage.of(root(), configuration()).createIfAbsent(path, new byte[] {2})).isFalse();
    assertThat(open(root()).createIfAbsent(path, new byte[] {3})).isFalse();

    begun.finish(new byte[] {1});
    assertThat(Files.readAllBytes(temporary.resolve("manifest"))).containsExactly(1);
  }

  @Test
  void saysThatAPlaceMayNotBeWritten() throws IOException {
    LocalBackend refused =
        new LocalBackend(
            (name, file) -> {
              throw new FileSystemException(name.toString(), null, "No space left on device");
            });
    Path path = new Path(root(), "a");

    assertThatThrownBy(
            () -> Storage.local(refused, configuration()).createIfAbsent(path, new byte[1]))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "Cannot create %s: java.nio.file.FileSystemException: ".formatted(path))
        .hasMessageEndingWith(
            "No space left on device. Its disk or quota is full: free space or inodes, or give another place.")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.CANNOT_WRITE);
    assertThat(open(root()).list(root())).isEmpty();
  }
}
