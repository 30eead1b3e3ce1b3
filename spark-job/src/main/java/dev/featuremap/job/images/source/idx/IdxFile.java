package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.ReadFailure;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * An IDX file whose head has been read and checked.
 *
 * @param path fully qualified
 */
public record IdxFile(Path path, IdxHeader header) {

  /**
   * Reads a file's head; of a file that is not compressed, compares the length too.
   *
   * @throws JobException with {@code BAD_DATA} when it is not such a file, {@code MISSING_INPUT}
   *     when it cannot be opened, {@code STORAGE_FAILED} otherwise
   */
  static IdxFile open(Configuration configuration, Path path, IdxKind kind) {
    Path qualified = DataFolder.qualify(configuration, path);
    try (IdxStream stream = IdxStream.open(configuration, qualified, kind)) {
      IdxFile file = new IdxFile(qualified, stream.header());
      if (!IdxStream.isGzip(qualified)) {
        file.checkLength(qualified.getFileSystem(configuration).getFileStatus(qualified).getLen());
      }
      return file;
    } catch (IOException e) {
      throw ReadFailure.of(qualified, e);
    }
  }

  private void checkLength(long length) {
    long expected = header.fileBytes();
    if (length == expected) {
      return;
    }
    String fault =
        length < expected
            ? "It is truncated: fetch it again."
            : "%d bytes trail the last record: fetch it again or remove them."
                .formatted(length - expected);
    throw JobException.badData(
        "Cannot read %s: its head promises %d %s, expected %d bytes, got %d. %s"
            .formatted(path, header.records(), header.kind().plural(), expected, length, fault));
  }
}
