package dev.featuremap.job.commands.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.Storage;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A directory that a command fills. The command may be killed at any time; started again, it goes
 * on with what is missing.
 *
 * @param files the files of the directory
 * @param storage where they are
 * @param out gets what a person reads
 */
public record ResumableDirectory(ParquetDirectory files, Storage storage, PrintWriter out)
    implements LinePrinter {
  private static final String SUCCESS = "_SUCCESS";

  /** What a command writes into its directory. */
  public interface Filling {

    /** Shuts out earlier starts that may still write, where two would write the same rows twice. */
    default void begin() {}

    /** Writes what is missing. */
    void write();

    /**
     * Reads back what was written.
     *
     * @return what the mark of a complete directory says
     * @throws JobException with {@code BAD_DATA} if it is not all, or not usable
     */
    ObjectNode check();
  }

  /**
   * The directory of a command.
   *
   * @param action what it does, for messages: {@code pack}
   */
  public static ResumableDirectory of(
      String action, Path target, Configuration hadoop, PrintWriter out) {
    return new ResumableDirectory(
        new ParquetDirectory(action, target.toString()), Storage.of(target, hadoop), out);
  }

  /**
   * Claim → complete already? → begin → clear → write what is missing → clear → check → mark as
   * complete.
   *
   * @throws JobException with {@code USAGE} when the directory holds something else, with {@code
   *     BAD_DATA} when an earlier start has read other images
   */
  public void fill(Claim claim, Filling filling) {
    if (!claim.make(storage, files)) {
      say(
          "warning: an earlier version began %s and did not store which images it read; whether they are the same is not checked",
          files.target());
    }
    if (files.names(storage).contains(SUCCESS)) {
      say("%s is complete; nothing was written", files.target());
      return;
    }
    filling.begin();
    files.clear(storage);
    filling.write();
    files.clear(storage);
    String mark = Json.line(filling.check());
    storage.replace(PathText.child(files.target(), SUCCESS), mark.getBytes(StandardCharsets.UTF_8));
    say("complete in %s", files.target());
  }
}
