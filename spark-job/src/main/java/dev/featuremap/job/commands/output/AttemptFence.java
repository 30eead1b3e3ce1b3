package dev.featuremap.job.commands.output;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.storage.NumberedLog;
import dev.featuremap.job.storage.Storage;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * A start of a command in a directory. Starts have numbers, and only the one of the highest may
 * give files their names: where an older one still works, both would write the same rows.
 *
 * @param files the files of the directory
 * @param number from 1
 */
public record AttemptFence(ParquetDirectory files, long number) implements Serializable {
  /** A start that comes after all others; from now on those finish no file. */
  public static AttemptFence next(Storage storage, ParquetDirectory files) {
    NumberedLog starts = log(storage, files);
    long number = starts.last() + 1;
    byte[] nonce = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    while (!starts.create(number, nonce)) {
      number++;
    }
    return new AttemptFence(files, number);
  }

  /**
   * Does nothing while no other start has come after this one.
   *
   * @throws JobException with exit code 75 when one has
   */
  public void requireNewest(Configuration hadoop) {
    Storage storage = Storage.of(PathText.parse(files.target()), hadoop);
    if (log(storage, files).read(number + 1).isPresent()) {
      throw JobException.runHeld(
          "Cannot go on to %s into %s: this is start %s of the command, and start %s has taken over. That one goes on."
              .formatted(files.action(), files.target(), number, number + 1));
    }
  }

  private static NumberedLog log(Storage storage, ParquetDirectory files) {
    return new NumberedLog(storage, PathText.parse(files.target()), "_start-", 8);
  }
}
