package dev.featuremap.job.cli;

import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options of commands that fill a directory over several starts. */
final class TargetOptions {
  @Option(
      names = "--to",
      paramLabel = "URI",
      required = true,
      description = "Directory that gets the files; empty, or of an earlier start of the same.")
  private String target;

  Path path() {
    return Locations.parse("--to", target);
  }

  /**
   * Refuses files without images.
   *
   * @param action what the command does, for messages
   */
  static void requireImages(String action, int imagesPerFile) {
    if (imagesPerFile < 1) {
      throw JobException.usage(
          "Cannot %s with --images-per-file %s: expected at least 1."
              .formatted(action, imagesPerFile));
    }
  }
}
