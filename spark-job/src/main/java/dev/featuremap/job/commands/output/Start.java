package dev.featuremap.job.commands.output;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.storage.Storage;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A start of a command in a directory. Starts have numbers, and only the one of the highest may
 * give files their names: where an older one still works, both would write the same rows.
 *
 * @param files the files of the directory
 * @param number from 1
 */
public record Start(WholeFiles files, long number) implements Serializable {
  private static final String PREFIX = "_start-";

  /** A start that comes after all others; from now on those finish no file. */
  public static Start next(Storage storage, WholeFiles files) {
    long number =
        1
            + files.names(storage).stream()
                .filter(name -> name.matches(PREFIX + "[0-9]{8}"))
                .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length())))
                .max()
                .orElse(0);
    byte[] nonce = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    while (!storage.createIfAbsent(new Path(files.target(), name(number)), nonce)) {
      number++;
    }
    return new Start(files, number);
  }

  /**
   * Does nothing while no other start has come after this one.
   *
   * @throws JobException with exit code 75 when one has
   */
  public void requireNewest(Configuration hadoop) {
    if (files.has(hadoop, name(number + 1))) {
      throw JobException.runHeld(
          "Cannot go on to %s into %s: this is start %d of the command, and start %d has taken over. That one goes on."
              .formatted(files.action(), files.target(), number, number + 1));
    }
  }

  private static String name(long number) {
    return PREFIX + "%08d".formatted(number);
  }
}
